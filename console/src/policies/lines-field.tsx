import { type ReactNode, useState } from 'react'
import { TextField } from '../ui/fields.tsx'

/** A list of texts, one a line. */
export function LinesField({
  label,
  description,
  items,
  onChange,
  error,
  action,
}: {
  readonly label: string
  readonly description: string
  readonly items: readonly string[]
  readonly onChange: (items: readonly string[]) => void
  readonly error: string | undefined
  /** Stands below the field. */
  readonly action?: ReactNode
}) {
  // The text as it is typed: an empty last line is no item yet, but has to stay while the next one is typed.
  const [typed, setTyped] = useState(items.join('\n'))
  const text = isSame(linesOf(typed), items) ? typed : items.join('\n')
  return (
    <div className="flex flex-col items-start gap-1 *:first:w-full">
      <TextField
        label={label}
        description={description}
        isMono
        rows={Math.min(8, Math.max(3, text.split('\n').length))}
        value={text}
        onChange={(next) => {
          setTyped(next)
          const lines = linesOf(next)
          if (!isSame(lines, items)) onChange(lines)
        }}
        error={error}
      />
      {action}
    </div>
  )
}

function linesOf(text: string): readonly string[] {
  return text.split('\n').filter((line) => line.trim() !== '')
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((each, at) => each === b[at])
}
