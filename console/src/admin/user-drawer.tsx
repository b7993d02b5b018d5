import { useState } from 'react'
import { answerOf, api } from '../api/client.ts'
import { useWhyNotInDomain } from '../session/permissions.ts'
import { useTexts } from '../text/texts.ts'
import { useFieldErrors } from '../ui/field-errors.tsx'
import { TextField } from '../ui/fields.tsx'
import { Tabs } from '../ui/tabs.tsx'
import { DrawerForm, RecordDrawer } from './drawer-parts.tsx'
import { useChange } from './queries.ts'
import { useAdminSearch } from './search.ts'
import { adminTexts } from './texts.ts'
import type { DomainUser } from './types.ts'
import { UserRoles } from './user-roles.tsx'
import { UserSettings } from './user-settings.tsx'
import { userTexts } from './user-texts.ts'

const FIELDS = ['name', 'email', 'description', 'password'] as const

/** The form of a new user. */
export function NewUserDrawer({
  onClose,
  onCreated,
}: {
  readonly onClose: () => void
  readonly onCreated: (user: DomainUser) => void
}) {
  const words = useTexts(adminTexts)
  const texts = useTexts(userTexts)
  const whyNot = useWhyNotInDomain()
  const [fields, setFields] = useState({ name: '', email: '', description: '', password: '' })
  const [isTried, setTried] = useState(false)
  const create = useChange(({ password, ...others }: typeof fields) => {
    const body = { ...others, ...(password !== '' && { password }) }
    return answerOf(api.POST('/tagwerk/v1/domain/users', { body }))
  }, onCreated)
  const errors = useFieldErrors(create.error, FIELDS)
  const set = (name: (typeof FIELDS)[number]) => (value: string) =>
    setFields((before) => ({ ...before, [name]: value }))
  return (
    <RecordDrawer kind={words.user} title={texts.create} onClose={onClose}>
      <DrawerForm
        submit={words.create}
        why={whyNot('iam:users:createUser')}
        isPending={create.isPending}
        error={errors.isPlaced ? undefined : create.error}
        onSubmit={() => {
          setTried(true)
          if (fields.name !== '') create.mutate(fields)
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
          label={texts.password}
          type="password"
          autoComplete="new-password"
          value={fields.password}
          onChange={set('password')}
          description={texts.passwordHint}
          error={errors.of('password')}
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
    </RecordDrawer>
  )
}

/** One user: its settings, its roles, its password. */
export function UserDrawer({ user, onClose }: { readonly user: DomainUser; readonly onClose: () => void }) {
  const words = useTexts(adminTexts)
  const texts = useTexts(userTexts)
  const { tab, change } = useAdminSearch('users')
  return (
    <RecordDrawer kind={words.user} title={user.name} id={user.id} onClose={onClose}>
      <Tabs
        label={user.name}
        value={tab}
        onChange={(next) => change({ tab: next })}
        tabs={[
          { id: 'settings', label: words.settings, content: <UserSettings user={user} onClose={onClose} /> },
          { id: 'roles', label: words.roles, content: <UserRoles user={user} /> },
          { id: 'password', label: texts.password, content: <PasswordForm user={user} /> },
        ]}
      />
    </RecordDrawer>
  )
}

function PasswordForm({ user }: { readonly user: DomainUser }) {
  const texts = useTexts(userTexts)
  const whyNot = useWhyNotInDomain()
  const [password, setPassword] = useState('')
  const [isTried, setTried] = useState(false)
  const set = useChange(
    (body: { readonly password: string }) => {
      const params = { path: { user_id: user.id } }
      return answerOf(api.PUT('/tagwerk/v1/domain/users/{user_id}/password', { params, body }))
    },
    () => {
      setPassword('')
      setTried(false)
    },
  )
  const errors = useFieldErrors(set.error, ['password'])
  return (
    <DrawerForm
      submit={texts.setPassword}
      why={whyNot('iam:users:updateUser')}
      isPending={set.isPending}
      error={errors.isPlaced ? undefined : set.error}
      done={set.isSuccess && password === '' ? texts.passwordSet : undefined}
      onSubmit={() => {
        setTried(true)
        if (password !== '') set.mutate({ password })
      }}
    >
      <p className="text-body text-ink-2">
        {texts.setPasswordHint} {user.is_caller && texts.setPasswordOwn}
      </p>
      <TextField
        label={texts.newPassword}
        type="password"
        autoComplete="new-password"
        isRequired
        value={password}
        onChange={setPassword}
        error={isTried && password === '' ? texts.passwordMissing : errors.of('password')}
      />
    </DrawerForm>
  )
}
