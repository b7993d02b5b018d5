import { type ReactNode, useCallback, useMemo, useState } from 'react'
import type { Expression } from '../../../src/core/expression/expression.ts'
import { useWhyNot } from '../session/permissions.ts'
import { useLive, useProject } from '../session/project.ts'
import { useFormat } from '../text/format.ts'
import { useTexts } from '../text/texts.ts'
import { Button } from '../ui/button.tsx'
import { ErrorNotice, Loading, LoadingLine } from '../ui/states.tsx'
import { ChoiceBar } from './choice-bar.tsx'
import { ColumnsButton } from './columns-button.tsx'
import { type ExportFormat, save, useExport } from './export.ts'
import { NoMatch } from './no-match.tsx'
import { type Condition, idOf, type Resource, type SearchAnswer, type useMatches } from './queries.ts'
import { ResultsTable } from './results-table.tsx'
import type { ChangeSearch, ExploreSearch } from './search.ts'
import { type Choice, NOTHING, sizeOf, useChoice } from './selection.ts'
import { TagDialog, type TagTarget } from './tag-dialog.tsx'
import { exploreTexts } from './texts.ts'
import { ToolBar } from './tool-bar.tsx'

/** A plan names at most this many resources one by one. */
const IDS_MAX = 1000

type Props = {
  readonly search: ExploreSearch
  readonly change: ChangeSearch
  readonly expression: Expression | undefined
  readonly condition: Condition
  readonly matches: ReturnType<typeof useMatches>
  readonly columns: readonly string[]
  readonly projectKeys: readonly { readonly key: string; readonly count: number }[]
  /** The number of resources of the project. */
  readonly all: number | undefined
  readonly onFilters: () => void
  /** The plot between the bar and the table. */
  readonly coverage: ReactNode
}

/** The bar above the matches and the matches. */
export function Results(props: Props) {
  const { search, change, condition, matches, columns, projectKeys, coverage } = props
  const { query, pages } = matches
  const project = useProject()
  const first = pages?.[0]
  const total = first?.total_count ?? 0
  const resources = useMemo(() => (pages ?? []).flatMap((page) => page.resources), [pages])
  const { choice, setChoice } = useChoice(JSON.stringify(condition))
  const [target, setTarget] = useState<TagTarget>()
  const exporting = useExport()
  const live = useLive(project).data?.revision
  const whyNotTag = useWhyNotTag(choice, search.asOf)
  const isBehind = search.asOf === undefined && first !== undefined && live !== undefined && live > first.revision
  const exportAll = (format: ExportFormat) => void exporting.start(condition, format)
  const exportChoice = (format: ExportFormat) => {
    if (choice.kind === 'all') exportAll(format)
    else
      save(
        resources.filter((each) => choice.ids.has(idOf(each))),
        format,
        project.name,
      )
  }
  return (
    <>
      {sizeOf(choice, total) > 0 ? (
        <ChoiceBar
          choice={choice}
          total={total}
          onChoice={setChoice}
          onExport={exportChoice}
          onTag={() => setTarget(targetOf(choice, resources, condition, total))}
          whyNotTag={whyNotTag}
        />
      ) : (
        <ToolBar
          search={search}
          change={change}
          condition={condition}
          total={first?.total_count}
          all={props.all}
          revision={first?.revision}
          onNewer={isBehind && (pages?.length ?? 0) > 1 ? () => void query.refetch() : undefined}
          onExport={exportAll}
          onFilters={props.onFilters}
          columnsButton={
            <ColumnsButton
              keys={projectKeys}
              columns={columns}
              onChange={(next) => change({ columns: next }, 'replace')}
              onReset={() => change({ columns: undefined }, 'replace')}
            />
          }
        />
      )}
      <ExportState {...exporting} />
      {coverage}
      <Matches {...props} resources={resources} choice={choice} onChoice={setChoice} />
      {target !== undefined && (
        <TagDialog
          target={target}
          onClose={() => {
            setTarget(undefined)
            setChoice(NOTHING)
          }}
        />
      )}
    </>
  )
}

