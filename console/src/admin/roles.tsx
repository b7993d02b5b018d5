import { Plus } from 'lucide-react'
import { useWhyNotInDomain } from '../session/permissions.ts'
import { useFormat } from '../text/format.ts'
import { useTexts } from '../text/texts.ts'
import { Button } from '../ui/button.tsx'
import { DataTable, type TableColumn } from '../ui/data-table.tsx'
import { Badge } from '../ui/marks.tsx'
import { EmptyState } from '../ui/states.tsx'
import { UnknownDrawer } from './drawer-parts.tsx'
import { AdminPage, FindField, ListStates, matching } from './page.tsx'
import { useDomainRoles } from './queries.ts'
import { NewRoleDrawer, RoleDrawer } from './role-drawer.tsx'
import { roleTexts } from './role-texts.ts'
import { useRoleDescription, useRoleName } from './role-words.ts'
import { useAdminSearch } from './search.ts'
import { adminTexts } from './texts.ts'
import type { DomainRole } from './types.ts'

const CALL = { method: 'GET', path: '/tagwerk/v1/domain/roles' } as const

/** The system roles and the custom roles of the domain. */
export function RolesPage() {
  const words = useTexts(adminTexts)
  const texts = useTexts(roleTexts)
  const whyNot = useWhyNotInDomain()
  const roleName = useRoleName()
  const { find, open, form, change, openRecord, openForm, close } = useAdminSearch('roles')
  const why = whyNot('iam:roles:listRoles')
  const found = useDomainRoles(why === undefined)
  const shown = matching(found.data ?? [], find, roleName)
  const columns = useRoleColumns()
  const opened = found.data?.find(({ id }) => id === open)
  return (
    <AdminPage
      title={words.roles}
      about={texts.about}
      call={CALL}
      command="tagwerk role list"
      tools={<FindField value={find} onChange={(text) => change({ find: text })} />}
      action={
        <Button variant="solid" why={whyNot('iam:roles:createRole')} onPress={openForm}>
          <Plus className="size-3.5" aria-hidden="true" />
          {texts.create}
        </Button>
      }
      drawer={
        form === 'new' ? (
          <NewRoleDrawer onClose={close} onCreated={({ id }) => openRecord(id)} />
        ) : opened !== undefined ? (
          <RoleDrawer key={opened.id} role={opened} onClose={close} />
        ) : (
          open !== undefined && found.data !== undefined && <UnknownDrawer kind={words.role} onClose={close} />
        )
      }
    >
      <ListStates query={found} why={why}>
        <DataTable
          label={words.roles}
          columns={columns}
          items={shown}
          idOf={({ id }) => id}
          nameOf={roleName}
          onOpen={({ id }) => openRecord(id)}
          openId={open}
          empty={<EmptyState title={find === '' ? texts.none : words.noneFound(find)} />}
        />
      </ListStates>
    </AdminPage>
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
