import { ApiError } from '../api/client.ts'
import { pathOf, useHref } from '../hrefs.ts'
import { useSession } from '../session/session.ts'
import { useTexts } from '../text/texts.ts'
import { ButtonLink } from '../ui/button.tsx'
import { DataTable, type TableColumn } from '../ui/data-table.tsx'
import { ErrorLine } from '../ui/error-text.tsx'
import { Badge } from '../ui/marks.tsx'
import { EmptyState, ErrorNotice, Loading } from '../ui/states.tsx'
import { Time } from '../ui/time.tsx'
import { levelName } from './policies-of-key.tsx'
import { type ListedPolicy, usePolicyList } from './queries.ts'
import type { Level } from './search.ts'
import { policiesTexts } from './texts.ts'

type Row = ListedPolicy & { readonly level: Level }

/** The policies of the domain and of the project. Whoever may not see one of both sees the other. */
export function PolicyList() {
  const texts = useTexts(policiesTexts)
  const href = useHref()
  const { user } = useSession()
  const [domain, project] = [usePolicyList('domain'), usePolicyList('project')]
  if (domain.isPending || project.isPending) return <Loading />
  const rows: readonly Row[] = [
    ...(domain.data?.policies ?? []).map((policy) => ({ ...policy, level: 'domain' as const })),
    ...(project.data?.policies ?? []).map((policy) => ({ ...policy, level: 'project' as const })),
  ]
  const columns: readonly TableColumn<Row>[] = [
    {
      id: 'name',
      name: texts.name,
      cell: ({ name }) => <strong className="font-medium">{name}</strong>,
      width: '2fr',
      isRowHeader: true,
    },
    {
      id: 'level',
      name: texts.level,
      cell: ({ level }) => <Badge tone={level === 'domain' ? 'accent' : 'neutral'}>{levelName(level, texts)}</Badge>,
      width: 120,
    },
    {
      id: 'keys',
      name: texts.keys,
      cell: ({ keys }) => <span className="font-mono text-small">{keys.join(', ')}</span>,
      title: ({ keys }) => keys.join(', '),
      width: '4fr',
    },
    { id: 'at', name: texts.updatedAt, cell: ({ updated_at }) => <Time at={updated_at} />, width: 170 },
    {
      id: 'by',
      name: texts.updatedBy,
      cell: ({ updated_by }) => <AuthorName id={updated_by} own={user} />,
      title: ({ updated_by }) => updated_by,
      width: 150,
    },
  ]
  return (
    <>
      {domain.isError &&
        (isRefused(domain.error) ? (
          <p className="border-b border-line px-4 py-2 text-small text-ink-2">
            {texts.domainRefused} <ErrorLine error={domain.error} />
          </p>
        ) : (
          <ErrorNotice error={domain.error} onRetry={() => void domain.refetch()} />
        ))}
      {project.isError && <ErrorNotice error={project.error} onRetry={() => void project.refetch()} />}
      <DataTable
        label={texts.policies}
        columns={columns}
        items={rows}
        idOf={({ level, name }) => `${level}/${name}`}
        nameOf={({ name }) => name}
        onOpen={({ level, name }) => href.open(pathOf('policies', level, name))}
        empty={
          <EmptyState title={texts.noPolicies}>
            <p className="pb-3">{texts.noPolicyHint}</p>
            <ButtonLink href={href('policies/new', { template: 'values' })}>{texts.fromTemplate}</ButtonLink>
          </EmptyState>
        }
      />
    </>
  )
}

/** Whoever has no role in the domain may not see its policies; the rules in force have what they demand. */
function isRefused(error: unknown): boolean {
  return error instanceof ApiError && error.status === 403
}

/** Lists of policies have ids only: the reader's own is known by name. */
export function AuthorName({
  id,
  own,
}: {
  readonly id: string
  readonly own: { readonly id: string; readonly name: string }
}) {
  return id === own.id ? own.name : <span className="font-mono text-small">{id}</span>
}
