import { useMemo } from 'react'
import { type ActivityCount, useActivityCount } from '../changes/activity-query.ts'
import { edgeAt, edgesOf } from '../changes/edges.ts'
import { RangeBars } from '../changes/range-bars.tsx'
import { useProjectKeys } from '../explore/queries.ts'
import { textOfFilter } from '../query/chips.ts'
import { readFilter } from '../query/filter-text.ts'
import { QueryBar } from '../query/query-bar.tsx'
import { OpenResource } from '../resource/resource-drawer.tsx'
import { useOpenResource } from '../resource/search.ts'
import { useTitle } from '../shell/title.ts'
import { useFormat } from '../text/format.ts'
import { useTexts } from '../text/texts.ts'
import { Segments } from '../ui/choice.tsx'
import { EmptyState, ErrorNotice, Loading, LoadingLine } from '../ui/states.tsx'
import { CompareBanner } from './banner.tsx'
import { DifferenceTable } from './difference-table.tsx'
import { ROWS_MAX, useDifferences, useSummary } from './queries.ts'
import { type CompareSearch, useCompareSearch } from './search.ts'
import { SummaryBar } from './summary-bar.tsx'
import { compareTexts } from './texts.ts'

const DAY_MS = 86_400_000
const PERIODS = { days7: 7 * DAY_MS, days30: 30 * DAY_MS, months6: 183 * DAY_MS } as const
type Period = keyof typeof PERIODS | 'all' | 'chosen'

/** Two moments of a project, and what differs between them. */
export function Compare() {
  const texts = useTexts(compareTexts)
  useTitle(texts.title)
  const activity = useActivityCount()
  const { data, error, refetch } = activity
  if (error !== null && data === undefined) return <ErrorNotice error={error} onRetry={() => void refetch()} />
  if (data === undefined) return <Loading />
  if (data.points.length === 0) return <EmptyState title={texts.noHistory}>{texts.noHistoryHint}</EmptyState>
  return <Moments activity={data} />
}

function Moments({ activity }: { readonly activity: ActivityCount }) {
  const { search, change } = useCompareSearch()
  const { resource, open } = useOpenResource()
  const edges = useMemo(() => edgesOf(activity), [activity])
  const from = search.from ?? defaultFrom(activity, edges)
  const read = useMemo(() => readFilter(search.filter ?? ''), [search.filter])
  const filter = (read.expression && textOfFilter(read.expression)) ?? search.filter
  const { to } = search
  const comparison = useMemo(
    () => (read.expression === undefined ? undefined : { from, to, filter }),
    [from, to, filter, read.expression],
  )
  const summary = useSummary(comparison)
  const rows = useDifferences(comparison, search.movement)
  const keys = useProjectKeys(undefined).data?.keys ?? []
  const condition = useMemo(() => ({ filter, types: [], asOf: to }), [filter, to])
  const error = rows.error ?? summary.error
  const refresh = () => {
    void rows.refetch()
    void summary.refetch()
  }
  return (
    <div className="relative flex min-h-0 grow">
      <div className="flex min-w-0 grow flex-col">
        <CompareBanner
          from={from}
          to={to}
          summary={summary.data}
          onBack={() => change({ from: undefined, to: undefined })}
        />
        <Timespan activity={activity} edges={edges} from={from} to={to} change={change} />
        <QueryBar
          expression={read.expression}
          condition={condition}
          keys={keys}
          onChange={(next, how) => change({ filter: next }, how)}
        />
        {comparison !== undefined && (
          <SummaryBar comparison={comparison} summary={summary} search={search} change={change} onRefresh={refresh} />
        )}
        <div className="relative flex min-h-0 grow flex-col bg-surface">
          <LoadingLine isLoading={rows.isFetching || summary.isFetching} />
          {error !== null && <ErrorNotice error={error} onRetry={refresh} />}
          {rows.data === undefined && rows.isFetching && <Loading />}
          {rows.data !== undefined && (
            <div className={`flex min-h-0 grow flex-col ${rows.isPlaceholderData ? 'opacity-60' : ''}`}>
              <DifferenceTable
                rows={rows.data}
                openId={resource && `${resource.type}/${resource.id}`}
                onOpen={({ resource_type: type, resource_id: id }) => open({ type, id })}
                empty={<Nothing search={search} />}
              />
              <Truncation count={rows.data.length} />
            </div>
          )}
        </div>
      </div>
      <OpenResource filter={filter} asOf={to} />
    </div>
  )
}

