import type { ReactNode } from 'react'
import { ApiError } from '../api/client.ts'
import { useTitle } from '../shell/title.ts'
import { useTexts } from '../text/texts.ts'
import { type ApiCall, CopyAs } from '../ui/copy-as.tsx'
import { ErrorLine } from '../ui/error-text.tsx'
import { SearchField } from '../ui/fields.tsx'
import { Badge } from '../ui/marks.tsx'
import { EmptyState, ErrorNotice, Loading } from '../ui/states.tsx'
import { uiTexts } from '../ui/texts.ts'
import { adminTexts } from './texts.ts'

/** The layout of a page of Admin: header, content and drawer. */
export function AdminPage({
  title,
  about,
  call,
  command,
  tools,
  action,
  drawer,
  children,
}: {
  readonly title: string
  readonly about: string
  /** What the page asks the service. */
  readonly call: ApiCall
  readonly command: string | undefined
  /** Left of the main button, such as a filter. */
  readonly tools?: ReactNode
  /** The main button. */
  readonly action?: ReactNode
  readonly drawer?: ReactNode
  readonly children: ReactNode
}) {
  useTitle(title)
  return (
    <div className="relative flex min-h-0 grow">
      <div className="flex min-w-0 grow flex-col bg-surface">
        <header className="flex min-h-14 flex-wrap items-center justify-between gap-2 border-b border-line bg-surface px-4 py-2">
          <div className="min-w-0">
            <h1 className="text-title font-semibold">{title}</h1>
            <p className="text-small text-ink-2">{about}</p>
          </div>
          <div className="flex flex-wrap items-center gap-2">
            {tools}
            <CopyAs call={call} command={command} />
            {action}
          </div>
        </header>
        {children}
      </div>
      {drawer}
    </div>
  )
}

/** A list that is asked for. */
export type Asked = {
  readonly data: unknown
  readonly isError: boolean
  readonly error: unknown
  readonly refetch: () => unknown
}

/** What stands in place of a list that is refused, awaited or failed; the list itself otherwise. */
export function ListStates({
  query,
  why,
  children,
}: {
  readonly query: Asked
  /** Why the user may not see it. */
  readonly why?: string | undefined
  readonly children: ReactNode
}) {
  const texts = useTexts(adminTexts)
  if (why !== undefined) return <EmptyState title={texts.refused}>{why}</EmptyState>
  if (isRefusal(query.error)) {
    return (
      <EmptyState title={texts.refused}>
        <ErrorLine error={query.error} />
      </EmptyState>
    )
  }
  return (
    <>
      {query.isError && <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />}
      {query.data === undefined ? !query.isError && <Loading /> : children}
    </>
  )
}

function isRefusal(error: unknown): boolean {
  return error instanceof ApiError && error.status === 403
}

/** Filters a list by the names in it. */
export function FindField({ value, onChange }: { readonly value: string; readonly onChange: (value: string) => void }) {
  const texts = useTexts(adminTexts)
  const { clear } = useTexts(uiTexts)
  return <SearchField label={texts.find} clearLabel={clear} value={value} onChange={onChange} />
}

/** The items of a list whose names contain a text, in any case. */
export function matching<T>(items: readonly T[], find: string, nameOf: (item: T) => string): readonly T[] {
  const wanted = find.toLowerCase()
  return wanted === '' ? items : items.filter((item) => nameOf(item).toLowerCase().includes(wanted))
}

/** Whether an account can be used. */
export function StateBadge({ isEnabled }: { readonly isEnabled: boolean }) {
  const texts = useTexts(adminTexts)
  return <Badge tone={isEnabled ? 'good' : 'warn'}>{isEnabled ? texts.enabled : texts.disabled}</Badge>
}
