import { useState } from 'react'
import { Link } from 'react-aria-components'
import { answerOf, api } from '../api/client.ts'
import { useHref } from '../hrefs.ts'
import { useWhyNotInDomain } from '../session/permissions.ts'
import { useTexts } from '../text/texts.ts'
import { useFieldErrors } from '../ui/field-errors.tsx'
import { TextField } from '../ui/fields.tsx'
import { DeleteButton, DrawerForm, DrawerSection, EnableButton } from './drawer-parts.tsx'
import { useChange } from './queries.ts'
import { adminTexts } from './texts.ts'
import type { DomainUser } from './types.ts'
import { userTexts } from './user-texts.ts'

const USER = '/tagwerk/v1/domain/users/{user_id}'
const FIELDS = ['name', 'email', 'description'] as const

/** Name and state of a user, and what ends it. */
export function UserSettings({ user, onClose }: { readonly user: DomainUser; readonly onClose: () => void }) {
  const texts = useTexts(userTexts)
  const href = useHref()
  const whyNot = useWhyNotInDomain()
  const path = { user_id: user.id }
  const toggle = useChange((enabled: boolean) => answerOf(api.PATCH(USER, { params: { path }, body: { enabled } })))
  const remove = useChange(() => answerOf(api.DELETE(USER, { params: { path } })), onClose)
  const whyYou = user.is_caller ? texts.isYou : undefined
  return (
    <>
      <UserForm user={user} />
      <DrawerSection>
        <Link href={href('admin/access-keys', { user: user.id })} className="rounded-mark text-accent focus-ring">
          {texts.toKeys}
        </Link>
      </DrawerSection>
      <DrawerSection>
        <EnableButton
          isEnabled={user.enabled}
          hint={texts.disableHint}
          why={whyNot('iam:users:updateUser') ?? (user.enabled ? whyYou : undefined)}
          isPending={toggle.isPending}
          error={toggle.error}
          onChange={(enabled) => toggle.mutate(enabled)}
        />
      </DrawerSection>
      <DrawerSection>
        <DeleteButton
          name={user.name}
          title={texts.deleteTitle(user.name)}
          hint={texts.deleteHint}
          why={whyNot('iam:users:deleteUser') ?? whyYou}
          isPending={remove.isPending}
          error={remove.error}
          onDelete={() => remove.mutate(undefined)}
        />
      </DrawerSection>
    </>
  )
}

function UserForm({ user }: { readonly user: DomainUser }) {
  const words = useTexts(adminTexts)
  const texts = useTexts(userTexts)
  const whyNot = useWhyNotInDomain()
  const [fields, setFields] = useState({ name: user.name, email: user.email, description: user.description })
  const [isTried, setTried] = useState(false)
  const update = useChange((body: typeof fields) =>
    answerOf(api.PATCH(USER, { params: { path: { user_id: user.id } }, body })),
  )
  const errors = useFieldErrors(update.error, FIELDS)
  const set = (name: (typeof FIELDS)[number]) => (value: string) =>
    setFields((before) => ({ ...before, [name]: value }))
  const isUnchanged = FIELDS.every((name) => fields[name] === user[name])
  return (
    <DrawerForm
      submit={words.save}
      why={whyNot('iam:users:updateUser')}
      whyNotYet={isUnchanged && !update.isSuccess ? words.unchanged : undefined}
      isPending={update.isPending}
      error={errors.isPlaced ? undefined : update.error}
      done={update.isSuccess && isUnchanged ? words.saved : undefined}
      onSubmit={() => {
        setTried(true)
        if (fields.name !== '') update.mutate(fields)
      }}
    >
      <TextField
        label={words.name}
        isRequired
        autoComplete="off"
        value={fields.name}
        onChange={set('name')}
        error={isTried && fields.name === '' ? words.nameMissing : errors.of('name')}
      />
      <TextField
        label={texts.email}
        type="email"
        autoComplete="off"
        value={fields.email}
        onChange={set('email')}
        error={errors.of('email')}
      />
      <TextField
        label={words.description}
        value={fields.description}
        onChange={set('description')}
        error={errors.of('description')}
      />
    </DrawerForm>
  )
}