/** A week ago, or in a younger project the beginning of its history. */
function defaultFrom({ horizon }: ActivityCount, edges: readonly string[]): string {
  const now = Date.parse(edges.at(-1) as string)
  const edge = edgeAt(edges, now - PERIODS.days7)
  return edge === 0 ? String(horizon) : (edges[edge] as string)
}

/** The bars of the whole history, and which part of it is compared. */
function Timespan({
  activity,
  edges,
  from,
  to,
  change,
}: {
  readonly activity: ActivityCount
  readonly edges: readonly string[]
  readonly from: string
  readonly to: string | undefined
  readonly change: (changes: Partial<CompareSearch>) => void
}) {
  const texts = useTexts(compareTexts)
  const format = useFormat()
  const last = edges.length - 1
  const edgeOf = (moment: string | undefined) => edgeOfMoment(activity, edges, moment)
  const [low, high] = [edgeOf(from), edgeOf(to)]
  const counts = activity.points.map(({ changes }) => changes)
  const between = counts.slice(Math.min(low, high), Math.max(low, high)).reduce((sum, count) => sum + count, 0)
  const momentOf = (edge: number) => (edge === 0 ? String(activity.horizon) : edges[edge])
  const choose = ([begin, end]: readonly [number, number]) =>
    change({ from: momentOf(begin), to: end === last ? undefined : momentOf(end) })
  const now = Date.parse(edges[last] as string)
  const edgeOfPeriod = (period: keyof typeof PERIODS) => edgeAt(edges, now - PERIODS[period])
  const periods = (['days7', 'days30', 'months6'] as const).filter((period) => edgeOfPeriod(period) > 0)
  const chosen: Period =
    high !== last ? 'chosen' : low === 0 ? 'all' : (periods.find((period) => edgeOfPeriod(period) === low) ?? 'chosen')
  const options = [...periods, 'all' as const, ...(chosen === 'chosen' ? (['chosen'] as const) : [])]
  return (
    <section
      aria-label={texts.range}
      data-region="range"
      className="shrink-0 border-b border-line bg-surface px-2 pt-2 pb-1"
    >
      <div className="flex flex-wrap items-center justify-between gap-2 px-2 pb-2">
        <p className="text-small text-ink-2 tabular-nums">{texts.changesInRange(format.number(between))}</p>
        <Segments<Period>
          label={texts.period}
          value={chosen}
          options={options.map((id) => ({ id, label: texts[id] }))}
          onChange={(period) => {
            if (period === 'chosen') return
            choose([period === 'all' ? 0 : edgeOfPeriod(period), last])
          }}
        />
      </div>
      <RangeBars
        label={texts.range}
        names={[texts.from, texts.to]}
        counts={counts}
        edges={edges}
        range={low <= high ? [low, high] : [high, low]}
        onChange={choose}
        tone="past"
      />
    </section>
  )
}

/** The edge that is nearest to a moment: a revision, a time, or undefined for now. */
function edgeOfMoment(
  { points, horizon }: ActivityCount,
  edges: readonly string[],
  moment: string | undefined,
): number {
  if (moment === undefined) return edges.length - 1
  if (!/^\d+$/.test(moment)) return edgeAt(edges, Date.parse(moment))
  const revision = Number(moment)
  if (revision <= horizon) return 0
  const at = points.findIndex((point) => point.revision >= revision)
  return at === -1 ? edges.length - 1 : at + 1
}

function Nothing({ search: { movement, filter } }: { readonly search: CompareSearch }) {
  const texts = useTexts(compareTexts)
  if (movement === undefined && filter === undefined) {
    return <EmptyState title={texts.nothing}>{texts.nothingHint}</EmptyState>
  }
  return <EmptyState title={texts.nothingMatches}>{texts.nothingMatchesHint}</EmptyState>
}

function Truncation({ count }: { readonly count: number }) {
  const texts = useTexts(compareTexts)
  const format = useFormat()
  if (count < ROWS_MAX) return null
  return <p className="border-t border-line px-4 py-1 text-small text-ink-2">{texts.firstRows(format.number(count))}</p>
}
