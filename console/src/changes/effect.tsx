import { useFormat } from '../text/format.ts'
import { useTexts } from '../text/texts.ts'
import { DiffMark } from '../ui/marks.tsx'
import { uiTexts } from '../ui/texts.ts'
import type { KeyChange } from './key-change.ts'
import { changesTexts } from './texts.ts'

type Tag = { readonly key: string; readonly value: string }
type Pair = { readonly before: string; readonly after: string }

/** What a change did to a resource, as the API gives it. */
export type Effect = {
  readonly name?: Pair
  readonly detail_members?: readonly string[]
  readonly tags_added: readonly Tag[]
  readonly tags_changed: readonly (Pair & { readonly key: string })[]
  readonly tags_removed: readonly Tag[]
}

/** The keys that a change touched, in alphabetical order. */
export function keyChangesOf({ tags_added, tags_changed, tags_removed }: Effect): readonly KeyChange[] {
  return [
    ...tags_added.map(({ key, value }) => ({ key, after: value })),
    ...tags_changed,
    ...tags_removed.map(({ key, value }) => ({ key, before: value })),
  ].sort((a, b) => (a.key < b.key ? -1 : 1))
}

/** A key with the marks of its old and its new value. */
export function KeyMarks({ change: { key, before, after } }: { readonly change: KeyChange }) {
  return (
    <span className="inline-flex max-w-full min-w-0 flex-wrap items-center gap-x-1.5 gap-y-0.5">
      <span className="font-mono text-small text-ink-2">{key}</span>
      {before !== undefined && <ValueMark kind="removed" value={before} />}
      {after !== undefined && <ValueMark kind="added" value={after} />}
    </span>
  )
}

function ValueMark({ kind, value }: { readonly kind: 'added' | 'removed'; readonly value: string }) {
  const texts = useTexts(uiTexts)
  return (
    <span className="inline-flex max-w-full min-w-0" title={value}>
      <DiffMark kind={kind}>{value === '' ? texts.emptyValue : value}</DiffMark>
    </span>
  )
}

/** What a change did, a line a key: first the word, then the marks. */
export function EffectLines({ effect }: { readonly effect: Effect }) {
  const texts = useTexts(changesTexts)
  const format = useFormat()
  const { name, detail_members: members = [] } = effect
  const keys = keyChangesOf(effect)
  return (
    <ul className="flex flex-col gap-1">
      {name !== undefined && (
        <Line word={name.before === '' ? texts.tagsAdded : name.after === '' ? texts.tagsRemoved : texts.tagsChanged}>
          <span className="text-small text-ink-2">{texts.name}</span>
          {name.before !== '' && <ValueMark kind="removed" value={name.before} />}
          {name.after !== '' && <ValueMark kind="added" value={name.after} />}
        </Line>
      )}
      {members.length > 0 && (
        <Line word={texts.tagsChanged}>
          <span className="text-small text-ink-2">{texts.detail}</span>
          <span className="font-mono text-small wrap-anywhere">{format.list(members, 'and')}</span>
        </Line>
      )}
      {keys.map((change) => (
        <Line key={change.key} word={wordOf(change, texts)}>
          <KeyMarks change={change} />
        </Line>
      ))}
    </ul>
  )
}

function Line({ word, children }: { readonly word: string; readonly children: React.ReactNode }) {
  return (
    <li className="flex min-w-0 flex-wrap items-center gap-x-1.5 gap-y-0.5">
      <span className="text-small text-ink-2">{word}</span>
      {children}
    </li>
  )
}

type Words = { readonly tagsAdded: string; readonly tagsChanged: string; readonly tagsRemoved: string }

function wordOf({ before, after }: KeyChange, { tagsAdded, tagsChanged, tagsRemoved }: Words): string {
  if (before === undefined) return tagsAdded
  return after === undefined ? tagsRemoved : tagsChanged
}
