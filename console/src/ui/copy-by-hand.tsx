import { useTexts } from '../text/texts.ts'
import { Dialog } from './dialog.tsx'
import { uiTexts } from './texts.ts'

const ROWS_MAX = 8

/** Shows a text that the browser did not copy, selected. */
export function CopyByHand({ text, onClose }: { readonly text: string; readonly onClose: () => void }) {
  const texts = useTexts(uiTexts)
  return (
    <Dialog title={texts.copyByHand} isOpen onClose={onClose} width="w-[36rem]">
      <p className="text-body text-ink-2">{texts.copyRefused}</p>
      <textarea
        readOnly
        autoFocus
        aria-label={texts.copyText}
        value={text}
        rows={Math.min(text.split('\n').length, ROWS_MAX)}
        onFocus={(event) => event.currentTarget.select()}
        className="w-full rounded-control border border-control bg-surface px-2 py-1.5 font-mono text-body text-ink focus-ring"
      />
    </Dialog>
  )
}
