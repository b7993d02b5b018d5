import { memo, useCallback, useState } from 'react'
import type { Expression } from '../../../src/core/expression/expression.ts'
import { textOfFilter } from '../query/chips.ts'
import { conditionOnUntagged, keysOf, toggleUntagged } from '../query/facets.ts'
import { useFormat } from '../text/format.ts'
import { useTypeName } from '../text/resource-types.ts'
import { useTexts } from '../text/texts.ts'
import { SearchField } from '../ui/fields.tsx'
import { KeyFacet } from './key-facet.tsx'
import {
  type Condition,
  type Facet,
  KEYS_LISTED,
  type SearchAnswer,
  useFacets,
  useKeys,
  useNearKeys,
  useTypeCounts,
} from './queries.ts'
import type { ChangeSearch } from './search.ts'
import { exploreTexts } from './texts.ts'
import { ValueList, type ValueRow } from './value-list.tsx'
import { ValuesDialog } from './values-dialog.tsx'

type Props = {
  readonly expression: Expression | undefined
  readonly condition: Condition
  /** The first page of the matches, with its facets; for a moment that of the condition before. */
  readonly first: SearchAnswer | undefined
  /** `first` is not yet that of the condition. */
  readonly isOld: boolean
  /** The keys of the project, most used first. */
  readonly projectKeys: readonly { readonly key: string }[]
  readonly openKeys: readonly string[]
  readonly onOpenKeys: (keys: readonly string[]) => void
  readonly change: ChangeSearch
}

/** The panel at the left: types, then keys by coverage with their values. */
export const Facets = memo(function Facets(props: Props) {
  const { expression, condition, first, isOld, openKeys, onOpenKeys, change } = props
  const [text, setText] = useState('')
  const [keyOfDialog, setKeyOfDialog] = useState<string>()
  const texts = useTexts(exploreTexts)
  const format = useFormat()
  const near = useNearKeys()
  const values = useFacets(condition, openKeys, first, isOld)
  const keysFacet = first?.facets?.find(({ keys }) => keys !== undefined)
  const { keys, unlisted } = useListedKeys(props, keysFacet, text)
  const setExpression = useCallback((next: Expression) => change({ filter: textOfFilter(next) }), [change])
  const setOpen = useCallback(
    (key: string, isOpen: boolean) => onOpenKeys(isOpen ? [...openKeys, key] : openKeys.filter((each) => each !== key)),
    [openKeys, onOpenKeys],
  )
  return (
    <div className="flex flex-col gap-3 p-2 pb-6">
      <TypeFacet {...props} keysFacet={keysFacet} />
      <section aria-label={texts.keys} className="flex flex-col">
        <h2 className="flex justify-between px-2 pb-1.5 text-small font-medium text-ink-2">
          {texts.keys}
          <span className="tabular-nums">
            {keysFacet && format.number((keysFacet.keys?.length ?? 0) + keysFacet.more)}
          </span>
        </h2>
        <SearchField label={texts.findKey} value={text} onChange={setText} clearLabel={texts.clear} />
        <div className="flex flex-col pt-1">
          {keys.map(({ key, count }) => (
            <KeyFacet
              key={key}
              name={key}
              share={first === undefined || first.total_count === 0 ? 0 : count / first.total_count}
              near={near.get(key)}
              isOpen={openKeys.includes(key)}
              onOpen={setOpen}
              facet={openKeys.includes(key) ? values.get(key) : undefined}
              expression={openKeys.includes(key) ? expression : undefined}
              onChange={setExpression}
              onShowAll={setKeyOfDialog}
            />
          ))}
          {keys.length === 0 && text !== '' && <p className="px-2 py-2 text-small text-ink-2">{texts.noKey}</p>}
          {unlisted > 0 && <p className="px-2 py-2 text-small text-ink-2">{texts.moreKeys(format.number(unlisted))}</p>}
        </div>
      </section>
      {expression !== undefined && (
        <ValuesDialog
          name={keyOfDialog}
          condition={condition}
          expression={expression}
          onChange={setExpression}
          onClose={() => setKeyOfDialog(undefined)}
        />
      )}
    </div>
  )
})

/** The keys that stand in the panel: the most used ones, or those with a text in their name, and how many do not. */
function useListedKeys({ expression, condition, projectKeys }: Props, facet: Facet | undefined, text: string) {
  const counted = useKeys(condition, text !== '' && (facet?.more ?? 0) > 0)
  const found = text === '' ? facet : (counted ?? facet)
  const wanted = text.toLowerCase()
  const all = listedKeys(found, expression, projectKeys).filter(({ key }) => key.toLowerCase().includes(wanted))
  const keys = all.slice(0, KEYS_LISTED)
  return { keys, unlisted: all.length - keys.length + (found?.more ?? 0) }
}

/**
 * The keys of the matches, and those that the query names even if no match has them. Their order is that of the project, so that a
 * click does not move what is under the pointer.
 */
function listedKeys(
  facet: Facet | undefined,
  expression: Expression | undefined,
  projectKeys: readonly { readonly key: string }[],
) {
  const counted = facet?.keys ?? []
  const named = expression === undefined ? [] : keysOf(expression)
  const uncounted = named.filter((key) => !counted.some((each) => each.key === key)).map((key) => ({ key, count: 0 }))
  const places = new Map(projectKeys.map(({ key }, at) => [key, at]))
  const placeOf = ({ key }: { readonly key: string }) => places.get(key) ?? places.size
  return [...counted, ...uncounted].sort((one, other) => placeOf(one) - placeOf(other))
}

function TypeFacet({
  expression,
  condition,
  first,
  keysFacet,
  change,
}: Props & { readonly keysFacet: Facet | undefined }) {
  const texts = useTexts(exploreTexts)
  const typeName = useTypeName()
  const { types } = condition
  const all = useTypeCounts(condition, expression !== undefined)
  const counts = Object.entries((types.length > 0 ? all : undefined) ?? first?.counts ?? {})
  const chosen = types.filter((type) => !counts.some(([name]) => name === type)).map((type) => [type, 0] as const)
  const rows: ValueRow[] = [...counts, ...chosen].map(([type, count]) => {
    const others = types.filter((each) => each !== type)
    return {
      id: type,
      name: typeName(type),
      count,
      state: types.includes(type) ? 'on' : 'off',
      onToggle: () => change({ types: others.length < types.length ? others : [...types, type] }),
      // There is no list of types not to have: all others are chosen.
      onExclude: () => change({ types: counts.map(([name]) => name).filter((name) => name !== type) }),
    }
  })
  if (expression !== undefined) {
    const toggle = (isExcluded: boolean) => change({ filter: textOfFilter(toggleUntagged(expression, isExcluded)) })
    const state = conditionOnUntagged(expression)
    rows.push({
      id: '(untagged)',
      name: texts.untagged,
      content: <span className="text-ink-2 italic">{texts.untagged}</span>,
      count: keysFacet?.without_key,
      state: state === 'included' ? 'on' : (state ?? 'off'),
      onToggle: () => toggle(false),
      onExclude: () => toggle(true),
    })
  }
  return (
    <section aria-label={texts.type}>
      <h2 className="px-2 pb-1 text-small font-medium text-ink-2">{texts.type}</h2>
      <ValueList label={texts.type} rows={rows} />
    </section>
  )
}
