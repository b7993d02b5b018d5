import { compareCodePoints } from '../text.ts'
import { editDistance } from './edit-distance.ts'
import { foldKey, foldValue } from './fold.ts'
import { skeletonOf } from './look-alikes.ts'
import { relatedForm } from './related-words.ts'

/**
 * How sure it is that spellings mean the same: `certain` for the same fold, `look-alike` for letters of other scripts,
 * `related` for plurals, words in another order and synonyms, `perhaps` for what may be a typing error.
 */
export const NEAR_KINDS = ['certain', 'look-alike', 'related', 'perhaps'] as const
export type NearKind = (typeof NEAR_KINDS)[number]

/** A key or a value, and the number of resources that have it. */
export type Spelling = { readonly text: string; readonly resources: number }

export type NearGroup = {
  readonly kind: NearKind
  /** The most used first. */
  readonly members: readonly Spelling[]
  /** The spelling to keep: the most used of the preferred ones, or else of all. */
  readonly canonical: string
  /** Resources that the other spellings are on; one with two of them counts twice. */
  readonly affected: number
}

/** Spellings with the same fold. */
type Class = { readonly fold: string; readonly members: readonly Spelling[]; readonly resources: number }

/** Spellings that are preferred to others; the first set that has one of a group decides. */
export type Preferred = readonly ReadonlySet<string>[]

/** A typing error is so many times rarer than the right spelling. */
const RARER = 20
/** Folds from these lengths on may differ by one and two letters. */
const ONE_ERROR_LENGTH = 5
const TWO_ERRORS_LENGTH = 8
/** Of more classes no typing errors are looked for. */
const CLASSES_MAX = 10_000
const STEPS_PER_YIELD = 256

/**
 * Finds groups of keys, or of values of one key, that are probably spellings of the same: by kind, then by the number of
 * resources that a correction touches. Each pair of spellings is in at most one group. Yields between parts of the work.
 */
export function* findNearDuplicates(
  spellings: readonly Spelling[],
  of: 'keys' | 'values',
  preferred: Preferred = [],
): Generator<undefined, readonly NearGroup[]> {
  const fold = of === 'keys' ? foldKey : foldValue
  const folded = yield* grouped(spellings, ({ text }) => fold(text))
  const classes = Array.from(folded, ([ofFold, members]) => toClass(ofFold, members))
  const groups: NearGroup[] = classes
    .filter(({ members }) => members.length > 1)
    .map(({ members }) => toGroup('certain', members, preferred))
  const joined = new Set<string>()
  const add = (kind: NearKind, some: readonly Class[]) => {
    groups.push(
      toGroup(
        kind,
        some.flatMap(({ members }) => members),
        preferred,
      ),
    )
    for (const [i, a] of some.entries()) for (const b of some.slice(i + 1)) joined.add(pairOf(a, b))
  }
  for (const some of (yield* grouped(classes, (one) => skeletonOf(one.fold))).values()) {
    if (some.length > 1) add('look-alike', some)
  }
  const forms = yield* grouped(classes, ({ members }) => relatedForm((members[0] as Spelling).text, of === 'keys'))
  for (const [form, some] of forms) if (form !== '' && some.length > 1 && !isJoined(some, joined)) add('related', some)
  if (classes.length <= CLASSES_MAX) {
    for (const pair of yield* typingErrors(classes)) if (!isJoined(pair, joined)) add('perhaps', pair)
  }
  return groups.sort(inOrder)
}

function* grouped<T>(items: readonly T[], keyOf: (item: T) => string): Generator<undefined, Map<string, T[]>> {
  const groups = new Map<string, T[]>()
  for (const [i, item] of items.entries()) {
    if (i % STEPS_PER_YIELD === 0) yield
    const key = keyOf(item)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [item])
    else group.push(item)
  }
  return groups
}

function toClass(fold: string, members: readonly Spelling[]): Class {
  const sorted = members.toSorted(mostUsedFirst)
  return { fold, members: sorted, resources: sumOf(sorted) }
}

function toGroup(kind: NearKind, members: readonly Spelling[], preferred: Preferred): NearGroup {
  const sorted = members.toSorted(mostUsedFirst)
  const kept = preferredOf(sorted, preferred) ?? (sorted[0] as Spelling)
  return { kind, members: sorted, canonical: kept.text, affected: sumOf(sorted) - kept.resources }
}

function preferredOf(members: readonly Spelling[], preferred: Preferred): Spelling | undefined {
  for (const texts of preferred) {
    const found = members.find(({ text }) => texts.has(text))
    if (found !== undefined) return found
  }
  return undefined
}

function sumOf(members: readonly Spelling[]): number {
  return members.reduce((sum, { resources }) => sum + resources, 0)
}

function mostUsedFirst(a: Spelling, b: Spelling): number {
  return b.resources - a.resources || compareCodePoints(a.text, b.text)
}

function inOrder(a: NearGroup, b: NearGroup): number {
  const byKind = NEAR_KINDS.indexOf(a.kind) - NEAR_KINDS.indexOf(b.kind)
  return byKind || b.affected - a.affected || compareCodePoints(a.canonical, b.canonical)
}

function pairOf(a: Class, b: Class): string {
  return JSON.stringify([a.fold, b.fold].sort())
}

function isJoined(classes: readonly Class[], joined: ReadonlySet<string>): boolean {
  return classes.every((a, i) => classes.slice(i + 1).every((b) => joined.has(pairOf(a, b))))
}

/** Pairs of a frequent spelling and a much rarer one that differs by one or two letters, with the same digits. */
function* typingErrors(classes: readonly Class[]): Generator<undefined, readonly (readonly [Class, Class])[]> {
  const pairs: [Class, Class][] = []
  const long = classes.filter(({ fold }) => fold.length >= ONE_ERROR_LENGTH)
  const buckets = yield* grouped(long, ({ fold }) => `${fold[0]} ${fold.replace(/\D/g, '')}`)
  let compared = 0
  for (const bucket of buckets.values()) {
    const sorted = bucket.toSorted((a, b) => b.resources - a.resources)
    for (const [i, frequent] of sorted.entries()) {
      for (let j = sorted.length - 1; j > i; j--) {
        const rare = sorted[j] as Class
        if (rare.resources * RARER > frequent.resources) break
        if (++compared % STEPS_PER_YIELD === 0) yield
        if (isTypingError(rare.fold, frequent.fold)) pairs.push([frequent, rare])
      }
    }
  }
  return pairs
}

function isTypingError(a: string, b: string): boolean {
  const shorter = Math.min(a.length, b.length)
  const max = shorter >= TWO_ERRORS_LENGTH ? 2 : 1
  return !isPlural(a, b) && !isPlural(b, a) && editDistance(a, b, max) <= max
}

function isPlural(a: string, b: string): boolean {
  return a === `${b}s`
}
