import { Link } from 'react-aria-components'
import { answerOf, api } from '../api/client.ts'
import { useHref } from '../hrefs.ts'
import { useWhyNotInDomain } from '../session/permissions.ts'
import { useFormat } from '../text/format.ts'
import { useTexts } from '../text/texts.ts'
import { EmptyState } from '../ui/states.tsx'
import { Tabs } from '../ui/tabs.tsx'
import { DeleteButton, DrawerSection, RecordDrawer } from './drawer-parts.tsx'
import { ListStates } from './page.tsx'
import { projectTexts } from './project-texts.ts'
import { useAssignments, useChange } from './queries.ts'
import { type RoleBody, RoleForm } from './role-form.tsx'
import { actionsOf } from './role-policy.ts'
import { roleTexts } from './role-texts.ts'
import { useRoleDescription, useRoleName } from './role-words.ts'
import { useAdminSearch } from './search.ts'
import { adminTexts } from './texts.ts'
import type { DomainRole } from './types.ts'

const ROLES = '/tagwerk/v1/domain/roles'
const ROLE = `${ROLES}/{role_id}` as const

/** The form of a new role. */
export function NewRoleDrawer({
  onClose,
  onCreated,
}: {
  readonly onClose: () => void
  readonly onCreated: (role: { readonly id: string }) => void
}) {
  const words = useTexts(adminTexts)
  const texts = useTexts(roleTexts)
  const whyNot = useWhyNotInDomain()
  const create = useChange((body: RoleBody) => answerOf(api.POST(ROLES, { body })), onCreated)
  return (
    <RecordDrawer kind={words.role} title={texts.create} onClose={onClose}>
      <RoleForm
        before={undefined}
        submit={words.create}
        why={whyNot('iam:roles:createRole')}
        change={create}
        onSubmit={create.mutate}
      />
    </RecordDrawer>
  )
}

/** One role: what it allows, and who has it. */
export function RoleDrawer({ role, onClose }: { readonly role: DomainRole; readonly onClose: () => void }) {
  const words = useTexts(adminTexts)
  const texts = useTexts(roleTexts)
  const roleName = useRoleName()
  const { tab, change } = useAdminSearch('roles')
  return (
    <RecordDrawer kind={words.role} title={roleName(role)} id={role.id} onClose={onClose}>
      <Tabs
        label={roleName(role)}
        value={tab === 'roles' ? 'roles' : 'settings'}
        onChange={(next) => change({ tab: next })}
        tabs={[
          {
            id: 'settings' as const,
            label: words.settings,
            content: role.type === 'system' ? <SystemRole role={role} /> : <CustomRole role={role} onClose={onClose} />,
          },
          { id: 'roles' as const, label: texts.who, content: <Holders role={role} /> },
        ]}
      />
    </RecordDrawer>
  )
}

function SystemRole({ role }: { readonly role: DomainRole }) {
  const texts = useTexts(roleTexts)
  const descriptionOf = useRoleDescription()
  return (
    <div className="flex flex-col gap-3 p-4">
      <p>{descriptionOf(role)}</p>
      <h3 className="text-small font-medium text-ink-2">{texts.allowsWords}</h3>
      <ul className="flex flex-col gap-0.5 font-mono text-body">
        {actionsOf(role.policy, 'Allow').map((action) => (
          <li key={action}>{action}</li>
        ))}
      </ul>
      <p className="text-small text-ink-2">{texts.isSystem}</p>
    </div>
  )
}

function CustomRole({ role, onClose }: { readonly role: DomainRole; readonly onClose: () => void }) {
  const words = useTexts(adminTexts)
  const texts = useTexts(roleTexts)
  const format = useFormat()
  const whyNot = useWhyNotInDomain()
  const path = { role_id: role.id }
  const update = useChange((body: RoleBody) => answerOf(api.PATCH(ROLE, { params: { path }, body })))
  const remove = useChange(() => answerOf(api.DELETE(ROLE, { params: { path } })), onClose)
  const given = role.assignments ?? 0
  return (
    <>
      <RoleForm
        before={role}
        submit={words.save}
        why={whyNot('iam:roles:updateRole')}
        change={update}
        onSubmit={update.mutate}
      />
      <DrawerSection>
        <p className="text-small text-ink-2">{texts.changeHint}</p>
        <DeleteButton
          name={role.display_name}
          title={texts.deleteTitle(role.display_name)}
          hint={texts.deleteHint}
          why={
            whyNot('iam:roles:deleteRole') ?? (given > 0 ? texts.isGiven(format.number(given), given === 1) : undefined)
          }
          isPending={remove.isPending}
          error={remove.error}
          onDelete={() => remove.mutate(undefined)}
        />
      </DrawerSection>
    </>
  )
}

function Holders({ role }: { readonly role: DomainRole }) {
  const words = useTexts(adminTexts)
  const texts = useTexts(roleTexts)
  const { toUser } = useTexts(projectTexts)
  const href = useHref()
  const whyNot = useWhyNotInDomain()
  const why = whyNot('iam:permissions:listRoleAssignments')
  const found = useAssignments({ role_id: role.id }, why === undefined)
  return (
    <ListStates query={found} why={why}>
      {found.data?.length === 0 && <EmptyState title={texts.nobody} />}
      <ul aria-label={texts.who} className="flex flex-col">
        {found.data?.map(({ user, project }) => (
          <li key={`${user.id} ${project?.id}`} className="flex flex-col border-b border-line px-4 py-2">
            <Link
              href={href('admin/users', { open: user.id, tab: 'roles' })}
              aria-label={toUser(user.name)}
              className="w-fit rounded-mark font-medium text-accent focus-ring"
            >
              {user.name}
            </Link>
            <span className="text-small text-ink-2">{project?.name ?? words.wholeDomain}</span>
          </li>
        ))}
      </ul>
    </ListStates>
  )
}
