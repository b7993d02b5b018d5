import { Tag } from 'lucide-react'
import { useFormat } from '../text/format.ts'
import { useTexts } from '../text/texts.ts'
import { Button } from '../ui/button.tsx'
import { Menu } from '../ui/menu.tsx'
import type { ExportFormat } from './export.ts'
import { type Choice, NOTHING, sizeOf } from './selection.ts'
import { exploreTexts } from './texts.ts'

/** In place of the tool bar while rows are chosen. */
export function ChoiceBar({
  choice,
  total,
  onChoice,
  onExport,
  onTag,
  whyNotTag,
}: {
  readonly choice: Choice
  /** The number of matches. */
  readonly total: number
  readonly onChoice: (choice: Choice) => void
  readonly onExport: (format: ExportFormat) => void
  readonly onTag: () => void
  readonly whyNotTag: string | undefined
}) {
  const texts = useTexts(exploreTexts)
  const format = useFormat()
  const size = sizeOf(choice, total)
  const count = format.number(size)
  return (
    <div className="flex min-h-11 shrink-0 flex-wrap items-center gap-x-3 gap-y-1 border-b border-tint-edge bg-tint px-3 py-1">
      <span role="status" className="text-body font-semibold tabular-nums">
        {choice.kind === 'all' ? texts.allSelected(count) : texts.selected(count)}
      </span>
      {choice.kind === 'some' && size < total && (
        <Button variant="quiet" onPress={() => onChoice({ kind: 'all' })}>
          {texts.selectAll(format.number(total))}
        </Button>
      )}
      <Button variant="quiet" onPress={() => onChoice(NOTHING)}>
        {texts.clear}
      </Button>
      <div className="ml-auto flex items-center gap-2">
        <Menu
          button={texts.export}
          entries={[
            { id: 'csv', label: texts.exportCsv(count), onAction: () => onExport('csv') },
            { id: 'ndjson', label: texts.exportNdjson(count), onAction: () => onExport('ndjson') },
          ]}
        />
        <Button variant="solid" why={whyNotTag} onPress={onTag}>
          <Tag className="size-4" aria-hidden="true" />
          {texts.tag}
        </Button>
      </div>
    </div>
  )
}
