import { Plus } from 'lucide-react'
import { useMemo } from 'react'
import { useWhyNotInDomain } from '../session/permissions.ts'
import { useTexts } from '../text/texts.ts'
import { Button } from '../ui/button.tsx'
import { DataTable, type TableColumn } from '../ui/data-table.tsx'
import { Badge } from '../ui/marks.tsx'
import { EmptyState } from '../ui/states.tsx'
import { UnknownDrawer } from './drawer-parts.tsx'
import { AdminPage, FindField, ListStates, matching, StateBadge } from './page.tsx'
import { useDomainUsers } from './queries.ts'
import { useAdminSearch } from './search.ts'
import { adminTexts } from './texts.ts'
import type { DomainUser } from './types.ts'
import { NewUserDrawer, UserDrawer } from './user-drawer.tsx'
import { userTexts } from './user-texts.ts'

const CALL = { method: 'GET', path: '/tagwerk/v1/domain/users' } as const

/** The users of the domain. */
export function UsersPage() {
  const words = useTexts(adminTexts)
  const texts = useTexts(userTexts)
  const whyNot = useWhyNotInDomain()
  const { find, open, form, change, openRecord, openForm, close } = useAdminSearch('users')
  const why = whyNot('iam:users:listUsers')
  const found = useDomainUsers(why === undefined)
  const shown = useMemo(() => matching(found.data ?? [], find, ({ name }) => name), [found.data, find])
  const columns = useUserColumns()
  const opened = found.data?.find(({ id }) => id === open)
  return (
    <AdminPage
      title={words.users}
      about={texts.about}
      call={CALL}
      command="tagwerk user list"
      tools={<FindField value={find} onChange={(text) => change({ find: text })} />}
      action={
        <Button variant="solid" why={whyNot('iam:users:createUser')} onPress={openForm}>
          <Plus className="size-3.5" aria-hidden="true" />
          {texts.create}
        </Button>
      }
      drawer={
        form === 'new' ? (
          <NewUserDrawer onClose={close} onCreated={({ id }) => openRecord(id, 'roles')} />
        ) : opened !== undefined ? (
          <UserDrawer key={opened.id} user={opened} onClose={close} />
        ) : (
          open !== undefined && found.data !== undefined && <UnknownDrawer kind={words.user} onClose={close} />
        )
      }
    >
      <ListStates query={found} why={why}>
        <DataTable
          label={words.users}
          columns={columns}
          items={shown}
          idOf={({ id }) => id}
          nameOf={({ name }) => name}
          onOpen={({ id }) => openRecord(id)}
          openId={open}
          empty={<EmptyState title={find === '' ? texts.none : words.noneFound(find)} />}
        />
      </ListStates>
    </AdminPage>
  )
}

function useUserColumns(): readonly TableColumn<DomainUser>[] {
  const words = useTexts(adminTexts)
  const texts = useTexts(userTexts)
  return useMemo(
    () => [
      {
        id: 'name',
        name: words.name,
        width: '2fr',
        minWidth: 160,
        isRowHeader: true,
        title: ({ name }) => name,
        cell: ({ name, is_caller }) => (
          <span className="inline-flex items-center gap-2 font-medium">
            {name}
            {is_caller && <Badge tone="accent">{texts.you}</Badge>}
          </span>
        ),
      },
      {
        id: 'email',
        name: texts.email,
        width: '2fr',
        title: ({ email }) => email,
        cell: ({ email }) => <span className="text-ink-2">{email}</span>,
      },
      {
        id: 'description',
        name: words.description,
        width: '3fr',
        title: ({ description }) => description,
        cell: ({ description }) => <span className="text-ink-2">{description}</span>,
      },
      {
        id: 'log-in',
        name: texts.logIn,
        width: 144,
        cell: ({ has_password }) => (has_password ? texts.withPassword : texts.keysOnly),
      },
      { id: 'state', name: words.state, width: 112, cell: ({ enabled }) => <StateBadge isEnabled={enabled} /> },
    ],
    [words, texts],
  )
}
