import { ListFilter } from 'lucide-react'
import { useRef, useState } from 'react'
import type { Expression } from '../../../src/core/expression/expression.ts'
import type { Condition } from '../explore/queries.ts'
import { exploreTexts } from '../explore/texts.ts'
import { useTexts } from '../text/texts.ts'
import { Segments } from '../ui/choice.tsx'
import { AddCondition } from './add-condition.tsx'
import { ChipList } from './chip-list.tsx'
import { chipsOf, textOfFilter } from './chips.ts'
import { withNegated, withoutCondition } from './facets.ts'
import { FilterField } from './filter-field.tsx'

/** The query: chips with a field behind them, or text. */
export function QueryBar({
  expression,
  condition,
  keys,
  onChange,
}: {
  /** Undefined: the text of the address cannot be read. */
  readonly expression: Expression | undefined
  readonly condition: Condition
  readonly keys: readonly { readonly key: string; readonly count: number }[]
  readonly onChange: (filter: string | undefined, how?: 'replace') => void
}) {
  const texts = useTexts(exploreTexts)
  const [form, setForm] = useState<'chips' | 'text'>('chips')
  const box = useRef<HTMLDivElement>(null)
  const isText = form === 'text' || expression === undefined
  const change = (next: Expression) => onChange(textOfFilter(next))
  const focusLastChip = () => {
    const chips = box.current?.querySelectorAll<HTMLElement>('[data-chips] [role=row]')
    chips?.[chips.length - 1]?.focus()
  }
  return (
    <div className="relative z-10 flex shrink-0 items-start gap-2 border-b border-line bg-canvas px-3 py-2.5">
      <div
        ref={box}
        className="flex min-h-8 min-w-0 grow items-start gap-2 rounded-control border border-control bg-surface px-2 py-[3px] focus-within:border-accent"
      >
        <ListFilter className="mt-1 size-4 shrink-0 text-ink-3" aria-hidden="true" />
        {isText ? (
          <FilterField
            filter={expression === undefined ? condition.filter : textOfFilter(expression)}
            onApply={(filter) => onChange(filter, 'replace')}
          />
        ) : (
          <div className="flex min-w-0 grow flex-wrap items-center gap-x-2 gap-y-1">
            <ChipList
              chips={chipsOf(expression)}
              onRemove={(at) => change(withoutCondition(expression, at))}
              onNegate={(at) => change(withNegated(expression, at))}
              onOpenText={() => setForm('text')}
            />
            <AddCondition
              expression={expression}
              condition={condition}
              keys={keys}
              onChange={change}
              onBack={focusLastChip}
            />
          </div>
        )}
      </div>
      <Segments
        label={texts.form}
        value={isText ? 'text' : 'chips'}
        onChange={setForm}
        options={[
          { id: 'chips', label: texts.chips },
          { id: 'text', label: texts.text },
        ]}
      />
    </div>
  )
}
