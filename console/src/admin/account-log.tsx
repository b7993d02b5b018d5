import { useMemo } from 'react'
import { useWhyNotInDomain } from '../session/permissions.ts'
import { useTexts } from '../text/texts.ts'
import { CopyButton } from '../ui/copy-as.tsx'
import { DataTable, type TableColumn } from '../ui/data-table.tsx'
import { EmptyState } from '../ui/states.tsx'
import { Time } from '../ui/time.tsx'
import { RecordDrawer, UnknownDrawer } from './drawer-parts.tsx'
import { useEventWords } from './event-words.ts'
import { logTexts } from './log-texts.ts'
import { AdminPage, ListStates } from './page.tsx'
import { useAccountLog } from './queries.ts'
import { useAdminSearch } from './search.ts'
import { adminTexts } from './texts.ts'
import type { AccountLogEntry } from './types.ts'

const CALL = { method: 'GET', path: '/tagwerk/v1/account-log' } as const

/** Who changed which account when. */
export function AccountLogPage() {
  const words = useTexts(adminTexts)
  const texts = useTexts(logTexts)
  const whyNot = useWhyNotInDomain()
  const { open, openRecord, close } = useAdminSearch('account-log')
  const why = whyNot('tagwerk:accountLog:read')
  const found = useAccountLog(why === undefined)
  const entries = useMemo(() => found.data?.pages.flatMap((page) => page.entries) ?? [], [found.data])
  const eventWords = useEventWords()
  const columns = useLogColumns()
  const opened = entries.find(({ id }) => String(id) === open)
  return (
    <AdminPage
      title={words['account-log']}
      about={texts.about}
      call={CALL}
      command={undefined}
      drawer={
        opened !== undefined ? (
          <EntryDrawer key={opened.id} entry={opened} onClose={close} />
        ) : (
          open !== undefined && found.data !== undefined && <UnknownDrawer kind={texts.entry} onClose={close} />
        )
      }
    >
      <ListStates query={found} why={why}>
        <DataTable
          label={words['account-log']}
          columns={columns}
          items={entries}
          idOf={({ id }) => String(id)}
          nameOf={({ event, target }) => `${eventWords(event)} ${target.name}`}
          onOpen={({ id }) => openRecord(String(id))}
          openId={open}
          onLoadMore={found.hasNextPage ? () => void found.fetchNextPage() : undefined}
          isLoadingMore={found.isFetchingNextPage}
          empty={<EmptyState title={texts.none}>{texts.noneHint}</EmptyState>}
        />
      </ListStates>
    </AdminPage>
  )
}

function useLogColumns(): readonly TableColumn<AccountLogEntry>[] {
  const texts = useTexts(logTexts)
  const eventWords = useEventWords()
  return [
    { id: 'time', name: texts.time, width: 176, cell: ({ time }) => <Time at={time} /> },
    {
      id: 'event',
      name: texts.event,
      width: '2fr',
      minWidth: 160,
      isRowHeader: true,
      cell: ({ event }) => <span className="font-medium">{eventWords(event)}</span>,
    },
    {
      id: 'target',
      name: texts.target,
      width: '2fr',
      isRowHeader: true,
      title: ({ target }) => target.name || target.id,
      cell: ({ target }) => target.name || <span className="font-mono">{target.id}</span>,
    },
    { id: 'by', name: texts.by, width: '1fr', minWidth: 112, cell: ({ user }) => user.name },
    {
      id: 'address',
      name: texts.address,
      width: 136,
      cell: ({ address }) => <span className="font-mono text-ink-2">{address}</span>,
    },
  ]
}

function EntryDrawer({ entry, onClose }: { readonly entry: AccountLogEntry; readonly onClose: () => void }) {
  const texts = useTexts(logTexts)
  const eventWords = useEventWords()
  const { time, event, user, target, address, request_id, detail } = entry
  const facts: readonly (readonly [name: string, value: string])[] = [
    [texts.target, target.name],
    [texts.id, target.id],
    [texts.by, user.name],
    [texts.address, address],
  ]
  return (
    <RecordDrawer kind={texts.entry} title={eventWords(event)} onClose={onClose}>
      <div className="flex flex-col gap-4 p-4">
        <p className="text-ink-2">
          <Time at={time} withUtc />
        </p>
        <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1">
          {facts.map(([name, value]) => (
            <div key={name} className="contents">
              <dt className="text-ink-2">{name}</dt>
              <dd className="font-mono wrap-anywhere">{value}</dd>
            </div>
          ))}
          <dt className="text-ink-2">{texts.request}</dt>
          <dd className="flex items-start gap-1 font-mono wrap-anywhere">
            {request_id}
            {request_id !== '' && <CopyButton text={request_id} label={texts.copyRequest} />}
          </dd>
        </dl>
        <h3 className="text-small font-medium text-ink-2">{texts.detail}</h3>
        {Object.keys(detail).length === 0 ? (
          <p className="text-ink-2">{texts.noDetail}</p>
        ) : (
          <pre className="rounded-card border border-line bg-canvas p-2 font-mono text-small whitespace-pre-wrap wrap-anywhere">
            {JSON.stringify(detail, null, 2)}
          </pre>
        )}
      </div>
    </RecordDrawer>
  )
}
