import { CircleAlert, Inbox } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTexts } from '../text/texts.ts'
import { Button } from './button.tsx'
import { ServiceWords, useErrorText } from './error-text.tsx'
import { uiTexts } from './texts.ts'

/** What stands where nothing is: what that means, and what can be done. */
export function EmptyState({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <div className="flex flex-col items-center gap-2 px-6 py-12 text-center">
      <Inbox className="size-6 text-ink-3" aria-hidden="true" />
      <p className="text-lead font-medium">{title}</p>
      {children !== undefined && <div className="max-w-md text-body text-ink-2">{children}</div>}
    </div>
  )
}

/** A failed call in the language of the reader and in the service's words, with its code and request id. */
export function ErrorNotice({
  error,
  onRetry,
}: {
  readonly error: unknown
  readonly onRetry?: (() => void) | undefined
}) {
  const texts = useTexts(uiTexts)
  const { message, detail, status, code, requestId } = useErrorText()(error)
  return (
    <div role="alert" className="m-4 flex items-start gap-2 rounded-card border border-bad bg-bad-tint p-3 text-bad">
      <CircleAlert className="mt-0.5 size-4 shrink-0" aria-hidden="true" />
      <div className="min-w-0 grow">
        <p className="text-body font-medium wrap-anywhere">{message}</p>
        {detail !== undefined && <ServiceWords words={detail} />}
        <p className="font-mono text-small wrap-anywhere">
          {status} {code}
          {requestId !== undefined && ` · ${requestId}`}
        </p>
      </div>
      {onRetry !== undefined && (
        <Button size="small" onPress={onRetry}>
          {texts.retry}
        </Button>
      )}
    </div>
  )
}

/** A line that runs along the top of what is loading again; it appears after 200 ms. */
export function LoadingLine({ isLoading }: { readonly isLoading: boolean }) {
  const texts = useTexts(uiTexts)
  return (
    <div className="relative h-0">
      {isLoading && (
        <div className="loading-line absolute inset-x-0 top-0 z-10 h-0.5 overflow-hidden bg-tint" role="status">
          <span className="block h-full w-1/3 bg-accent" />
          <span className="sr-only">{texts.loading}</span>
        </div>
      )}
    </div>
  )
}

/** What stands where the first answer is awaited. */
export function Loading() {
  const texts = useTexts(uiTexts)
  return (
    <p role="status" className="loading-words px-4 py-6 text-body text-ink-3">
      {texts.loading}
    </p>
  )
}
