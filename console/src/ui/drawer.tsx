import { X } from 'lucide-react'
import { type ReactNode, useEffect, useRef } from 'react'
import { useTexts } from '../text/texts.ts'
import { Button } from './button.tsx'
import { uiTexts } from './texts.ts'

/**
 * A panel at the right: beside the content from 1280 px, over it below. Escape closes it, and focus goes back to where it was. The
 * owner places it last in a `relative flex` row.
 */
export function Drawer({
  label,
  heading,
  onClose,
  children,
}: {
  /** Name of the region. */
  readonly label: string
  readonly heading: ReactNode
  readonly onClose: () => void
  readonly children: ReactNode
}) {
  const texts = useTexts(uiTexts)
  const panel = useRef<HTMLElement>(null)
  useEffect(() => {
    const before = document.activeElement
    panel.current?.focus()
    return () => {
      // Somebody who has moved on keeps the focus where it is.
      const isLost = document.activeElement === document.body || panel.current?.contains(document.activeElement)
      if (isLost !== false && before instanceof HTMLElement && before.isConnected) before.focus()
    }
  }, [])
  return (
    <aside
      ref={panel}
      tabIndex={-1}
      aria-label={label}
      data-region="drawer"
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.defaultPrevented) return
        event.preventDefault()
        onClose()
      }}
      className="absolute inset-y-0 right-0 z-20 flex w-[24.5rem] max-w-full shrink-0 flex-col border-l border-line bg-surface shadow-float outline-none beside:static beside:shadow-none"
    >
      <div className="flex items-start justify-between gap-2 px-4 pt-3">
        <div className="min-w-0 grow">{heading}</div>
        <Button variant="quiet" size="icon" label={texts.close} onPress={onClose}>
          <X className="size-4" aria-hidden="true" />
        </Button>
      </div>
      <div className="flex min-h-0 grow flex-col overflow-auto">{children}</div>
    </aside>
  )
}
