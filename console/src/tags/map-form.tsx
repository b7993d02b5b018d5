import { useState } from 'react'
import { ACTIONS_MAX } from '../clean-up/choice.ts'
import { useTexts } from '../text/texts.ts'
import { TagValue } from '../ui/marks.tsx'
import { SuggestField } from '../ui/suggest-field.tsx'
import { PlanForm } from './plan-form.tsx'
import { formTexts } from './texts.ts'

/** Makes one value of those that are chosen, by a plan. */
export function MapForm({
  of,
  values,
  onClose,
}: {
  readonly of: string
  readonly values: readonly string[]
  readonly onClose: () => void
}) {
  const texts = useTexts(formTexts)
  const [to, setTo] = useState(values[0] ?? '')
  const [isTried, setTried] = useState(false)
  const wanted = to.trim()
  const from = values.filter((value) => value !== wanted)
  const fault = from.length === 0 ? texts.allSame : undefined
  return (
    <PlanForm
      title={texts.map(of)}
      onClose={onClose}
      toBody={() => {
        setTried(true)
        return fault === undefined ? { select: selectOf(of), actions: actionsOf(of, from, wanted) } : undefined
      }}
    >
      <div className="flex flex-col gap-1">
        <span className="text-small font-medium text-ink-2">{texts.from}</span>
        <ul className="flex max-h-60 flex-col gap-0.5 overflow-auto rounded-control border border-line p-2 text-small">
          {values.map((value) => (
            <li key={value} className="wrap-anywhere">
              <TagValue value={value} />
            </li>
          ))}
        </ul>
      </div>
      <SuggestField
        label={texts.to}
        description={texts.toHint}
        value={to}
        onChange={setTo}
        suggestions={values}
        error={isTried ? fault : undefined}
      />
    </PlanForm>
  )
}

function selectOf(key: string) {
  return { tags: [{ key, values: [] }] }
}

/** One action takes a limited number of values. */
function actionsOf(key: string, from: readonly string[], to: string) {
  return Array.from({ length: Math.ceil(from.length / ACTIONS_MAX) }, (_, at) => ({
    map_value: { key, from: from.slice(at * ACTIONS_MAX, (at + 1) * ACTIONS_MAX), to },
  }))
}
