import { type FormEvent, useState } from 'react'
import { useHref } from '../hrefs.ts'
import { useTexts } from '../text/texts.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { TextField } from '../ui/fields.tsx'
import { ErrorNotice } from '../ui/states.tsx'
import { uiTexts } from '../ui/texts.ts'
import { editorTexts } from './editor-texts.ts'
import { useDeletePolicy } from './queries.ts'
import type { Level } from './search.ts'

/** Deletes a policy, once its name is typed. */
export function DeleteDialog({
  level,
  name,
  onClose,
  onDeleted,
}: {
  readonly level: Level
  readonly name: string
  readonly onClose: () => void
  readonly onDeleted: () => void
}) {
  const texts = useTexts(editorTexts)
  const shared = useTexts(uiTexts)
  const href = useHref()
  const [typed, setTyped] = useState('')
  const [isTried, setTried] = useState(false)
  const remove = useDeletePolicy(level, name)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (typed !== name) return
    const onSuccess = () => {
      onDeleted()
      href.open('policies', { tab: 'policies' })
    }
    remove.mutate(undefined, { onSuccess })
  }
  return (
    <Dialog title={texts.deleteTitle(name)} isOpen onClose={onClose}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <p className="text-body text-ink-2">{texts.deleteHint}</p>
        <TextField
          label={texts.deleteTypeName}
          autoFocus
          isMono
          value={typed}
          onChange={setTyped}
          error={isTried && typed !== name ? texts.deleteTypeNameError : undefined}
        />
        {remove.isError && <ErrorNotice error={remove.error} />}
        <div className="flex justify-end gap-2">
          <Button onPress={onClose}>{shared.cancel}</Button>
          <Button type="submit" variant="bad" isPending={remove.isPending}>
            {texts.delete}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
