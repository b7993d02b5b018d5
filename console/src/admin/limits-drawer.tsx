import { useState } from 'react'
import { answerOf, api } from '../api/client.ts'
import { useTexts } from '../text/texts.ts'
import { useFieldErrors } from '../ui/field-errors.tsx'
import { NumberField } from '../ui/fields.tsx'
import { DrawerForm, RecordDrawer } from './drawer-parts.tsx'
import { useWhyNotFirst } from './first-domain.ts'
import { LIMITS, type LimitName, UNLIMITED_AT_0 } from './limit-names.ts'
import { limitTexts } from './limit-texts.ts'
import { useChange } from './queries.ts'
import { adminTexts } from './texts.ts'
import type { ProjectLimits } from './types.ts'

type Fields = Readonly<Record<LimitName, number>>

/** The form of the limits of a project. An empty field leaves a limit to the service. */
export function LimitsDrawer({
  name,
  limits,
  onClose,
}: {
  /** Of the project. */
  readonly name: string
  readonly limits: ProjectLimits
  readonly onClose: () => void
}) {
  const words = useTexts(adminTexts)
  const texts = useTexts(limitTexts)
  const whyNotFirst = useWhyNotFirst()
  const [fields, setFields] = useState<Fields>(() => ownOf(limits))
  const save = useChange((body: Partial<Fields>) => {
    const params = { path: { project_id: limits.project_id } }
    return answerOf(api.PUT('/tagwerk/v1/projects/{project_id}/limits', { params, body }))
  })
  const errors = useFieldErrors(save.error, LIMITS)
  const own = ownOf(limits)
  const isUnchanged = LIMITS.every((limit) => Object.is(fields[limit], own[limit]))
  return (
    <RecordDrawer kind={texts.of} title={name} onClose={onClose}>
      <DrawerForm
        submit={words.save}
        why={whyNotFirst('tagwerk:limits:update')}
        whyNotYet={isUnchanged && !save.isSuccess ? words.unchanged : undefined}
        isPending={save.isPending}
        error={errors.isPlaced ? undefined : save.error}
        done={save.isSuccess && isUnchanged ? texts.saved : undefined}
        onSubmit={() => save.mutate(givenOf(fields))}
      >
        <p className="text-small text-ink-2">{texts.formHint}</p>
        {LIMITS.map((limit) => (
          <NumberField
            key={limit}
            label={texts[limit]}
            value={fields[limit]}
            minValue={0}
            onChange={(value) => setFields((before) => ({ ...before, [limit]: value }))}
            {...(UNLIMITED_AT_0.includes(limit) ? { description: texts.zeroHint } : {})}
            error={errors.of(limit)}
          />
        ))}
      </DrawerForm>
    </RecordDrawer>
  )
}

function ownOf({ own }: ProjectLimits): Fields {
  return Object.fromEntries(LIMITS.map((limit) => [limit, own[limit] ?? Number.NaN])) as Fields
}

/** The limits whose fields have a number. */
function givenOf(fields: Fields): Partial<Fields> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => !Number.isNaN(value)))
}
