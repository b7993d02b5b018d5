import { Plus } from 'lucide-react'
import { useMemo, useState } from 'react'
import { useWhyNotInDomain } from '../session/permissions.ts'
import { useSession } from '../session/session.ts'
import { useTexts } from '../text/texts.ts'
import { Button } from '../ui/button.tsx'
import { Select } from '../ui/choice.tsx'
import { DataTable, type TableColumn } from '../ui/data-table.tsx'
import { EmptyState } from '../ui/states.tsx'
import { Time } from '../ui/time.tsx'
import { UnknownDrawer } from './drawer-parts.tsx'
import { KeyDrawer, NewKeyDrawer } from './key-drawer.tsx'
import { keyTexts } from './key-texts.ts'
import { AdminPage, ListStates, StateBadge } from './page.tsx'
import { useAccessKeys, useDomainUsers } from './queries.ts'
import { useAdminSearch } from './search.ts'
import { SecretDialog } from './secret-dialog.tsx'
import { adminTexts } from './texts.ts'
import type { NewAccessKey, UserAccessKey } from './types.ts'

/** Keys that a user may have. */
const KEYS_MAX = 2

/** The access keys of a user, at first those of the one who asks. */
export function AccessKeysPage() {
  const words = useTexts(adminTexts)
  const texts = useTexts(keyTexts)
  const session = useSession()
  const whyNot = useWhyNotInDomain()
  const { user: asked, open, form, change, openRecord, openForm, close } = useAdminSearch('access-keys')
  const users = useDomainUsers(whyNot('iam:users:listUsers') === undefined)
  const userId = asked ?? session.user.id
  const whose = userId === session.user.id ? 'own' : 'others'
  const userName = nameOf(userId, users.data ?? [], session.user)
  const why = whyNot('iam:credentials:listCredentials', whose)
  const found = useAccessKeys(userId, why === undefined)
  const columns = useKeyColumns()
  const [secret, setSecret] = useState<NewAccessKey>()
  const opened = found.data?.find(({ access_key }) => access_key === open)
  const isFull = (found.data?.length ?? 0) >= KEYS_MAX
  const known = users.data ?? [session.user]
  return (
    <AdminPage
      title={words['access-keys']}
      about={texts.about}
      call={{ method: 'GET', path: `/tagwerk/v1/domain/users/${userId}/access-keys` }}
      command={`tagwerk key list ${userName}`}
      tools={
        <Select
          label={words.user}
          isLabelHidden
          options={known.map(({ id, name }) => ({ id, label: name }))}
          value={userId}
          onChange={(next) => change({ user: next, open: undefined, form: undefined })}
        />
      }
      action={
        <Button
          variant="solid"
          why={whyNot('iam:credentials:createCredential', whose) ?? (isFull ? texts.full : undefined)}
          onPress={openForm}
        >
          <Plus className="size-3.5" aria-hidden="true" />
          {texts.create}
        </Button>
      }
      drawer={
        form === 'new' ? (
          <NewKeyDrawer
            userId={userId}
            userName={userName}
            onClose={close}
            onCreated={(key) => {
              setSecret(key)
              close()
            }}
          />
        ) : opened !== undefined ? (
          <KeyDrawer key={opened.access_key} userId={userId} accessKey={opened} onClose={close} />
        ) : (
          open !== undefined && found.data !== undefined && <UnknownDrawer kind={texts.key} onClose={close} />
        )
      }
    >
      <ListStates query={found} why={why}>
        <DataTable
          label={words['access-keys']}
          columns={columns}
          items={found.data ?? []}
          idOf={({ access_key }) => access_key}
          nameOf={({ access_key }) => access_key}
          onOpen={({ access_key }) => openRecord(access_key)}
          openId={open}
          empty={<EmptyState title={texts.none(userName)} />}
        />
      </ListStates>
      {secret !== undefined && <SecretDialog secret={secret} onDone={() => setSecret(undefined)} />}
    </AdminPage>
  )
}

type Named = { readonly id: string; readonly name: string }

function nameOf(id: string, users: readonly Named[], self: Named): string {
  return [...users, self].find((user) => user.id === id)?.name ?? id
}

function useKeyColumns(): readonly TableColumn<UserAccessKey>[] {
  const words = useTexts(adminTexts)
  const texts = useTexts(keyTexts)
  return useMemo(
    () => [
      {
        id: 'key',
        name: texts.key,
        width: '2fr',
        minWidth: 200,
        isRowHeader: true,
        cell: ({ access_key }) => <span className="font-mono">{access_key}</span>,
      },
      {
        id: 'description',
        name: words.description,
        width: '3fr',
        title: ({ description }) => description,
        cell: ({ description }) => <span className="text-ink-2">{description}</span>,
      },
      { id: 'state', name: words.state, width: 112, cell: ({ enabled }) => <StateBadge isEnabled={enabled} /> },
      { id: 'made', name: texts.made, width: 176, cell: ({ created_at }) => <Time at={created_at} /> },
    ],
    [words, texts],
  )
}
