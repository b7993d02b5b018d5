import { useTexts } from '../text/texts.ts'
import { CopyButton } from '../ui/copy-as.tsx'
import { resourceTexts } from './texts.ts'

/** The resource as JSON. */
export function RawTab({ resource }: { readonly resource: object }) {
  const texts = useTexts(resourceTexts)
  const json = JSON.stringify(resource, null, 2)
  return (
    <div className="relative">
      <span className="absolute top-2 right-3 rounded-control bg-surface">
        <CopyButton text={json} label={texts.copyJson} />
      </span>
      <pre className="px-4 py-3 pr-12 font-mono text-small whitespace-pre-wrap wrap-anywhere">{json}</pre>
    </div>
  )
}
