import { useTexts } from '../text/texts.ts'
import { Button } from '../ui/button.tsx'
import { CopyButton } from '../ui/copy-as.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { keyTexts } from './key-texts.ts'
import type { NewAccessKey } from './types.ts'

/** Shows the secret of a new access key, which no later answer has. Only its button closes it. */
export function SecretDialog({ secret: key, onDone }: { readonly secret: NewAccessKey; readonly onDone: () => void }) {
  const texts = useTexts(keyTexts)
  const values = [
    { name: texts.key, value: key.access_key, copy: texts.copyKey },
    { name: texts.secret, value: key.secret, copy: texts.copySecret },
  ]
  return (
    <Dialog title={texts.secretTitle} isOpen isDismissable={false} onClose={onDone} width="w-[32rem]">
      <p className="text-warn">{texts.secretHint}</p>
      <dl className="flex flex-col gap-3">
        {values.map(({ name, value, copy }) => (
          <div key={name} className="flex flex-col gap-0.5">
            <dt className="text-small font-medium text-ink-2">{name}</dt>
            <dd className="flex items-center justify-between gap-2 rounded-control border border-line bg-canvas pl-2">
              <code className="font-mono text-body wrap-anywhere">{value}</code>
              <CopyButton text={value} label={copy} />
            </dd>
          </div>
        ))}
      </dl>
      <div className="flex justify-end">
        <Button variant="solid" onPress={onDone}>
          {texts.haveIt}
        </Button>
      </div>
    </Dialog>
  )
}
