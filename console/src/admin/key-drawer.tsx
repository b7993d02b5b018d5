import { useState } from 'react'
import { answerOf, api } from '../api/client.ts'
import { useWhyNotInDomain } from '../session/permissions.ts'
import { useSession } from '../session/session.ts'
import { useTexts } from '../text/texts.ts'
import { useFieldErrors } from '../ui/field-errors.tsx'
import { TextField } from '../ui/fields.tsx'
import { DeleteButton, DrawerForm, DrawerSection, EnableButton, RecordDrawer } from './drawer-parts.tsx'
import { keyTexts } from './key-texts.ts'
import { useChange } from './queries.ts'
import { adminTexts } from './texts.ts'
import type { NewAccessKey, UserAccessKey } from './types.ts'

const KEYS = '/tagwerk/v1/domain/users/{user_id}/access-keys'
const KEY = `${KEYS}/{access_key}` as const

/** The form of a new access key. */
export function NewKeyDrawer({
  userId,
  userName,
  onClose,
  onCreated,
}: {
  readonly userId: string
  readonly userName: string
  readonly onClose: () => void
  readonly onCreated: (key: NewAccessKey) => void
}) {
  const words = useTexts(adminTexts)
  const texts = useTexts(keyTexts)
  const whyNot = useWhyNotInDomain()
  const whose = useWhose(userId)
  const [description, setDescription] = useState('')
  const create = useChange(
    () => answerOf(api.POST(KEYS, { params: { path: { user_id: userId } }, body: { description } })),
    onCreated,
  )
  const errors = useFieldErrors(create.error, ['description'])
  return (
    <RecordDrawer kind={texts.key} title={texts.newTitle(userName)} onClose={onClose}>
      <DrawerForm
        submit={words.create}
        why={whyNot('iam:credentials:createCredential', whose)}
        isPending={create.isPending}
        error={errors.isPlaced ? undefined : create.error}
        onSubmit={() => create.mutate(undefined)}
      >
        <TextField
          label={words.description}
          value={description}
          onChange={setDescription}
          description={texts.descriptionHint}
          error={errors.of('description')}
        />
      </DrawerForm>
    </RecordDrawer>
  )
}

function useWhose(userId: string): 'own' | 'others' {
  return useSession().user.id === userId ? 'own' : 'others'
}

/** The drawer of an access key: description, state and deletion. */
export function KeyDrawer({
  userId,
  accessKey: key,
  onClose,
}: {
  readonly userId: string
  readonly accessKey: UserAccessKey
  readonly onClose: () => void
}) {
  const words = useTexts(adminTexts)
  const texts = useTexts(keyTexts)
  const whyNot = useWhyNotInDomain()
  const whose = useWhose(userId)
  const params = { path: { user_id: userId, access_key: key.access_key } }
  const [description, setDescription] = useState(key.description)
  const describe = useChange(() => answerOf(api.PATCH(KEY, { params, body: { description } })))
  const toggle = useChange((enabled: boolean) => answerOf(api.PATCH(KEY, { params, body: { enabled } })))
  const remove = useChange(() => answerOf(api.DELETE(KEY, { params })), onClose)
  const errors = useFieldErrors(describe.error, ['description'])
  const isUnchanged = description === key.description
  const whyNoUpdate = whyNot('iam:credentials:updateCredential', whose)
  const manages = whyNot('iam:credentials:updateCredential', 'others') === undefined
  return (
    <RecordDrawer kind={texts.key} title={key.access_key} onClose={onClose}>
      <DrawerForm
        submit={words.save}
        why={whyNoUpdate}
        whyNotYet={isUnchanged && !describe.isSuccess ? words.unchanged : undefined}
        isPending={describe.isPending}
        error={errors.isPlaced ? undefined : describe.error}
        done={describe.isSuccess && isUnchanged ? words.saved : undefined}
        onSubmit={() => describe.mutate(undefined)}
      >
        <TextField
          label={words.description}
          value={description}
          onChange={setDescription}
          error={errors.of('description')}
        />
      </DrawerForm>
      <DrawerSection>
        {key.is_locked && <p className="text-small text-warn">{texts.locked}</p>}
        <EnableButton
          isEnabled={key.enabled}
          hint={texts.disableHint}
          why={whyNoUpdate ?? (key.is_locked && !manages ? texts.lockedOwn : undefined)}
          isPending={toggle.isPending}
          error={toggle.error}
          onChange={(enabled) => toggle.mutate(enabled)}
        />
      </DrawerSection>
      <DrawerSection>
        <DeleteButton
          name={key.access_key}
          title={texts.deleteTitle}
          hint={texts.deleteHint}
          why={whyNot('iam:credentials:deleteCredential', whose)}
          isPending={remove.isPending}
          error={remove.error}
          onDelete={() => remove.mutate(undefined)}
        />
      </DrawerSection>
    </RecordDrawer>
  )
}
