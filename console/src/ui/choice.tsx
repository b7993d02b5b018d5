import { Check, ChevronDown, Minus } from 'lucide-react'
import type { ReactNode } from 'react'
import {
  Button as AriaButton,
  Checkbox as AriaCheckbox,
  type CheckboxProps as AriaCheckboxProps,
  Radio as AriaRadio,
  RadioGroup as AriaRadioGroup,
  Select as AriaSelect,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  SelectValue,
  ToggleButton,
  ToggleButtonGroup,
} from 'react-aria-components'

const BOX =
  'flex size-4 shrink-0 items-center justify-center rounded-mark border border-control bg-surface group-data-selected:border-accent group-data-selected:bg-accent group-data-indeterminate:border-accent group-data-indeterminate:bg-accent group-data-focus-visible:outline-2 group-data-focus-visible:outline-offset-1 group-data-focus-visible:outline-accent'

type CheckboxProps = Omit<AriaCheckboxProps, 'children' | 'className'> & {
  readonly children?: ReactNode
  readonly className?: string
}

/** A check box, with words behind it or an `aria-label`. */
export function Checkbox({ children, className = '', ...props }: CheckboxProps) {
  return (
    <AriaCheckbox {...props} className={`group flex items-center gap-2 data-disabled:opacity-45 ${className}`}>
      {({ isSelected, isIndeterminate }) => (
        <>
          <span className={BOX}>
            {isIndeterminate ? (
              <Minus className="size-3 text-on-accent" strokeWidth={3} aria-hidden="true" />
            ) : (
              isSelected && <Check className="size-3 text-on-accent" strokeWidth={3} aria-hidden="true" />
            )}
          </span>
          {children}
        </>
      )}
    </AriaCheckbox>
  )
}

export type Option<T extends string> = { readonly id: T; readonly label: string }

type ChoiceProps<T extends string> = {
  readonly label: string
  readonly options: readonly Option<T>[]
  readonly value: T
  readonly onChange: (value: T) => void
}

/** One of a few, each with its words, one below the other. */
export function RadioGroup<T extends string>({ label, options, value, onChange }: ChoiceProps<T>) {
  return (
    <AriaRadioGroup value={value} onChange={(next) => onChange(next as T)} className="flex flex-col gap-1">
      <Label className="text-small font-medium text-ink-2">{label}</Label>
      {options.map((option) => (
        <Radio key={option.id} value={option.id}>
          {option.label}
        </Radio>
      ))}
    </AriaRadioGroup>
  )
}

/** A radio button, inside a RadioGroup of React Aria. */
export function Radio({ value, children }: { readonly value: string; readonly children: ReactNode }) {
  return (
    <AriaRadio value={value} className="group flex items-center gap-2 text-body">
      <span className="flex size-4 shrink-0 items-center justify-center rounded-full border border-control bg-surface group-data-focus-visible:outline-2 group-data-focus-visible:outline-offset-1 group-data-focus-visible:outline-accent group-data-selected:border-[5px] group-data-selected:border-accent" />
      {children}
    </AriaRadio>
  )
}

/** One of a few views, side by side. */
export function Segments<T extends string>({ label, options, value, onChange }: ChoiceProps<T>) {
  return (
    <ToggleButtonGroup
      aria-label={label}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[value]}
      onSelectionChange={(keys) => {
        const [next] = keys
        if (next !== undefined) onChange(next as T)
      }}
      className="inline-flex h-7 items-stretch rounded-control border border-edge bg-canvas p-px"
    >
      {options.map(({ id, label: words }) => (
        <ToggleButton
          key={id}
          id={id}
          className="rounded-[4px] px-2 text-small text-ink-2 focus-ring data-hovered:text-ink data-selected:bg-surface data-selected:font-medium data-selected:text-ink data-selected:outline data-selected:outline-edge data-focus-visible:outline-2 data-focus-visible:outline-accent"
        >
          {words}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  )
}

/** One of many, from a list that opens. */
export function Select<T extends string>({
  label,
  options,
  value,
  onChange,
  isLabelHidden = false,
}: ChoiceProps<T> & { readonly isLabelHidden?: boolean }) {
  return (
    <AriaSelect
      selectedKey={value}
      onSelectionChange={(key) => onChange(key as T)}
      className="flex flex-col gap-1"
      {...(isLabelHidden ? { 'aria-label': label } : {})}
    >
      {!isLabelHidden && <Label className="text-small font-medium text-ink-2">{label}</Label>}
      <AriaButton className="flex h-7 items-center justify-between gap-2 rounded-control border border-control bg-surface px-2 text-body focus-ring data-hovered:bg-hover">
        <SelectValue className="truncate" />
        <ChevronDown className="size-3.5 shrink-0 text-ink-3" aria-hidden="true" />
      </AriaButton>
      <Popover className="max-h-80 min-w-(--trigger-width) overflow-auto rounded-card border border-edge bg-raised p-1 shadow-float">
        <ListBox items={options} className="outline-none">
          {({ id, label: words }) => (
            <ListBoxItem
              id={id}
              textValue={words}
              className="flex h-7 cursor-default items-center rounded-control px-2 text-body focus-ring-inside data-focused:bg-hover data-selected:bg-tint data-selected:text-accent"
            >
              {words}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </AriaSelect>
  )
}
