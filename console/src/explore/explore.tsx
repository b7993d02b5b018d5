import { useDeferredValue, useMemo, useState } from 'react'
import { textOfFilter } from '../query/chips.ts'
import { keysOf } from '../query/facets.ts'
import { QueryBar } from '../query/query-bar.tsx'
import { OpenResource } from '../resource/resource-drawer.tsx'
import { useTitle } from '../shell/title.ts'
import { useTexts } from '../text/texts.ts'
import { PastBanner } from './as-of.tsx'
import { CoveragePlot } from './coverage-plot.tsx'
import { Facets } from './facets.tsx'
import { FacetsFrame } from './facets-frame.tsx'
import { type Condition, useMatches, useProjectKeys } from './queries.ts'
import { Results } from './results.tsx'
import { useExploreSearch } from './search.ts'
import { exploreTexts } from './texts.ts'

/** Keys that stand as columns until somebody chooses others. */
const COLUMNS_DEFAULT = 3
/** Keys that are open until somebody folds them. */
const OPEN_DEFAULT = 2
const NO_KEYS: readonly { readonly key: string; readonly count: number }[] = []

/** The home of a project: its resources by type, key and value. */
export function Explore() {
  const texts = useTexts(exploreTexts)
  useTitle(texts.title)
  const { search, read, change } = useExploreSearch()
  const { expression } = read
  const [areFacetsOpen, setFacetsOpen] = useState(false)
  const condition = useCondition(search.types, search.asOf, expression && textOfFilter(expression), search.filter)
  const projectKeys = useProjectKeys(search.asOf)
  const keys = projectKeys.data?.keys
  const { openKeys, setOpenKeys } = useOpenKeys(keys, expression === undefined ? [] : keysOf(expression))
  // The keys come first, so that one search brings the rows and the values of the keys that are open.
  const matches = useMatches(condition, openKeys, expression !== undefined && !projectKeys.isPending)
  const first = matches.pages?.[0]
  // Deferred, so that React commits the rows before the facets, which take longer to render.
  const counted = useDeferredValue(first)
  const columns = useMemo(
    () => search.columns ?? (keys ?? []).slice(0, COLUMNS_DEFAULT).map(({ key }) => key),
    [search.columns, keys],
  )
  const countedKeys = counted?.facets?.find((facet) => facet.keys !== undefined)?.keys ?? keys ?? NO_KEYS
  return (
    <div className="relative flex min-h-0 grow">
      <FacetsFrame isOpen={areFacetsOpen} onClose={() => setFacetsOpen(false)}>
        <Facets
          expression={expression}
          condition={condition}
          first={counted}
          isOld={matches.isOld || counted !== first}
          projectKeys={keys ?? NO_KEYS}
          openKeys={openKeys}
          onOpenKeys={setOpenKeys}
          change={change}
        />
      </FacetsFrame>
      <div className="flex min-w-0 grow flex-col">
        <QueryBar
          expression={expression}
          condition={condition}
          keys={countedKeys}
          onChange={(filter, how) => change({ filter }, how)}
        />
        {search.asOf !== undefined && (
          <PastBanner asOf={search.asOf} revision={first?.revision} onBack={() => change({ asOf: undefined })} />
        )}
        <Results
          search={search}
          change={change}
          expression={expression}
          condition={condition}
          matches={matches}
          columns={columns}
          projectKeys={keys ?? NO_KEYS}
          all={projectKeys.data?.total}
          onFilters={() => setFacetsOpen(true)}
          coverage={search.isCoverageShown && <CoveragePlot keys={columns} asOf={search.asOf} />}
        />
      </div>
      <OpenResource filter={condition.filter} asOf={search.asOf} />
    </div>
  )
}

/** What is searched for; the same object while nothing of it changes. A filter that cannot be read stays as it is. */
function useCondition(
  types: readonly string[],
  asOf: string | undefined,
  canonical: string | undefined,
  written: string | undefined,
): Condition {
  const filter = canonical ?? written
  return useMemo(() => ({ filter, types, asOf }), [filter, types, asOf])
}

/** The keys whose values are shown: at first those of the query and the most used ones. */
function useOpenKeys(keys: readonly { readonly key: string }[] | undefined, named: readonly string[]) {
  const [chosen, setOpenKeys] = useState<readonly string[]>()
  const top = keys?.slice(0, OPEN_DEFAULT).map(({ key }) => key)
  const [initial, setInitial] = useState<readonly string[]>()
  // The open keys stay the same when counts reorder the keys later. Set during render, because the first search needs them.
  if (initial === undefined && top !== undefined) setInitial(top)
  const sign = JSON.stringify(named)
  // biome-ignore lint/correctness/useExhaustiveDependencies: `sign` stands for the names
  const openKeys = useMemo(() => chosen ?? [...new Set([...named, ...(initial ?? [])])], [chosen, sign, initial])
  return { openKeys, setOpenKeys }
}
