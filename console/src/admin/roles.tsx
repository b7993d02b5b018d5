import { useWhyNotInDomain } from '../session/permissions.ts'
import { useFormat } from '../text/format.ts'
import { useTexts } from '../text/texts.ts'
import type { TableColumn } from '../ui/data-table.tsx'
import { Badge } from '../ui/marks.tsx'
import { EmptyState } from '../ui/states.tsx'
import { useDomainRoles } from './queries.ts'
import { RecordsPage } from './records-page.tsx'
import { NewRoleDrawer, RoleDrawer } from './role-drawer.tsx'
import { roleTexts } from './role-texts.ts'
import { useRoleDescription, useRoleName } from './role-words.ts'
import { useAdminSearch } from './search.ts'
import { adminTexts } from './texts.ts'
import type { DomainRole } from './types.ts'

/** The system roles and the custom roles of the domain. */
export function RolesPage() {
  const words = useTexts(adminTexts)
  const texts = useTexts(roleTexts)
  const whyNot = useWhyNotInDomain()
  const { openRecord, close } = useAdminSearch('roles')
  const why = whyNot('iam:roles:listRoles')
  return (
    <RecordsPage
      section="roles"
      kind={words.role}
      about={texts.about}
      command="tagwerk role list"
      found={useDomainRoles(why === undefined)}
      why={why}
      create={{ words: texts.create, why: whyNot('iam:roles:createRole') }}
      columns={useRoleColumns()}
      nameOf={useRoleName()}
      none={<EmptyState title={texts.none} />}
      drawer={(role) => <RoleDrawer key={role.id} role={role} onClose={close} />}
      newDrawer={<NewRoleDrawer onClose={close} onCreated={({ id }) => openRecord(id)} />}
    />
  )
}

function useRoleColumns(): readonly TableColumn<DomainRole>[] {
  const words = useTexts(adminTexts)
  const texts = useTexts(roleTexts)
  const format = useFormat()
  const roleName = useRoleName()
  const descriptionOf = useRoleDescription()
  const scopes: Readonly<Record<string, string>> = { any: texts.any, domain: texts.domain, project: texts.project }
  return [
    {
      id: 'name',
      name: words.name,
      width: '2fr',
      minWidth: 160,
      isRowHeader: true,
      title: roleName,
      cell: (role) => <span className="font-medium">{roleName(role)}</span>,
    },
    {
      id: 'description',
      name: words.description,
      width: '3fr',
      title: descriptionOf,
      cell: (role) => <span className="text-ink-2">{descriptionOf(role)}</span>,
    },
    {
      id: 'type',
      name: texts.type,
      width: 112,
      cell: ({ type }) => <Badge>{type === 'system' ? texts.system : texts.custom}</Badge>,
    },
    { id: 'scope', name: texts.meantFor, width: 128, cell: ({ scope }) => scopes[scope] },
    {
      id: 'given',
      name: texts.users,
      width: 88,
      isNumber: true,
      cell: ({ assignments }) => (assignments === undefined ? '–' : format.number(assignments)),
    },
  ]
}
