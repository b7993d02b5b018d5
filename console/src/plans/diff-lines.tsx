import { Minus, Plus } from 'lucide-react'
import { useTexts } from '../text/texts.ts'
import { Badge } from '../ui/marks.tsx'
import { uiTexts } from '../ui/texts.ts'
import type { DiffLine } from './diff.ts'
import { plansTexts } from './texts.ts'

const LOOKS = {
  removed: 'bg-bad-tint text-bad',
  added: 'bg-good-tint text-good',
  stays: 'text-ink-3',
} as const

/**
 * The lines of a change, each with its sign and a hidden word; the colour only helps. `tags`: those that the resource has now,
 * for the value of a tag that stays.
 */
export function DiffLines({
  lines,
  tags,
}: {
  readonly lines: readonly DiffLine[]
  readonly tags?: ReadonlyMap<string, string> | undefined
}) {
  const texts = useTexts(plansTexts)
  const { added, removed, emptyValue } = useTexts(uiTexts)
  const words = { added, removed, stays: '' }
  return (
    <ul className="overflow-hidden rounded-control border border-line font-mono text-small">
      {lines.map(({ kind, key, value = tags?.get(key) }) => (
        <li key={`${kind} ${key}`} className={`flex min-h-5 items-baseline gap-2 px-2 py-0.5 ${LOOKS[kind]}`}>
          <span className="w-3 shrink-0 self-center">
            {kind === 'removed' && <Minus className="size-3" aria-hidden="true" />}
            {kind === 'added' && <Plus className="size-3" aria-hidden="true" />}
          </span>
          <span className="min-w-0 wrap-anywhere">
            <span className="sr-only">{words[kind]} </span>
            {key}
            {value !== undefined && (
              <>
                {' = '}
                {value === '' ? <span className="font-sans opacity-80">{emptyValue}</span> : value}
              </>
            )}
          </span>
          {kind === 'stays' && (
            <span className="ml-auto font-sans">
              <Badge tone="warn">{texts.both}</Badge>
            </span>
          )}
        </li>
      ))}
    </ul>
  )
}

/** The same in words, for names of rows. */
export function diffText(lines: readonly DiffLine[]): string {
  const signs = { removed: '−', added: '+', stays: '' }
  return lines
    .map(({ kind, key, value }) => `${signs[kind]} ${key}${value === undefined ? '' : ` = ${value}`}`)
    .join(', ')
}
