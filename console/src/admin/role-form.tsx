import { useState } from 'react'
import { useTexts } from '../text/texts.ts'
import { RadioGroup } from '../ui/choice.tsx'
import { useFieldErrors } from '../ui/field-errors.tsx'
import { TextField } from '../ui/fields.tsx'
import { DrawerForm } from './drawer-parts.tsx'
import { actionsOf, policyOf } from './role-policy.ts'
import { roleTexts } from './role-texts.ts'
import { adminTexts } from './texts.ts'
import type { DomainRole } from './types.ts'

/** What a form sends about a role. */
export type RoleBody = {
  readonly display_name: string
  readonly description: string
  readonly scope: 'domain' | 'project'
  readonly policy: unknown
}

const FIELDS = ['display_name', 'description', 'policy'] as const

/** The form of a custom role: its name, where it is meant for, and its actions line by line. */
export function RoleForm({
  before,
  submit,
  why,
  change,
  onSubmit,
}: {
  /** Undefined for a new role. */
  readonly before: DomainRole | undefined
  readonly submit: string
  readonly why: string | undefined
  readonly change: { readonly isPending: boolean; readonly error: unknown; readonly isSuccess: boolean }
  readonly onSubmit: (body: RoleBody) => void
}) {
  const words = useTexts(adminTexts)
  const texts = useTexts(roleTexts)
  const first = {
    name: before?.display_name ?? '',
    description: before?.description ?? '',
    scope: before?.scope === 'domain' ? ('domain' as const) : ('project' as const),
    allows: before === undefined ? '' : actionsOf(before.policy, 'Allow').join('\n'),
    denies: before === undefined ? '' : actionsOf(before.policy, 'Deny').join('\n'),
  }
  const [fields, setFields] = useState(first)
  const [isTried, setTried] = useState(false)
  const errors = useFieldErrors(change.error, FIELDS)
  const set = (changes: Partial<typeof fields>) => setFields((present) => ({ ...present, ...changes }))
  const policy = policyOf(fields)
  const isUnchanged =
    before !== undefined && Object.entries(first).every(([name, value]) => fields[name as 'name'] === value)
  const send = () => {
    setTried(true)
    if (fields.name.trim() === '' || policy === undefined) return
    const { name: display_name, description, scope } = fields
    onSubmit({ display_name, description, scope, policy })
  }
  return (
    <DrawerForm
      submit={submit}
      why={why}
      whyNotYet={isUnchanged && !change.isSuccess ? words.unchanged : undefined}
      isPending={change.isPending}
      error={errors.isPlaced ? undefined : change.error}
      done={change.isSuccess && isUnchanged ? words.saved : undefined}
      onSubmit={send}
    >
      <TextField
        label={texts.displayName}
        isRequired
        autoComplete="off"
        value={fields.name}
        onChange={(name) => set({ name })}
        error={isTried && fields.name.trim() === '' ? words.nameMissing : errors.of('display_name')}
      />
      <TextField
        label={words.description}
        value={fields.description}
        onChange={(description) => set({ description })}
        error={errors.of('description')}
      />
      <RadioGroup
        label={texts.meantFor}
        options={[
          { id: 'project', label: texts.project },
          { id: 'domain', label: texts.domain },
        ]}
        value={fields.scope}
        onChange={(scope) => set({ scope })}
      />
      <TextField
        label={texts.allows}
        isMono
        rows={6}
        value={fields.allows}
        onChange={(allows) => set({ allows })}
        description={texts.actionsHint}
        error={isTried && policy === undefined ? texts.allowsNothing : errors.of('policy')}
      />
      <TextField
        label={texts.denies}
        isMono
        rows={3}
        value={fields.denies}
        onChange={(denies) => set({ denies })}
        description={texts.deniesHint}
      />
    </DrawerForm>
  )
}
