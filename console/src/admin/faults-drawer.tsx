import { useState } from 'react'
import { answerOf, api } from '../api/client.ts'
import { useTexts } from '../text/texts.ts'
import { NumberField } from '../ui/fields.tsx'
import { DrawerForm, RecordDrawer } from './drawer-parts.tsx'
import { faultTexts } from './fault-texts.ts'
import { useWhyNotFirst } from './first-domain.ts'
import { useChange } from './queries.ts'
import { adminTexts } from './texts.ts'
import type { FamilyFaults, FaultPlan } from './types.ts'

/** The APIs that faults can be injected into: all but Tagwerk's own, which ends them. */
export const FAMILIES = ['ims-v2', 'taurusdb-v3', 'tms-v1', 'iam-v3'] as const
export type FaultyFamily = (typeof FAMILIES)[number]

/** An API with its faults. */
export type FamilyRow = { readonly family: FaultyFamily; readonly faults: FamilyFaults }

const ERRORS = ['throttled', 'internal', 'unavailable'] as const
const DELAY_MS_DEFAULT = 1000
const DELAY_MS_MAX = 60_000

/** Shares in percent, as people write them; an empty field is NaN. */
type Fields = Readonly<Record<(typeof ERRORS)[number] | 'late' | 'delay', number>>

/** The form of the faults of one API. */
export function FaultsDrawer({
  family,
  plan,
  onClose,
}: {
  readonly family: FaultyFamily
  readonly plan: FaultPlan
  readonly onClose: () => void
}) {
  const words = useTexts(adminTexts)
  const texts = useTexts(faultTexts)
  const whyNotFirst = useWhyNotFirst()
  const [fields, setFields] = useState<Fields>(() => toFields(plan[family] ?? {}))
  const save = useChange((faults: FamilyFaults) => {
    const { [family]: _before, ...others } = plan
    const families = Object.keys(faults).length === 0 ? others : { ...others, [family]: faults }
    return answerOf(api.PUT('/tagwerk/v1/faults', { body: { families } }))
  })
  const set = (name: keyof Fields) => (value: number) => setFields((before) => ({ ...before, [name]: value }))
  const isTooMuch = ERRORS.reduce((sum, name) => sum + (fields[name] || 0), 0) > 100
  return (
    <RecordDrawer kind={words.faults} title={texts[family]} onClose={onClose}>
      <DrawerForm
        submit={words.save}
        why={whyNotFirst('tagwerk:faults:update') ?? (isTooMuch ? texts.tooMuch : undefined)}
        isPending={save.isPending}
        error={save.error}
        done={save.isSuccess ? texts.saved : undefined}
        onSubmit={() => save.mutate(toFaults(fields))}
      >
        {[...ERRORS, 'late' as const].map((name) => (
          <NumberField
            key={name}
            label={texts[`${name}Field`]}
            value={fields[name]}
            minValue={0}
            maxValue={100}
            onChange={set(name)}
          />
        ))}
        <NumberField
          label={texts.delayField}
          value={fields.delay}
          minValue={0}
          maxValue={DELAY_MS_MAX}
          onChange={set('delay')}
        />
      </DrawerForm>
    </RecordDrawer>
  )
}

function toFields({ throttled = 0, internal = 0, unavailable = 0, late = 0, late_milliseconds }: FamilyFaults): Fields {
  const percent = (share: number) => Math.round(share * 100)
  return {
    throttled: percent(throttled),
    internal: percent(internal),
    unavailable: percent(unavailable),
    late: percent(late),
    delay: late_milliseconds ?? DELAY_MS_DEFAULT,
  }
}

/** The faults of the fields; those that are 0 or empty are left out. */
function toFaults(fields: Fields): FamilyFaults {
  const given = [...ERRORS, 'late' as const].filter((name) => fields[name] > 0)
  const shares = Object.fromEntries(given.map((name) => [name, fields[name] / 100]))
  return fields.late > 0 && !Number.isNaN(fields.delay) ? { ...shares, late_milliseconds: fields.delay } : shares
}
