import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react'

/** An entry of the list below a field. */
export type ComboOption = {
  readonly id: string
  /** Plain text of the entry. */
  readonly name: string
  readonly content?: ReactNode
  /** At the right, such as a number. */
  readonly hint?: ReactNode
  readonly onAction: (how: { readonly isAlt: boolean }) => void
}

/**
 * The keys of a field with a list below it: arrows move the active entry, Enter takes it, while the focus stays in the field. The
 * caller puts `fieldProps` on its input and shows a `ComboList`.
 */
export function useCombo(options: readonly ComboOption[], isOpen: boolean, isFirstActive: boolean) {
  const listId = useId()
  const [activeId, setActiveId] = useState<string>()
  const found = options.findIndex(({ id }) => id === activeId)
  const active = found === -1 ? (isFirstActive && options.length > 0 ? 0 : -1) : found
  const move = (to: number) => setActiveId(options[(to + options.length) % options.length]?.id)
  /** True if the key was one of the list's. */
  const onKeyDown = (event: KeyboardEvent): boolean => {
    // Enter and arrows of an input method choose characters.
    if (!isOpen || options.length === 0 || event.nativeEvent.isComposing) return false
    if (event.key === 'ArrowDown') move(active + 1)
    else if (event.key === 'ArrowUp') move(active === -1 ? -1 : active - 1)
    else if (event.key === 'Enter' && active !== -1) options[active]?.onAction({ isAlt: event.altKey })
    else return false
    event.preventDefault()
    return true
  }
  const optionId = (at: number) => `${listId}-${at}`
  const fieldProps = {
    role: 'combobox',
    'aria-expanded': isOpen && options.length > 0,
    'aria-controls': listId,
    'aria-autocomplete': 'list',
    'aria-activedescendant': isOpen && active !== -1 ? optionId(active) : undefined,
    autoComplete: 'off',
    spellCheck: false,
  } as const
  return { fieldProps, onKeyDown, list: { listId, active, optionId, setActiveId } }
}

/** The entries below a field of `useCombo`. */
export function ComboList({
  label,
  options,
  list,
  className = '',
}: {
  readonly label: string
  readonly options: readonly ComboOption[]
  readonly list: ReturnType<typeof useCombo>['list']
  readonly className?: string
}) {
  const { listId, active, optionId, setActiveId } = list
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (active !== -1) box.current?.children[active]?.scrollIntoView({ block: 'nearest' })
  }, [active])
  return (
    <div ref={box} id={listId} role="listbox" aria-label={label} className={`overflow-auto ${className}`}>
      {options.map((option, at) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the field, which keeps the focus
        // biome-ignore lint/a11y/useFocusableInteractive: the field names the active entry instead
        <div
          key={option.id}
          id={optionId(at)}
          role="option"
          aria-selected={at === active}
          onPointerMove={() => setActiveId(option.id)}
          onMouseDown={(event) => event.preventDefault()}
          onClick={(event) => option.onAction({ isAlt: event.altKey })}
          className="flex min-h-7 cursor-default items-center gap-2 rounded-control px-2 text-body aria-selected:bg-hover"
        >
          <span className="min-w-0 grow truncate" title={option.name}>
            {option.content ?? option.name}
          </span>
          {option.hint !== undefined && (
            <span className="shrink-0 text-small text-ink-3 tabular-nums">{option.hint}</span>
          )}
        </div>
      ))}
    </div>
  )
}
