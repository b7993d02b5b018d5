import { Minus, Pencil, Plus } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTexts } from '../text/texts.ts'
import { uiTexts } from './texts.ts'

const KINDS = {
  added: { icon: Plus, look: 'bg-good-tint text-good' },
  removed: { icon: Minus, look: 'bg-bad-tint text-bad' },
  changed: { icon: Pencil, look: 'bg-warn-tint text-warn' },
} as const

export type DiffKind = keyof typeof KINDS

/** A value that was added, removed or changed: sign and hidden word, the colour only helps. */
export function DiffMark({ kind, children }: { readonly kind: DiffKind; readonly children: ReactNode }) {
  const { icon: Icon, look } = KINDS[kind]
  const texts = useTexts(uiTexts)
  return (
    <span className={`inline-flex max-w-full items-center gap-1 rounded-mark px-1 font-mono text-small ${look}`}>
      <Icon className="size-3 shrink-0" aria-hidden="true" />
      <span className="sr-only">{texts[kind]} </span>
      <span className="truncate">{children}</span>
    </span>
  )
}

const TONES = {
  neutral: 'bg-hover text-ink-2',
  accent: 'bg-tint text-accent',
  good: 'bg-good-tint text-good',
  bad: 'bg-bad-tint text-bad',
  warn: 'bg-warn-tint text-warn',
  past: 'bg-past-tint text-past',
} as const

/** A short word about a state. */
export function Badge({
  tone = 'neutral',
  children,
}: {
  readonly tone?: keyof typeof TONES
  readonly children: ReactNode
}) {
  return (
    <span className={`inline-flex items-center gap-1 rounded-mark px-1.5 text-small whitespace-nowrap ${TONES[tone]}`}>
      {children}
    </span>
  )
}

/** The value of a tag, as it is. The empty value looks other than none. */
export function TagValue({ value }: { readonly value: string | undefined }) {
  const texts = useTexts(uiTexts)
  if (value === undefined) {
    return (
      <span className="text-ink-3">
        <span aria-hidden="true">–</span>
        <span className="sr-only">{texts.noTag}</span>
      </span>
    )
  }
  if (value === '') return <span className="text-ink-3">{texts.emptyValue}</span>
  return <span className="font-mono">{value}</span>
}

/** A share as a bar; whoever shows it has its number in words. */
export function Meter({ share, className = 'w-10' }: { readonly share: number; readonly className?: string }) {
  return (
    <span className={`inline-block h-[3px] shrink-0 rounded-full bg-line ${className}`} aria-hidden="true">
      <span
        className="block h-full rounded-full bg-accent"
        style={{ width: `${Math.max(0, Math.min(1, share)) * 100}%` }}
      />
    </span>
  )
}