/** The table in its states: first answer awaited, failed, newer rows awaited, nothing found. */
function Matches({
  search,
  change,
  expression,
  condition,
  matches: { query, pages, isOld },
  columns,
  resources,
  choice,
  onChoice,
}: Props & {
  readonly resources: readonly Resource[]
  readonly choice: Choice
  readonly onChoice: (choice: Choice) => void
}) {
  const first = pages?.[0]
  const isAwaited = isOld && query.isFetching
  const { fetchNextPage } = query
  const withShares = useShares(columns, first)
  // The table is drawn again only for other rows: drawing it takes longer than all the rest.
  const open = useCallback((resource: string) => change({ resource }), [change])
  const loadMore = useCallback(() => void fetchNextPage(), [fetchNextPage])
  const empty = useMemo(
    () => expression && <NoMatch expression={expression} condition={condition} change={change} />,
    [expression, condition, change],
  )
  return (
    <div className="relative flex min-h-0 grow flex-col bg-surface">
      <LoadingLine isLoading={query.isFetching && !query.isFetchingNextPage} />
      {query.error !== null && <ErrorNotice error={query.error} onRetry={() => void query.refetch()} />}
      {first === undefined && query.isPending && expression !== undefined && <Loading />}
      {first !== undefined && (
        <div className={`flex min-h-0 grow flex-col ${isAwaited ? 'opacity-60' : ''}`} aria-busy={isAwaited}>
          <ResultsTable
            resources={resources}
            columns={withShares}
            openId={search.resource}
            onOpen={open}
            choice={choice}
            onChoice={onChoice}
            onLoadMore={query.hasNextPage && !isOld ? loadMore : undefined}
            isLoadingMore={query.isFetchingNextPage}
            empty={resources.length === 0 ? empty : undefined}
          />
        </div>
      )}
    </div>
  )
}

/** The keys of the columns with their shares of the matches; the same object while nothing of them changes. */
function useShares(columns: readonly string[], first: SearchAnswer | undefined) {
  return useMemo(() => {
    const counts = first?.facets?.find(({ keys }) => keys !== undefined)?.keys
    const total = first?.total_count ?? 0
    return columns.map((key) => {
      const count = counts?.find((each) => each.key === key)?.count ?? 0
      return { key, share: total === 0 ? 0 : count / total }
    })
  }, [columns, first])
}

/** How far an export is, and why it failed. */
function ExportState({ state, error, stop }: ReturnType<typeof useExport>) {
  const texts = useTexts(exploreTexts)
  const format = useFormat()
  if (error !== undefined) return <ErrorNotice error={error} />
  if (state === undefined) return null
  return (
    <p
      role="status"
      className="flex items-center gap-3 border-b border-line bg-surface px-3 py-1 text-body tabular-nums"
    >
      {texts.exporting(format.number(state.done), format.number(state.total))}
      <Button size="small" onPress={stop}>
        {texts.stop}
      </Button>
    </p>
  )
}

/** Why the chosen resources cannot be tagged; undefined if they can. */
function useWhyNotTag(choice: Choice, asOf: string | undefined): string | undefined {
  const texts = useTexts(exploreTexts)
  const format = useFormat()
  const whyNot = useWhyNot()
  if (asOf !== undefined) return texts.readOnlyPast
  if (choice.kind === 'some' && choice.ids.size === 1) return whyNot('tagwerk:tags:update')
  if (choice.kind === 'some' && choice.ids.size > IDS_MAX) return texts.tooMany(format.number(IDS_MAX))
  return whyNot('tagwerk:plans:create')
}

function targetOf(choice: Choice, resources: readonly Resource[], condition: Condition, total: number): TagTarget {
  if (choice.kind === 'all') return { kind: 'all', condition, total }
  const chosen = resources.filter((each) => choice.ids.has(idOf(each)))
  const [first] = chosen
  if (first !== undefined && chosen.length === 1) {
    const { resource_type: type, resource_id: id, resource_name: name } = first
    return { kind: 'one', type, id, name: name || id }
  }
  return { kind: 'some', ids: chosen.map(({ resource_type: type, resource_id: id }) => ({ type, id })) }
}
