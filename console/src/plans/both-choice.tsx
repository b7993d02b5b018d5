import { RadioGroup } from '../ui/choice.tsx'
import type { IfBoth } from './plan-types.ts'

/** Chooses what a rename of a key does with resources that have both. The words are those of the screen, which names the keys. */
export function BothChoice({
  texts,
  value,
  onChange,
}: {
  readonly texts: {
    readonly whereBoth: string
    readonly refuse: string
    readonly keepTo: string
    readonly keepFrom: string
  }
  readonly value: IfBoth
  readonly onChange: (value: IfBoth) => void
}) {
  return (
    <RadioGroup
      label={texts.whereBoth}
      options={[
        { id: 'refuse', label: texts.refuse },
        { id: 'keep-to', label: texts.keepTo },
        { id: 'keep-from', label: texts.keepFrom },
      ]}
      value={value}
      onChange={onChange}
    />
  )
}
