import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components'
import { useTexts } from '../text/texts.ts'
import { Button } from './button.tsx'
import { uiTexts } from './texts.ts'

/** A dialog over everything: only for what must be decided before anything else. */
export function Dialog({
  title,
  isOpen,
  onClose,
  isDismissable = true,
  width = 'w-[28rem]',
  children,
}: {
  readonly title: string
  readonly isOpen: boolean
  readonly onClose: () => void
  /** False: a press outside does not close it. */
  readonly isDismissable?: boolean
  readonly width?: string
  readonly children: ReactNode
}) {
  const texts = useTexts(uiTexts)
  return (
    <ModalOverlay
      isOpen={isOpen}
      onOpenChange={(open) => {
        if (!open) onClose()
      }}
      isDismissable={isDismissable}
      isKeyboardDismissDisabled={!isDismissable}
      className="fixed inset-0 z-40 flex items-start justify-center overflow-auto bg-shade p-6 pt-[12vh]"
    >
      <Modal className={`${width} max-w-full rounded-card border border-edge bg-raised shadow-float`}>
        <AriaDialog className="flex flex-col gap-4 p-4 outline-none">
          <div className="flex items-start justify-between gap-4">
            <Heading slot="title" className="text-title font-semibold">
              {title}
            </Heading>
            {isDismissable && (
              <Button variant="quiet" size="icon" label={texts.close} onPress={onClose}>
                <X className="size-4" aria-hidden="true" />
              </Button>
            )}
          </div>
          {children}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  )
}
