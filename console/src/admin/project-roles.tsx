import { Link } from 'react-aria-components'
import { useHref } from '../hrefs.ts'
import { useWhyNotInDomain } from '../session/permissions.ts'
import { useTexts } from '../text/texts.ts'
import { EmptyState } from '../ui/states.tsx'
import { ListStates } from './page.tsx'
import { projectTexts } from './project-texts.ts'
import { useAssignments } from './queries.ts'
import { useRoleName } from './role-words.ts'
import type { DomainProject } from './types.ts'

/** Who has a role that counts in a project. */
export function ProjectRoles({ project }: { readonly project: DomainProject }) {
  const texts = useTexts(projectTexts)
  const href = useHref()
  const whyNot = useWhyNotInDomain()
  const roleName = useRoleName()
  const why = whyNot('iam:permissions:listRoleAssignments')
  const found = useAssignments({ project_id: project.id }, why === undefined)
  const assignments = found.data ?? []
  return (
    <ListStates query={found} why={why}>
      {assignments.length === 0 && <EmptyState title={texts.noRoles} />}
      <ul aria-label={texts.who} className="flex flex-col">
        {assignments.map(({ user, role, project: place }) => (
          <li
            key={`${user.id} ${role.id} ${place?.id}`}
            className="flex flex-col border-b border-line px-4 py-2 text-body"
          >
            <Link
              href={href('admin/users', { open: user.id, tab: 'roles' })}
              aria-label={texts.toUser(user.name)}
              className="w-fit rounded-mark font-medium text-accent focus-ring"
            >
              {user.name}
            </Link>
            <span className="text-small text-ink-2">
              {roleName(role)}
              {place === undefined && ` · ${texts.inDomain}`}
            </span>
          </li>
        ))}
      </ul>
    </ListStates>
  )
}
