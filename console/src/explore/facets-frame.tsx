import { X } from 'lucide-react'
import { type ReactNode, useSyncExternalStore } from 'react'
import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components'
import { useTexts } from '../text/texts.ts'
import { Button } from '../ui/button.tsx'
import { uiTexts } from '../ui/texts.ts'
import { exploreTexts } from './texts.ts'

/** The token `--breakpoint-facets`: below it the panel folds into a sheet. */
const WIDE = matchMedia('(min-width: 68.75rem)')

function subscribe(listener: () => void): () => void {
  WIDE.addEventListener('change', listener)
  return () => WIDE.removeEventListener('change', listener)
}

/** The place of the facets: a panel at the left, or on a narrow page a sheet that opens. */
export function FacetsFrame({
  isOpen,
  onClose,
  children,
}: {
  readonly isOpen: boolean
  readonly onClose: () => void
  readonly children: ReactNode
}) {
  const texts = useTexts(exploreTexts)
  const isWide = useSyncExternalStore(subscribe, () => WIDE.matches)
  if (isWide) {
    return (
      <aside
        aria-label={texts.filters}
        data-region="facets"
        className="w-64 shrink-0 overflow-y-auto border-r border-line bg-canvas"
      >
        {children}
      </aside>
    )
  }
  return (
    <ModalOverlay
      isOpen={isOpen}
      onOpenChange={(open) => {
        if (!open) onClose()
      }}
      isDismissable
      className="fixed inset-0 z-40 bg-shade"
    >
      <Modal className="h-full w-80 max-w-[90vw] overflow-y-auto border-r border-edge bg-canvas shadow-float">
        <Dialog className="outline-none">
          <SheetHead onClose={onClose} />
          {children}
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}

function SheetHead({ onClose }: { readonly onClose: () => void }) {
  const texts = useTexts(exploreTexts)
  const words = useTexts(uiTexts)
  return (
    <div className="flex items-center justify-between px-4 pt-2">
      <Heading slot="title" className="text-lead font-semibold">
        {texts.filters}
      </Heading>
      <Button variant="quiet" size="icon" label={words.close} onPress={onClose}>
        <X className="size-4" aria-hidden="true" />
      </Button>
    </div>
  )
}
