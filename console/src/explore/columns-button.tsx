import { Columns3 } from 'lucide-react'
import { useState } from 'react'
import { Button as AriaButton, Dialog as AriaDialog, DialogTrigger, Popover } from 'react-aria-components'
import { useFormat } from '../text/format.ts'
import { prefer, usePreferences } from '../text/preferences.ts'
import { useTexts } from '../text/texts.ts'
import { Button } from '../ui/button.tsx'
import { Checkbox, Segments } from '../ui/choice.tsx'
import { SearchField } from '../ui/fields.tsx'
import { exploreTexts } from './texts.ts'

const SHOWN = 100

/** Chooses the keys that stand as columns, and the height of rows. */
export function ColumnsButton({
  keys,
  columns,
  onChange,
  onReset,
}: {
  readonly keys: readonly { readonly key: string; readonly count: number }[]
  readonly columns: readonly string[]
  readonly onChange: (columns: readonly string[]) => void
  readonly onReset: () => void
}) {
  const texts = useTexts(exploreTexts)
  return (
    <DialogTrigger>
      <AriaButton className="inline-flex h-7 items-center gap-1.5 rounded-control px-2 text-body font-medium whitespace-nowrap text-ink-2 focus-ring data-hovered:bg-hover data-pressed:bg-press">
        <Columns3 className="size-4" aria-hidden="true" />
        {texts.columns}
      </AriaButton>
      <Popover placement="bottom end" className="w-72 rounded-card border border-edge bg-raised p-2 shadow-float">
        <AriaDialog aria-label={texts.columnsHint} className="flex flex-col gap-2 outline-none">
          <KeyChoice keys={keys} columns={columns} onChange={onChange} />
          <div className="flex items-center justify-between border-t border-line pt-2">
            <Density />
            <Button size="small" variant="quiet" onPress={onReset}>
              {texts.columnsReset}
            </Button>
          </div>
        </AriaDialog>
      </Popover>
    </DialogTrigger>
  )
}

function KeyChoice({
  keys,
  columns,
  onChange,
}: Pick<Parameters<typeof ColumnsButton>[0], 'keys' | 'columns' | 'onChange'>) {
  const texts = useTexts(exploreTexts)
  const format = useFormat()
  const [text, setText] = useState('')
  // Those that are shown stand first, in their order; a press does not move the list under the pointer.
  const [first] = useState(columns)
  const all = [
    ...first.map((key) => keys.find((each) => each.key === key) ?? { key, count: 0 }),
    ...keys.filter(({ key }) => !first.includes(key)),
  ]
  const found = all.filter(({ key }) => key.toLowerCase().includes(text.toLowerCase())).slice(0, SHOWN)
  return (
    <>
      <SearchField label={texts.findKey} value={text} onChange={setText} clearLabel={texts.clear} />
      <div className="max-h-72 overflow-auto">
        {found.map(({ key, count }) => (
          <Checkbox
            key={key}
            aria-label={key}
            isSelected={columns.includes(key)}
            onChange={(isOn) => onChange(isOn ? [...columns, key] : columns.filter((each) => each !== key))}
            className="h-7 rounded-control px-2 hover:bg-hover"
          >
            <span className="min-w-0 grow truncate font-mono text-body" title={key}>
              {key}
            </span>
            <span className="text-small text-ink-3 tabular-nums">{format.number(count)}</span>
          </Checkbox>
        ))}
        {found.length === 0 && <p className="px-2 text-small text-ink-2">{texts.noKey}</p>}
      </div>
    </>
  )
}

function Density() {
  const texts = useTexts(exploreTexts)
  const { density } = usePreferences()
  return (
    <Segments
      label={texts.density}
      value={density}
      onChange={(next) => prefer({ density: next })}
      options={[
        { id: 'dense', label: texts.dense },
        { id: 'comfortable', label: texts.comfortable },
      ]}
    />
  )
}
