import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Navigate,
  redirect,
} from '@tanstack/react-router'
import { BASE } from './hrefs.ts'
import { FailedPage, ProjectPages, Root, UnknownPage } from './root.tsx'
import { parseSearch, stringifySearch } from './router-search.ts'
import { useSession } from './session/session.ts'
import { sessionTexts } from './session/texts.ts'
import { useTexts } from './text/texts.ts'
import { EmptyState } from './ui/states.tsx'

const root = createRootRoute({ component: Root, notFoundComponent: UnknownPage })

const home = createRoute({ getParentRoute: () => root, path: '/', component: FirstProject })

/** Opens the first project of the user. */
function FirstProject() {
  const { projects } = useSession()
  const texts = useTexts(sessionTexts)
  const [first] = projects
  if (first === undefined) return <EmptyState title={texts.noProject}>{texts.noProjectHint}</EmptyState>
  return <Navigate to="/$project/explore" params={{ project: first.name }} replace />
}

const project = createRoute({ getParentRoute: () => root, path: '$project', component: ProjectPages })

const projectHome = createRoute({
  getParentRoute: () => project,
  path: '/',
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/$project/explore', params, replace: true })
  },
})

const explore = createRoute({
  getParentRoute: () => project,
  path: 'explore',
  component: lazyRouteComponent(() => import('./explore/explore.tsx'), 'Explore'),
})

const tags = createRoute({
  getParentRoute: () => project,
  path: 'tags',
  component: lazyRouteComponent(() => import('./tags/tags.tsx'), 'Tags'),
})

const tagKey = createRoute({
  getParentRoute: () => project,
  path: 'tags/$key',
  component: lazyRouteComponent(() => import('./tags/key.tsx'), 'KeyPage'),
})

const cleanUp = createRoute({
  getParentRoute: () => project,
  path: 'clean-up',
  component: lazyRouteComponent(() => import('./clean-up/clean-up.tsx'), 'CleanUp'),
})

const plans = createRoute({
  getParentRoute: () => project,
  path: 'plans',
  component: lazyRouteComponent(() => import('./plans/plans.tsx'), 'Plans'),
})

const plan = createRoute({
  getParentRoute: () => project,
  path: 'plans/$plan',
  component: lazyRouteComponent(() => import('./plans/plan.tsx'), 'PlanPage'),
})

const policies = createRoute({
  getParentRoute: () => project,
  path: 'policies',
  component: lazyRouteComponent(() => import('./policies/policies.tsx'), 'Policies'),
})

const newPolicy = createRoute({
  getParentRoute: () => project,
  path: 'policies/new',
  component: lazyRouteComponent(() => import('./policies/new-policy.tsx'), 'NewPolicy'),
})

const problems = createRoute({
  getParentRoute: () => project,
  path: 'policies/problems',
  component: lazyRouteComponent(() => import('./policies/problems.tsx'), 'Problems'),
})

const policy = createRoute({
  getParentRoute: () => project,
  path: 'policies/$level/$name',
  component: lazyRouteComponent(() => import('./policies/policy.tsx'), 'Policy'),
})

const compare = createRoute({
  getParentRoute: () => project,
  path: 'compare',
  component: lazyRouteComponent(() => import('./compare/compare.tsx'), 'Compare'),
})

const activity = createRoute({
  getParentRoute: () => project,
  path: 'activity',
  component: lazyRouteComponent(() => import('./activity/activity.tsx'), 'Activity'),
})

const admin = createRoute({
  getParentRoute: () => project,
  path: 'admin',
  component: lazyRouteComponent(() => import('./admin/admin.tsx'), 'Admin'),
})

const adminHome = createRoute({
  getParentRoute: () => admin,
  path: '/',
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/$project/admin/projects', params, replace: true })
  },
})

const adminPages = [
  createRoute({
    getParentRoute: () => admin,
    path: 'projects',
    component: lazyRouteComponent(() => import('./admin/projects.tsx'), 'ProjectsPage'),
  }),
  createRoute({
    getParentRoute: () => admin,
    path: 'users',
    component: lazyRouteComponent(() => import('./admin/users.tsx'), 'UsersPage'),
  }),
  createRoute({
    getParentRoute: () => admin,
    path: 'roles',
    component: lazyRouteComponent(() => import('./admin/roles.tsx'), 'RolesPage'),
  }),
  createRoute({
    getParentRoute: () => admin,
    path: 'access-keys',
    component: lazyRouteComponent(() => import('./admin/keys.tsx'), 'AccessKeysPage'),
  }),
  createRoute({
    getParentRoute: () => admin,
    path: 'limits',
    component: lazyRouteComponent(() => import('./admin/limits.tsx'), 'LimitsPage'),
  }),
  createRoute({
    getParentRoute: () => admin,
    path: 'faults',
    component: lazyRouteComponent(() => import('./admin/faults.tsx'), 'FaultsPage'),
  }),
  createRoute({
    getParentRoute: () => admin,
    path: 'account-log',
    component: lazyRouteComponent(() => import('./admin/account-log.tsx'), 'AccountLogPage'),
  }),
] as const

const routeTree = root.addChildren([
  home,
  project.addChildren([
    projectHome,
    compare,
    activity,
    explore,
    tags,
    tagKey,
    cleanUp,
    plans,
    plan,
    policies,
    newPolicy,
    problems,
    policy,
    admin.addChildren([adminHome, ...adminPages]),
  ]),
])

export const router = createRouter({
  routeTree,
  basepath: BASE,
  parseSearch,
  stringifySearch,
  defaultErrorComponent: FailedPage,
  defaultPreload: 'intent',
  // TanStack Query decides what is fresh.
  defaultPreloadStaleTime: 0,
  defaultPendingMs: 200,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
