import { X } from 'lucide-react'
import { useId } from 'react'
import { ListBox, ListBoxItem } from 'react-aria-components'
import { useFormat } from '../text/format.ts'
import { useTexts } from '../text/texts.ts'
import { Button } from '../ui/button.tsx'
import { uiTexts } from '../ui/texts.ts'
import type { FacetCount } from './groups.ts'

const SHOWN_MAX = 8

/** The values of one condition with their counts: one stop of Tab, arrows move, Space chooses and takes back. */
export function Facet({
  title,
  values,
  chosen,
  onChange,
  isMono = false,
  isMultiple = false,
}: {
  readonly title: string
  readonly values: readonly FacetCount[]
  readonly chosen: readonly string[]
  readonly onChange: (chosen: readonly string[]) => void
  readonly isMono?: boolean
  readonly isMultiple?: boolean
}) {
  const texts = useTexts(uiTexts)
  const format = useFormat()
  const titleId = useId()
  const missing = chosen.filter((id) => !values.some((value) => value.id === id))
  const top = values.filter(({ id }, at) => at < SHOWN_MAX || chosen.includes(id))
  const rows = [...missing.map((id) => ({ id, name: id, count: undefined })), ...top]
  if (rows.length === 0) return null
  const largest = Math.max(1, ...rows.map(({ count = 0 }) => count))
  return (
    <section className="flex flex-col gap-0.5">
      <div className="flex h-7 items-center justify-between px-2">
        <h2 id={titleId} className="text-small font-medium text-ink-2">
          {title}
        </h2>
        {chosen.length > 0 && (
          <Button variant="quiet" size="small" label={`${texts.clear}: ${title}`} onPress={() => onChange([])}>
            <X className="size-3.5" aria-hidden="true" />
          </Button>
        )}
      </div>
      <ListBox
        aria-labelledby={titleId}
        selectionMode={isMultiple ? 'multiple' : 'single'}
        selectionBehavior="toggle"
        selectedKeys={chosen}
        onSelectionChange={(keys) => {
          if (keys !== 'all') onChange([...keys].map(String))
        }}
        className="outline-none"
      >
        {rows.map(({ id, name, count }) => (
          <ListBoxItem
            key={id}
            id={id}
            textValue={name}
            className="group relative flex h-6 cursor-default items-center gap-2 rounded-mark px-2 text-body focus-ring-inside data-hovered:bg-hover data-selected:font-semibold"
          >
            <span
              className="absolute inset-y-0.5 left-1 rounded-mark bg-meter group-data-selected:bg-tint"
              style={{ width: `calc(${((count ?? 0) / largest) * 100}% - 0.5rem)` }}
              aria-hidden="true"
            />
            <span
              className={`relative min-w-0 grow truncate group-data-selected:text-accent ${isMono ? 'font-mono' : ''}`}
              title={name}
            >
              {name}
            </span>
            <span className="relative shrink-0 text-ink-2 tabular-nums">
              {count === undefined ? '' : format.number(count)}
            </span>
          </ListBoxItem>
        ))}
      </ListBox>
    </section>
  )
}
