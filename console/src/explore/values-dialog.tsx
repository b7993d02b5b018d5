import { useState } from 'react'
import type { Expression } from '../../../src/core/expression/expression.ts'
import { useFormat } from '../text/format.ts'
import { useTexts } from '../text/texts.ts'
import { Dialog } from '../ui/dialog.tsx'
import { SearchField } from '../ui/fields.tsx'
import { ErrorNotice, LoadingLine } from '../ui/states.tsx'
import { valueRow } from './key-facet.tsx'
import { type Condition, useValues } from './queries.ts'
import { exploreTexts } from './texts.ts'
import { ValueList } from './value-list.tsx'

/** Values that stand in the dialog at once; a text finds the others. */
const VALUES_SHOWN = 100

/** All values of a key, to be searched and chosen. */
export function ValuesDialog({
  name,
  condition,
  expression,
  onChange,
  onClose,
}: {
  /** The key; undefined: closed. */
  readonly name: string | undefined
  readonly condition: Condition
  readonly expression: Expression
  readonly onChange: (expression: Expression) => void
  readonly onClose: () => void
}) {
  const texts = useTexts(exploreTexts)
  const format = useFormat()
  const [text, setText] = useState('')
  const { data, isFetching, error, refetch } = useValues(condition, name)
  const found = (data?.values ?? []).filter(({ value }) => value.toLowerCase().includes(text.toLowerCase()))
  const shown = found.slice(0, VALUES_SHOWN)
  const left = found.length - shown.length + (data?.more ?? 0)
  const close = () => {
    setText('')
    onClose()
  }
  if (name === undefined) return null
  return (
    <Dialog title={texts.valuesOf(name)} isOpen onClose={close}>
      <div>
        <SearchField label={texts.findValue} value={text} onChange={setText} clearLabel={texts.clear} />
        <LoadingLine isLoading={isFetching} />
      </div>
      {error !== null && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      <div className="max-h-96 min-h-24 overflow-auto">
        <ValueList
          label={texts.valuesOf(name)}
          rows={shown.map((each) => valueRow(each, name, expression, onChange))}
        />
        {found.length === 0 && data !== undefined && <p className="px-2 text-body text-ink-2">{texts.noValue}</p>}
      </div>
      {left > 0 && <p className="text-small text-ink-2">{texts.valuesLeft(format.number(left))}</p>}
    </Dialog>
  )
}
