import { Search, X } from 'lucide-react'
import type { ReactNode } from 'react'
import {
  Button as AriaButton,
  NumberField as AriaNumberField,
  SearchField as AriaSearchField,
  TextField as AriaTextField,
  FieldError,
  Input,
  Label,
  Text,
  TextArea,
} from 'react-aria-components'

const INPUT =
  'w-full rounded-control border border-control bg-surface px-2 text-body text-ink placeholder:text-ink-3 focus-ring data-invalid:border-bad data-disabled:opacity-45'

type FieldProps = {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly type?: 'text' | 'password' | 'email'
  readonly name?: string
  readonly autoComplete?: string
  readonly placeholder?: string
  /** Explains what the field takes. */
  readonly description?: ReactNode
  /** What is wrong with the value. */
  readonly error?: ReactNode
  readonly isMono?: boolean
  readonly isRequired?: boolean
  readonly autoFocus?: boolean
  /** More than one: a field of several lines. */
  readonly rows?: number
  readonly isLabelHidden?: boolean
}

/** A field for a text, with its label, explanation and error. */
export function TextField({
  label,
  description,
  error,
  isMono,
  placeholder,
  rows = 1,
  isLabelHidden,
  ...props
}: FieldProps) {
  const look = `${INPUT} ${isMono ? 'font-mono' : ''}`
  return (
    <AriaTextField
      {...props}
      isInvalid={error !== undefined}
      {...(isLabelHidden ? { 'aria-label': label } : {})}
      className="flex flex-col gap-1"
      validationBehavior="aria"
    >
      {!isLabelHidden && <Label className="text-small font-medium text-ink-2">{label}</Label>}
      {rows === 1 ? (
        <Input className={`${look} h-7`} {...(placeholder === undefined ? {} : { placeholder })} />
      ) : (
        <TextArea className={`${look} py-1.5`} rows={rows} {...(placeholder === undefined ? {} : { placeholder })} />
      )}
      {description !== undefined && (
        <Text slot="description" className="text-small text-ink-3">
          {description}
        </Text>
      )}
      <FieldError className="text-small text-bad">{error}</FieldError>
    </AriaTextField>
  )
}

type NumberFieldProps = {
  readonly label: string
  /** NaN: empty. */
  readonly value: number
  readonly onChange: (value: number) => void
  readonly minValue?: number
  readonly maxValue?: number
  readonly description?: ReactNode
  readonly error?: ReactNode
}

/** A field for a whole number. */
export function NumberField({ label, description, error, ...props }: NumberFieldProps) {
  return (
    <AriaNumberField
      {...props}
      isInvalid={error !== undefined}
      className="flex flex-col gap-1"
      validationBehavior="aria"
      formatOptions={{ maximumFractionDigits: 0 }}
    >
      <Label className="text-small font-medium text-ink-2">{label}</Label>
      <Input className={`${INPUT} h-7 tabular-nums`} />
      {description !== undefined && (
        <Text slot="description" className="text-small text-ink-3">
          {description}
        </Text>
      )}
      <FieldError className="text-small text-bad">{error}</FieldError>
    </AriaNumberField>
  )
}

type SearchFieldProps = {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly onSubmit?: (value: string) => void
  readonly placeholder?: string
  readonly clearLabel: string
}

/** A field that filters what stands below it. Escape empties it. */
export function SearchField({ label, placeholder, clearLabel, ...props }: SearchFieldProps) {
  return (
    <AriaSearchField {...props} aria-label={label} className="group relative flex items-center">
      <Search className="pointer-events-none absolute left-2 size-4 text-ink-3" aria-hidden="true" />
      <Input
        className={`${INPUT} h-7 px-7 [&::-webkit-search-cancel-button]:hidden`}
        placeholder={placeholder ?? label}
      />
      <AriaButton
        aria-label={clearLabel}
        className="absolute right-1 flex size-5 items-center justify-center rounded-mark text-ink-3 data-hovered:bg-hover focus-ring group-data-empty:hidden"
      >
        <X className="size-3.5" aria-hidden="true" />
      </AriaButton>
    </AriaSearchField>
  )
}
