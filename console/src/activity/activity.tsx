import { ArrowUp, SlidersHorizontal } from 'lucide-react'
import { useMemo, useRef, useState } from 'react'
import { useActivityCount } from '../changes/activity-query.ts'
import { edgeAt, edgesOf } from '../changes/edges.ts'
import { RangeBars } from '../changes/range-bars.tsx'
import { FacetsFrame } from '../explore/facets-frame.tsx'
import { OpenResource } from '../resource/resource-drawer.tsx'
import { useProject } from '../session/project.ts'
import { useTitle } from '../shell/title.ts'
import { useFormat } from '../text/format.ts'
import { useTexts } from '../text/texts.ts'
import { Button } from '../ui/button.tsx'
import { CopyAs, shellQuoted } from '../ui/copy-as.tsx'
import { EmptyState, ErrorNotice, Loading, LoadingLine } from '../ui/states.tsx'
import { ActivityFacets } from './facets.tsx'
import { Feed } from './feed.tsx'
import { useAutoShow, useFeed, useLatestGroups } from './queries.ts'
import { type ActivitySearch, conditionsOf, timesOf, useActivitySearch } from './search.ts'
import { activityTexts } from './texts.ts'

/** What happens in the project: a feed of changes by plan or request, which follows the present. */
export function Activity() {
  const texts = useTexts(activityTexts)
  useTitle(texts.title)
  const { search, change } = useActivitySearch()
  const latest = useLatestGroups(search)
  const [areFacetsOpen, setFacetsOpen] = useState(false)
  return (
    <div className="relative flex min-h-0 grow">
      <FacetsFrame isOpen={areFacetsOpen} onClose={() => setFacetsOpen(false)}>
        <ActivityFacets latest={latest} search={search} change={change} />
      </FacetsFrame>
      <div className="flex min-w-0 grow flex-col bg-surface">
        <Head search={search} change={change} onFilters={() => setFacetsOpen(true)} />
        <FeedPane search={search} />
      </div>
      <OpenResource />
    </div>
  )
}

/** The bars of the whole time, over which a part can be chosen, and their numbers in words. */
function Head({
  search,
  change,
  onFilters,
}: {
  readonly search: ActivitySearch
  readonly change: (changes: Partial<ActivitySearch>) => void
  readonly onFilters: () => void
}) {
  const texts = useTexts(activityTexts)
  const format = useFormat()
  const project = useProject()
  const { data } = useActivityCount(conditionsOf(search))
  const edges = useMemo(() => (data === undefined ? [] : edgesOf(data)), [data])
  const last = edges.length - 1
  const { since, until } = search
  const low = since === undefined ? 0 : edgeAt(edges, Date.parse(since))
  const high = until === undefined ? last : Math.max(low, edgeAt(edges, Date.parse(until) + 1))
  const counts = data?.points.map(({ changes }) => changes) ?? []
  const shown = counts.slice(low, high).reduce((sum, count) => sum + count, 0)
  const choose = ([from, to]: readonly [number, number]) =>
    change({
      since: from === 0 ? undefined : edges[from],
      // Both times are included.
      until: to === last ? undefined : new Date(Date.parse(edges[to] as string) - 1).toISOString(),
    })
  const query = new URLSearchParams(
    Object.entries({ ...conditionsOf(search), ...timesOf(search) }).flatMap(([name, value]) =>
      (Array.isArray(value) ? value : [value]).map((each): [string, string] => [name, each]),
    ),
  ).toString()
  const path = `/tagwerk/v1/${project.id}/activity/groups${query === '' ? '' : `?${query}`}`
  return (
    <section aria-label={texts.range} data-region="range" className="shrink-0 border-b border-line px-2 pt-1.5 pb-1">
      <div className="flex min-h-8 flex-wrap items-center gap-x-3 gap-y-1 px-2 pb-1.5">
        <h1 className="text-lead font-semibold">{texts.title}</h1>
        <span className="facets:hidden">
          <Button size="small" onPress={onFilters} aria-haspopup="dialog">
            <SlidersHorizontal className="size-4" aria-hidden="true" />
            {texts.filters}
          </Button>
        </span>
        {data !== undefined && data.points.length > 0 && (
          <p aria-live="polite" className="text-small text-ink-2 tabular-nums">
            {texts.bars(format.number(shown), wordOf(data.interval, texts))}
            {data.complete_from !== undefined && ` ${texts.completeFrom(format.dateTime(data.complete_from))}`}
          </p>
        )}
        <span className="ml-auto flex items-center gap-1">
          {(since !== undefined || until !== undefined) && (
            <Button size="small" onPress={() => change({ since: undefined, until: undefined })}>
              {texts.wholeTime}
            </Button>
          )}
          <CopyAs call={{ method: 'GET', path }} command={commandOf(search, project.name)} />
        </span>
      </div>
      {counts.length > 0 && (
        <RangeBars
          label={texts.range}
          names={[texts.from, texts.to]}
          counts={counts}
          edges={edges}
          range={[low, high]}
          onChange={choose}
          tone="accent"
          heightClass="h-12"
        />
      )}
    </section>
  )
}

