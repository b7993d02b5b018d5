import { type FormEvent, useState } from 'react'
import { useWhyNotInDomain } from '../session/permissions.ts'
import { useTexts } from '../text/texts.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { TextField } from '../ui/fields.tsx'
import { ErrorNotice } from '../ui/states.tsx'
import { uiTexts } from '../ui/texts.ts'
import { type PolicyDocument, parseDocument } from './document.ts'
import { editorTexts } from './editor-texts.ts'
import { faultWords } from './json-pane.tsx'
import { useConvert } from './queries.ts'

const EXAMPLE = `{
  "parameters": {
    "specifiedTagKey": { "value": "owner" },
    "specifiedTagValue": { "value": [] }
  },
  "policy_filter": { "resource_provider": "ecs", "resource_type": "cloudservers" }
}`

/** Makes a policy from a rule of Huawei Cloud Config. */
export function ConvertDialog({
  onClose,
  onConverted,
}: {
  readonly onClose: () => void
  readonly onConverted: (policy: PolicyDocument) => void
}) {
  const texts = useTexts(editorTexts)
  const shared = useTexts(uiTexts)
  const whyNot = useWhyNotInDomain()
  const [text, setText] = useState('')
  const [fault, setFault] = useState<string>()
  const convert = useConvert()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const parsed = parseDocument(text)
    setFault(parsed.document === undefined ? faultWords(parsed.fault, texts) : undefined)
    if (parsed.document === undefined) return
    const onSuccess = ({ policy }: { readonly policy: unknown }) => {
      onConverted(policy as PolicyDocument)
      onClose()
    }
    convert.mutate(parsed.document, { onSuccess })
  }
  return (
    <Dialog title={texts.convertTitle} isOpen onClose={onClose} width="w-[40rem]">
      <form onSubmit={submit} className="flex flex-col gap-4">
        <TextField
          label={texts.convertLabel}
          description={texts.convertHint}
          placeholder={EXAMPLE}
          isMono
          autoFocus
          rows={12}
          value={text}
          onChange={setText}
          error={fault}
        />
        {convert.isError && <ErrorNotice error={convert.error} />}
        <div className="flex justify-end gap-2">
          <Button onPress={onClose}>{shared.cancel}</Button>
          <Button type="submit" variant="solid" isPending={convert.isPending} why={whyNot('tagwerk:policies:get')}>
            {texts.convert}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}
