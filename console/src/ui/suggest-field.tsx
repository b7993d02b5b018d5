import type { ReactNode } from 'react'
import { ComboBox, FieldError, Input, Label, ListBox, ListBoxItem, Popover, Text } from 'react-aria-components'

/** A field for any text, which suggests what is in use. */
export function SuggestField({
  label,
  value,
  onChange,
  suggestions,
  description,
  error,
  isLabelHidden = false,
  autoFocus = false,
}: {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly suggestions: readonly string[]
  readonly description?: ReactNode
  readonly error?: ReactNode
  readonly isLabelHidden?: boolean
  readonly autoFocus?: boolean
}) {
  const items = suggestions.map((id) => ({ id }))
  return (
    <ComboBox
      inputValue={value}
      onInputChange={onChange}
      items={items}
      // The service has selected them by what is written.
      defaultFilter={() => true}
      allowsCustomValue
      menuTrigger="input"
      isInvalid={error !== undefined}
      validationBehavior="aria"
      autoFocus={autoFocus}
      {...(isLabelHidden ? { 'aria-label': label } : {})}
      className="flex flex-col gap-1"
    >
      {!isLabelHidden && <Label className="text-small font-medium text-ink-2">{label}</Label>}
      <Input className="h-7 w-full rounded-control border border-control bg-surface px-2 font-mono text-body text-ink focus-ring data-invalid:border-bad" />
      {description !== undefined && (
        <Text slot="description" className="text-small text-ink-3">
          {description}
        </Text>
      )}
      <FieldError className="text-small text-bad wrap-anywhere">{error}</FieldError>
      <Popover className="max-h-60 min-w-(--trigger-width) overflow-auto rounded-card border border-edge bg-raised p-1 shadow-float">
        <ListBox className="outline-none">
          {({ id }: { readonly id: string }) => (
            <ListBoxItem
              id={id}
              textValue={id}
              className="flex h-7 cursor-default items-center rounded-control px-2 font-mono text-body focus-ring-inside data-focused:bg-hover data-selected:bg-tint data-selected:text-accent"
            >
              {id}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </ComboBox>
  )
}
