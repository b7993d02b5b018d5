import { useMemo } from 'react'
import { useWhyNotInDomain } from '../session/permissions.ts'
import { useTexts } from '../text/texts.ts'
import type { TableColumn } from '../ui/data-table.tsx'
import { Badge } from '../ui/marks.tsx'
import { EmptyState } from '../ui/states.tsx'
import { StateBadge } from './page.tsx'
import { useDomainUsers } from './queries.ts'
import { RecordsPage } from './records-page.tsx'
import { useAdminSearch } from './search.ts'
import { adminTexts } from './texts.ts'
import type { DomainUser } from './types.ts'
import { NewUserDrawer, UserDrawer } from './user-drawer.tsx'
import { userTexts } from './user-texts.ts'

const nameOf = ({ name }: DomainUser) => name

/** The users of the domain. */
export function UsersPage() {
  const words = useTexts(adminTexts)
  const texts = useTexts(userTexts)
  const whyNot = useWhyNotInDomain()
  const { openRecord, close } = useAdminSearch('users')
  const why = whyNot('iam:users:listUsers')
  return (
    <RecordsPage
      section="users"
      kind={words.user}
      about={texts.about}
      command="tagwerk user list"
      found={useDomainUsers(why === undefined)}
      why={why}
      create={{ words: texts.create, why: whyNot('iam:users:createUser') }}
      columns={useUserColumns()}
      nameOf={nameOf}
      none={<EmptyState title={texts.none} />}
      drawer={(user) => <UserDrawer key={user.id} user={user} onClose={close} />}
      newDrawer={<NewUserDrawer onClose={close} onCreated={({ id }) => openRecord(id, 'roles')} />}
    />
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
