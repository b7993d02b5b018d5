import { X } from 'lucide-react'
import { Button, Tag, TagGroup, TagList } from 'react-aria-components'
import { exploreTexts } from '../explore/texts.ts'
import { useTexts } from '../text/texts.ts'
import type { Chip } from './chips.ts'
import { useWording } from './wording.ts'
import { sentenceOf, type Wording, wordsOf } from './words.ts'

const LOOKS = {
  subject: 'font-mono text-ink-2',
  word: 'text-ink-2',
  value: 'font-mono font-semibold text-ink',
} as const

/** The conditions of a query as one list: arrows move, Delete removes, Enter opens the text of a nested one. */
export function ChipList({
  chips,
  onRemove,
  onNegate,
  onOpenText,
}: {
  readonly chips: readonly Chip[]
  readonly onRemove: (index: number) => void
  readonly onNegate: (index: number) => void
  readonly onOpenText: () => void
}) {
  const texts = useTexts(exploreTexts)
  const wording = useWording()
  const indexOf = (id: unknown) => chips.findIndex((chip) => chip.id === id)
  return (
    <TagGroup
      aria-label={texts.conditions}
      selectionMode="none"
      onRemove={(ids) => {
        const [id] = ids
        onRemove(indexOf(id))
      }}
      className="min-w-0"
    >
      <TagList className="flex flex-wrap gap-x-2 gap-y-1" data-chips>
        {chips.map((chip, at) => {
          const sentence = sentenceOf(chip, wording)
          return (
            <Tag
              key={chip.id}
              id={chip.id}
              textValue={at === 0 ? sentence : `${wording.texts.and} ${sentence}`}
              {...(chip.terms === undefined ? { onAction: onOpenText } : {})}
              className="group flex max-w-full min-w-0 cursor-default items-center gap-2 outline-none"
            >
              {at > 0 && <span className="text-body text-ink-2">{wording.texts.and}</span>}
              <span className="flex min-h-6 min-w-0 items-center gap-1.5 rounded-control border border-tint-edge bg-tint pl-2 text-body group-data-focus-visible:outline-2 group-data-focus-visible:outline-offset-1 group-data-focus-visible:outline-accent">
                <ChipWords chip={chip} wording={wording} onNegate={() => onNegate(at)} />
                <Button
                  slot="remove"
                  aria-label={texts.removeCondition(sentence)}
                  className="flex size-6 shrink-0 items-center justify-center rounded-control text-ink-2 focus-ring-inside data-hovered:text-ink"
                >
                  <X className="size-3.5" aria-hidden="true" />
                </Button>
              </span>
            </Tag>
          )
        })}
      </TagList>
    </TagGroup>
  )
}

/** The words of a chip. That of a single test is a button that negates it. */
function ChipWords({
  chip,
  wording,
  onNegate,
}: {
  readonly chip: Chip
  readonly wording: Wording
  readonly onNegate: () => void
}) {
  const texts = useTexts(exploreTexts)
  const pieces = wordsOf(chip, wording)
  const verb = chip.terms?.length === 1 ? pieces.findIndex(({ look }) => look === 'word') : -1
  return (
    <span className="flex min-w-0 flex-wrap gap-x-1.5 wrap-anywhere">
      {pieces.map(({ text, look }, at) =>
        at === verb ? (
          <Button
            key="verb"
            slot={null}
            aria-label={texts.negate(sentenceOf(chip, wording))}
            onPress={onNegate}
            className="rounded-mark text-ink-2 focus-ring data-hovered:underline data-hovered:decoration-dotted"
          >
            {text}
          </Button>
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: the words of a chip have no other identity
          <span key={at} className={LOOKS[look]}>
            {text}
          </span>
        ),
      )}
    </span>
  )
}
