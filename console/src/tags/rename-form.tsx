import { useState } from 'react'
import { filterOf } from '../clean-up/choice.ts'
import { useKeys } from '../clean-up/queries.ts'
import { BothChoice } from '../plans/both-choice.tsx'
import type { IfBoth } from '../plans/plan-types.ts'
import { useTexts } from '../text/texts.ts'
import { SuggestField } from '../ui/suggest-field.tsx'
import { PlanForm } from './plan-form.tsx'
import { formTexts } from './texts.ts'

const SUGGESTED_MAX = 8

/** Renames a key, by a plan. */
export function RenameForm({ of, onClose }: { readonly of: string; readonly onClose: () => void }) {
  const texts = useTexts(formTexts)
  const keys = useKeys(true).data ?? []
  const [to, setTo] = useState('')
  const [ifBoth, setIfBoth] = useState<IfBoth>('refuse')
  const [isTried, setTried] = useState(false)
  const wanted = to.trim()
  const fault = wanted === '' ? texts.missing : wanted === of ? texts.same : undefined
  const isThere = keys.some(({ key }) => key === wanted)
  const suggestions = keys
    .map(({ key }) => key)
    .filter((key) => key !== of && key.toLowerCase().includes(wanted.toLowerCase()))
  return (
    <PlanForm
      title={texts.rename(of)}
      onClose={onClose}
      toBody={() => {
        setTried(true)
        if (fault !== undefined) return undefined
        return {
          select: { filter: filterOf(undefined, of) },
          actions: [{ rename_key: { from: of, to: wanted, if_both: ifBoth } }],
        }
      }}
    >
      <SuggestField
        label={texts.newKey}
        description={texts.newKeyHint}
        value={to}
        onChange={setTo}
        suggestions={suggestions.slice(0, SUGGESTED_MAX)}
        error={isTried ? fault : undefined}
      />
      {isThere && <BothChoice texts={texts} value={ifBoth} onChange={setIfBoth} />}
    </PlanForm>
  )
}
