import { useQueryClient } from '@tanstack/react-query'
import { Outlet, useNavigate, useParams } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { I18nProvider, RouterProvider } from 'react-aria-components'
import { sessionEnd } from './api/client.ts'
import { BASE } from './hrefs.ts'
import { LogIn } from './session/log-in.tsx'
import { ProjectContext, useLive } from './session/project.ts'
import { type Project, SESSION_KEY, SessionContext, useSession, useSessionQuery } from './session/session.ts'
import { Shell } from './shell/shell.tsx'
import { shellTexts } from './shell/texts.ts'
import { useLanguage } from './text/language.ts'
import { useTexts } from './text/texts.ts'
import { Button } from './ui/button.tsx'
import { EmptyState, ErrorNotice, Loading } from './ui/states.tsx'

/** Everything: the log-in, or the page of the address. */
export function Root() {
  const language = useLanguage()
  const navigate = useNavigate()
  const queries = useQueryClient()
  const session = useSessionQuery()
  const wasLoggedIn = useRef(false)
  if (session.data) wasLoggedIn.current = true
  useEffect(() => {
    sessionEnd.onEnd = () => queries.setQueryData(SESSION_KEY, null)
  }, [queries])
  return (
    <I18nProvider locale={language}>
      <RouterProvider navigate={(href) => void navigate({ href: BASE + href })} useHref={(href) => BASE + href}>
        {session.isPending ? (
          <Loading />
        ) : session.isError ? (
          <ErrorNotice error={session.error} onRetry={() => void session.refetch()} />
        ) : session.data === null ? (
          <LogIn hasEnded={wasLoggedIn.current} />
        ) : (
          <SessionContext value={session.data}>
            <Outlet />
          </SessionContext>
        )}
      </RouterProvider>
    </I18nProvider>
  )
}

/** The pages of the project that the address names. */
export function ProjectPages() {
  const { project: name } = useParams({ from: '/$project' })
  const { projects } = useSession()
  const texts = useTexts(shellTexts)
  const project = projects.find((each) => each.name === name)
  if (project === undefined) {
    return <EmptyState title={texts.projectUnknown(name)}>{texts.projectUnknownHint}</EmptyState>
  }
  return (
    <ProjectContext value={project}>
      <Shell project={project}>
        <FollowRevision project={project} />
        <Outlet />
      </Shell>
    </ProjectContext>
  )
}

/** Asks again for what a page shows of the present when the project has a new revision. */
function FollowRevision({ project }: { readonly project: Project }) {
  const queries = useQueryClient()
  const revision = useLive(project).data?.revision
  const seen = useRef(revision)
  useEffect(() => {
    const isNew = seen.current !== undefined && revision !== seen.current
    seen.current = revision
    if (!isNew) return
    void queries.invalidateQueries({
      queryKey: ['project', project.id],
      predicate: ({ meta }) => meta?.isLive === true,
    })
  }, [queries, project.id, revision])
  return null
}

/** A screen that threw an error, or whose files are gone: after an update of the service they have other names. */
export function FailedPage({ error }: { readonly error: unknown }) {
  const texts = useTexts(shellTexts)
  return (
    <div role="alert">
      <EmptyState title={texts.failed}>
        <p className="mb-3 font-mono text-small wrap-anywhere">
          {error instanceof Error ? error.message : String(error)}
        </p>
        <Button onPress={() => location.reload()}>{texts.reload}</Button>
      </EmptyState>
    </div>
  )
}

/** An address that leads nowhere. */
export function UnknownPage() {
  const texts = useTexts(shellTexts)
  return <EmptyState title={texts.pageUnknown} />
}
