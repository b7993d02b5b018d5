import { ChevronDown } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button as AriaButton, Menu as AriaMenu, MenuItem, MenuTrigger, Popover } from 'react-aria-components'

export type MenuEntry = {
  readonly id: string
  readonly label: string
  readonly icon?: ReactNode
  readonly onAction: () => void
  /** Why it cannot be used now. */
  readonly why?: string | undefined
}

/** A button that opens a menu. */
export function Menu({
  label,
  button,
  entries,
  isArrowHidden = false,
}: {
  /** Name of the button, if its content is not words. */
  readonly label?: string
  readonly button: ReactNode
  readonly entries: readonly MenuEntry[]
  readonly isArrowHidden?: boolean
}) {
  return (
    <MenuTrigger>
      <AriaButton
        {...(label === undefined ? {} : { 'aria-label': label })}
        className="inline-flex h-7 items-center gap-1.5 rounded-control px-2 text-body font-medium whitespace-nowrap text-ink-2 focus-ring data-hovered:bg-hover data-pressed:bg-press"
      >
        {button}
        {!isArrowHidden && <ChevronDown className="size-3.5 text-ink-3" aria-hidden="true" />}
      </AriaButton>
      <Popover className="max-h-96 min-w-44 overflow-auto rounded-card border border-edge bg-raised p-1 shadow-float">
        <AriaMenu
          items={entries}
          disabledKeys={entries.filter(({ why }) => why !== undefined).map(({ id }) => id)}
          className="outline-none"
        >
          {({ id, label: words, icon, onAction, why }) => (
            <MenuItem
              id={id}
              textValue={words}
              onAction={onAction}
              className="flex min-h-7 cursor-default items-center gap-2 rounded-control px-2 py-1 text-body focus-ring-inside data-disabled:text-ink-3 data-focused:bg-hover"
            >
              {icon}
              <span className="flex flex-col">
                {words}
                {why !== undefined && <span className="text-small">{why}</span>}
              </span>
            </MenuItem>
          )}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  )
}
