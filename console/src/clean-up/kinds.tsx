import { ListBox, ListBoxItem } from 'react-aria-components'
import { useFormat } from '../text/format.ts'
import { useTexts } from '../text/texts.ts'
import { KINDS, type Kind } from './search.ts'
import { cleanUpTexts } from './texts.ts'

/** The kinds, each with the number of its groups. */
export function Kinds({
  counts,
  value,
  onChange,
}: {
  readonly counts: Readonly<Record<Kind, number>>
  readonly value: Kind
  readonly onChange: (kind: Kind) => void
}) {
  const texts = useTexts(cleanUpTexts)
  const format = useFormat()
  return (
    <ListBox
      aria-label={texts.kinds}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[value]}
      onSelectionChange={(keys) => {
        const [next] = keys
        if (next !== undefined) onChange(next as Kind)
      }}
      data-region="kinds"
      className="flex shrink-0 gap-0.5 overflow-auto border-line bg-canvas p-2 max-[56rem]:border-b min-[56rem]:w-48 min-[56rem]:flex-col min-[56rem]:border-r"
    >
      {KINDS.map((kind) => (
        <ListBoxItem
          key={kind}
          id={kind}
          textValue={texts[kind]}
          className="flex h-7 shrink-0 cursor-default items-center justify-between gap-3 rounded-control px-2 text-body text-ink-2 focus-ring-inside data-hovered:bg-hover data-selected:bg-tint data-selected:font-medium data-selected:text-accent"
        >
          {texts[kind]}
          <span className="text-small tabular-nums">{format.number(counts[kind])}</span>
        </ListBoxItem>
      ))}
    </ListBox>
  )
}