type Words = { readonly minute: string; readonly hour: string; readonly day: string; readonly month: string }

function wordOf(interval: string, { minute, hour, day, month }: Words): string {
  return { minute, hour, day, month }[interval] ?? interval
}

/** The same as a command, which lists changes one by one. */
function commandOf({ actor, types, key, cause, since, until }: ActivitySearch, project: string): string {
  const options = Object.entries({ actor, type: types.join(',') || undefined, key, cause, since, until })
  const parts = options.flatMap(([name, value]) => (value === undefined ? [] : [`--${name} ${shellQuoted(value)}`]))
  return ['tagwerk log', ...parts, `--project ${shellQuoted(project)}`].join(' ')
}

/** How far from the top somebody still reads the newest group. */
const TOP_PX = 8

function FeedPane({ search }: { readonly search: ActivitySearch }) {
  const texts = useTexts(activityTexts)
  const format = useFormat()
  const [isAtTop, setAtTop] = useState(true)
  const box = useRef<HTMLElement>(null)
  const feed = useFeed(search)
  const { pages, groups, waiting } = feed
  useAutoShow(feed, isAtTop)
  const { data, error, isFetching, isFetchingNextPage, hasNextPage, fetchNextPage, refetch } = pages
  const horizon = data?.pages.at(-1)?.horizon ?? 0
  const isFiltered = Object.keys({ ...conditionsOf(search), ...timesOf(search) }).length > 0
  return (
    <div className="relative flex min-h-0 grow flex-col">
      <LoadingLine isLoading={isFetching && !isFetchingNextPage} />
      {waiting > 0 && !isAtTop && (
        <span className="absolute top-2 left-1/2 z-10 -translate-x-1/2 rounded-full shadow-float">
          <Button
            variant="solid"
            size="small"
            onPress={() => {
              feed.show()
              box.current?.scrollTo({ top: 0 })
              setAtTop(true)
            }}
          >
            <ArrowUp className="size-3.5" aria-hidden="true" />
            {texts.waiting(format.number(waiting))}
          </Button>
        </span>
      )}
      <span role="status" className="sr-only">
        {waiting > 0 ? texts.announced(format.number(waiting)) : ''}
      </span>
      <section
        ref={box}
        data-results
        aria-label={texts.feed}
        className={`@container min-h-0 grow overflow-auto ${pages.isPlaceholderData ? 'opacity-60' : ''}`}
        onScroll={({ currentTarget }) => setAtTop(currentTarget.scrollTop <= TOP_PX)}
      >
        {error !== null && <ErrorNotice error={error} onRetry={() => void refetch()} />}
        {data === undefined && isFetching && <Loading />}
        {data !== undefined && groups.length === 0 && (
          <EmptyState title={isFiltered ? texts.noMatch : texts.noChanges}>
            {isFiltered ? texts.noMatchHint : texts.noChangesHint}
          </EmptyState>
        )}
        {groups.length > 0 && <Feed groups={groups} search={search} />}
        {hasNextPage && (
          <div className="px-4 py-3">
            <Button isPending={isFetchingNextPage} onPress={() => void fetchNextPage()}>
              {texts.earlier}
            </Button>
          </div>
        )}
        {data !== undefined && !hasNextPage && horizon > 0 && (
          <p className="px-4 py-3 text-small text-ink-3">{texts.horizon(format.number(horizon))}</p>
        )}
      </section>
    </div>
  )
}
