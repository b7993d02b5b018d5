import { ArrowRight } from 'lucide-react'
import { BothChoice } from '../plans/both-choice.tsx'
import type { IfBoth } from '../plans/plan-types.ts'
import { useFormat } from '../text/format.ts'
import { useTexts } from '../text/texts.ts'
import { Select } from '../ui/choice.tsx'
import { TextField } from '../ui/fields.tsx'
import { TagValue } from '../ui/marks.tsx'
import { editorTexts } from './editor-texts.ts'
import { exactValues, isAllowed } from './fix-model.ts'
import type { Rule } from './queries.ts'

/** Which keys are renamed, and what becomes of resources with both. */
export function CaseFields({
  keyName,
  spellings,
  ifBoth,
  onIfBoth,
}: {
  readonly keyName: string
  readonly spellings: readonly string[]
  readonly ifBoth: IfBoth
  readonly onIfBoth: (ifBoth: IfBoth) => void
}) {
  const texts = useTexts(editorTexts)
  const words = {
    whereBoth: texts.fixBoth,
    refuse: texts.fixBothRefuse,
    keepTo: texts.fixBothKeepTo(keyName),
    keepFrom: texts.fixBothKeepFrom,
  }
  return (
    <>
      <div>
        <p className="text-body">{texts.fixCase}</p>
        <ul className="max-h-40 overflow-auto pt-1">
          {spellings.map((from) => (
            <li key={from} className="flex items-center gap-2 font-mono text-body">
              {from} <ArrowRight className="size-3.5 text-ink-3" aria-hidden="true" /> {keyName}
            </li>
          ))}
        </ul>
      </div>
      <BothChoice texts={words} value={ifBoth} onChange={onIfBoth} />
    </>
  )
}

/** A replacement for each value that is not allowed. */
export function ValueFields({
  rule,
  values,
  more,
  targets,
  onTarget,
}: {
  readonly rule: Rule
  readonly values: readonly { readonly value: string; readonly count: number }[]
  readonly more: number
  readonly targets: ReadonlyMap<string, string>
  /** The empty text: it stays. */
  readonly onTarget: (from: string, to: string) => void
}) {
  const texts = useTexts(editorTexts)
  const format = useFormat()
  const exact = exactValues(rule)
  const options = [{ id: '', label: texts.fixLeave }, ...exact.map((value) => ({ id: value, label: value }))]
  return (
    <div>
      <p className="pb-1 text-body">{texts.fixValues}</p>
      <div className="max-h-80 overflow-auto">
        <table className="w-full text-body">
          <tbody>
            {values.slice(0, SHOWN_MAX).map(({ value, count }) => (
              <tr key={value} className="border-t border-line">
                <th scope="row" className="max-w-48 truncate py-1 pr-2 text-left font-normal" title={value}>
                  <TagValue value={value} />
                </th>
                <td className="pr-3 text-right text-small text-ink-3 tabular-nums">{format.number(count)}</td>
                <td className="py-1">
                  {exact.length > 0 ? (
                    <Select
                      label={texts.fixValueOf(value)}
                      isLabelHidden
                      options={options}
                      value={targets.get(value) ?? ''}
                      onChange={(to) => onTarget(value, to)}
                    />
                  ) : (
                    <TextField
                      label={texts.fixValueOf(value)}
                      isLabelHidden
                      isMono
                      value={targets.get(value) ?? ''}
                      onChange={(to) => onTarget(value, to)}
                      error={notAllowed(rule, targets.get(value) ?? '', texts.fixValueNotAllowed)}
                    />
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {more + Math.max(0, values.length - SHOWN_MAX) > 0 && (
        <p className="pt-1 text-small text-ink-3">
          {texts.fixMore(format.number(more + Math.max(0, values.length - SHOWN_MAX)))}
        </p>
      )}
    </div>
  )
}

/** Values that are replaced one by one in a dialog. */
const SHOWN_MAX = 100

/** The value that resources get that lack the key. */
export function MissingFields({
  rule,
  count,
  value,
  onChange,
}: {
  readonly rule: Rule
  readonly count: number | undefined
  readonly value: string
  readonly onChange: (value: string) => void
}) {
  const texts = useTexts(editorTexts)
  const format = useFormat()
  const exact = exactValues(rule)
  const isExact = exact.length > 0 && exact.length === rule.tag_value?.length
  return (
    <>
      <p className="text-body">
        {texts.fixMissing}
        {count !== undefined && <span className="text-ink-3"> · {texts.fixResources(format.number(count))}</span>}
      </p>
      {isExact ? (
        <Select
          label={texts.fixValue}
          options={exact.map((each) => ({ id: each, label: each }))}
          value={value}
          onChange={onChange}
        />
      ) : (
        <TextField
          label={texts.fixValue}
          isMono
          value={value}
          onChange={onChange}
          error={notAllowed(rule, value, texts.fixValueNotAllowed)}
        />
      )}
    </>
  )
}

function notAllowed(rule: Rule, value: string, words: string): string | undefined {
  return value === '' || isAllowed(rule, value) ? undefined : words
}
