import { ChevronRight } from 'lucide-react'
import { memo, useId } from 'react'
import { Link } from 'react-aria-components'
import type { Expression } from '../../../src/core/expression/expression.ts'
import { useHref } from '../hrefs.ts'
import { conditionOn, toggleExcluded, toggleHaving, toggleLacking, toggleValue } from '../query/facets.ts'
import { useFormat } from '../text/format.ts'
import { useTexts } from '../text/texts.ts'
import { WithTooltip } from '../ui/button.tsx'
import { Meter, TagValue } from '../ui/marks.tsx'
import type { Facet } from './queries.ts'
import { exploreTexts } from './texts.ts'
import { ValueList, type ValueRow } from './value-list.tsx'

/** Values of an open key that the panel shows; those that the query names come on top. */
const VALUES_SHOWN = 5

type Props = {
  readonly name: string
  readonly share: number
  /** The kind of its near-duplicates, if it has some. */
  readonly near: string | undefined
  readonly isOpen: boolean
  readonly onOpen: (name: string, isOpen: boolean) => void
  /** Only of a key that is open, as the query is. */
  readonly facet: Facet | undefined
  readonly expression: Expression | undefined
  readonly onChange: (expression: Expression) => void
  readonly onShowAll: (name: string) => void
}

/** A key with its coverage, and when it is open with its values. */
export const KeyFacet = memo(function KeyFacet(props: Props) {
  const { name, share, near, isOpen, onOpen } = props
  const texts = useTexts(exploreTexts)
  const format = useFormat()
  const href = useHref()
  const bodyId = useId()
  const percent = format.percent(share)
  return (
    <div>
      <div className="flex h-7 items-center gap-2 rounded-control pr-2 hover:bg-hover">
        {/* A button of the browser: there are fifty, and those of React Aria take longer to draw. */}
        <button
          type="button"
          aria-expanded={isOpen}
          aria-controls={bodyId}
          aria-label={texts.coverageOf(name, percent)}
          onClick={() => onOpen(name, !isOpen)}
          className="flex h-full min-w-0 grow cursor-default items-center gap-1.5 rounded-control pl-1 text-left focus-visible:-outline-offset-2"
        >
          <ChevronRight
            className={`size-4 shrink-0 text-ink-3 transition-transform duration-120 ${isOpen ? 'rotate-90' : ''}`}
            aria-hidden="true"
          />
          <span className="truncate font-mono text-body font-medium" title={name}>
            {name}
          </span>
        </button>
        {near !== undefined && (
          <WithTooltip hint={texts.near(name)}>
            <Link
              href={href('clean-up', near === 'certain' ? {} : { kind: near })}
              aria-label={texts.near(name)}
              className="flex h-5 w-5 shrink-0 items-center justify-center rounded-mark bg-warn-tint text-small text-warn focus-ring"
            >
              ≈
            </Link>
          </WithTooltip>
        )}
        <Meter share={share} />
        <span className="w-11 shrink-0 text-right text-body whitespace-nowrap text-ink-2 tabular-nums">{percent}</span>
      </div>
      {/* The name of the button says it; the list is there only while it is open. */}
      <div id={bodyId}>{isOpen && <Values {...props} />}</div>
    </div>
  )
})

function Values({ name, facet, expression, onChange, onShowAll }: Props) {
  const texts = useTexts(exploreTexts)
  const format = useFormat()
  if (facet === undefined || expression === undefined) return <div className="h-6" />
  const { included, excluded } = conditionOn(expression, name)
  const named = [...included, ...excluded]
  const listed = facet.values ?? []
  const isNamed = ({ value }: { readonly value: string }) => named.includes(value)
  const unlisted = named.filter((value) => !listed.some((each) => each.value === value))
  const top = listed.slice(0, VALUES_SHOWN)
  const shown = [
    ...top,
    ...listed.slice(VALUES_SHOWN).filter(isNamed),
    // A value that the query names and the answer does not list is rare, or nowhere.
    ...unlisted.map((value) => ({ value, count: facet.more === 0 ? 0 : undefined })),
  ]
  const hidden = listed.length + facet.more - shown.length + unlisted.length
  return (
    <div className="pb-2 pl-1">
      <ValueList
        label={texts.facetOf(name)}
        rows={[
          ...shown.map((each) => valueRow(each, name, expression, onChange)),
          lackRow(texts, facet, name, expression, onChange),
        ]}
      />
      {hidden > 0 && (
        <button
          type="button"
          onClick={() => onShowAll(name)}
          className="ml-8 cursor-default rounded-mark text-small text-accent hover:underline"
        >
          {texts.moreValues(format.number(hidden))}
        </button>
      )}
    </div>
  )
}

/** The line of a value in the facet of its key. */
export function valueRow(
  { value, count }: { readonly value: string; readonly count: number | undefined },
  key: string,
  expression: Expression,
  onChange: (expression: Expression) => void,
): ValueRow {
  const { included, excluded } = conditionOn(expression, key)
  return {
    id: `value ${value}`,
    name: value,
    content: <TagValue value={value} />,
    count,
    state: included.includes(value) ? 'on' : excluded.includes(value) ? 'excluded' : 'off',
    onToggle: () => onChange(toggleValue(expression, key, value)),
    onExclude: () => onChange(toggleExcluded(expression, key, value)),
  }
}

function lackRow(
  { lacksThisKey }: { readonly lacksThisKey: string },
  facet: Facet,
  key: string,
  expression: Expression,
  onChange: (expression: Expression) => void,
): ValueRow {
  const { includesLacking, excludesLacking } = conditionOn(expression, key)
  return {
    id: '(lacking)',
    name: lacksThisKey,
    content: <span className="text-ink-2 italic">{lacksThisKey}</span>,
    count: facet.without_key,
    state: includesLacking ? 'on' : excludesLacking ? 'excluded' : 'off',
    onToggle: () => onChange(toggleLacking(expression, key)),
    onExclude: () => onChange(toggleHaving(expression, key)),
  }
}
