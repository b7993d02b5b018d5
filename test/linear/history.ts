// What clients did and saw, and whether one order of it all explains it: the definition of linearizable. The product claims to
// know that order, for it answers with revisions; so the order that is tried is theirs, and what is checked is that it is one
// in which every answer is right and nothing that was over comes after what began later.

/** Tags of one image, value by key. */
export type Tags = Readonly<Record<string, string>>

/** What is asked. A count or list is of the images that have a key, with one of some values unless there are none. */
export type Asked =
  | { readonly kind: 'put'; readonly image: string; readonly key: string; readonly value: string }
  | { readonly kind: 'delete'; readonly image: string; readonly key: string }
  | { readonly kind: 'read'; readonly image: string }
  | { readonly kind: 'count'; readonly key: string; readonly values: readonly string[] }
  | { readonly kind: 'list'; readonly key: string; readonly values: readonly string[] }
  | AskedFacets

/**
 * A search of such images, or of all without a key, with a facet of the values of each of some keys, and one of the keys.
 * `excludesOwn`: a facet of the key itself is of all images.
 */
export type AskedFacets = {
  readonly kind: 'facets'
  readonly key: string | undefined
  readonly values: readonly string[]
  readonly of: readonly string[]
  readonly excludesOwn: boolean
}

/** The values of a key or the keys, each with its number of images, in order of their texts. */
export type FacetAnswer = {
  readonly withKey: number
  readonly withoutKey: number
  readonly counts: readonly (readonly [text: string, count: number])[]
}

/** What came back; `there` is false for the deletion of a tag that was not there. */
export type Answer = {
  readonly revision: number
  readonly there?: boolean
  readonly tags?: Tags
  readonly total?: number
  readonly images?: readonly string[]
  readonly facets?: readonly FacetAnswer[]
}

/** One call. Without an answer nobody knows whether it took effect, and if so when, from its start on. */
export type Operation = {
  readonly client: number
  readonly asked: Asked
  readonly startMs: number
  readonly endMs: number
  readonly answer: Answer | undefined
}

/** A committed change as the log has it: the tags of an image after it. */
export type Logged = { readonly revision: number; readonly image: string; readonly tags: Tags }

export type History = {
  readonly operations: readonly Operation[]
  /** Images and the revision that everything began with; none has tags. */
  readonly images: readonly string[]
  readonly revision: number
  /** Every change after that revision. */
  readonly log: readonly Logged[]
}

/** Says what no order can explain; nothing when all is well. */
export function violationsOf(history: History): readonly string[] {
  const violations: string[] = []
  const { claimed, observed } = assigned(history, violations)
  const model = new Map<string, Record<string, string>>(history.images.map((image) => [image, {}]))
  let latest: Operation | undefined
  const place = (operation: Operation) => {
    if (latest !== undefined && operation.endMs < latest.startMs) {
      violations.push(`${shown(latest)} does not know of ${shown(operation)}, which was over before it began`)
    }
    if (latest === undefined || operation.startMs > latest.startMs) latest = operation
  }
  const lastRevision = history.revision + history.log.length
  for (let revision = history.revision; revision <= lastRevision; revision++) {
    const write = claimed.get(revision)
    if (write !== undefined) {
      place(write)
      apply(model, write.asked)
    }
    for (const operation of observed.get(revision) ?? []) {
      place(operation)
      const fault = faultOf(model, operation)
      if (fault !== undefined) violations.push(`${shown(operation)}: ${fault}`)
    }
    observed.delete(revision)
  }
  for (const operation of [...observed.values()].flat())
    violations.push(`${shown(operation)}: there is no such revision`)
  return violations
}

/** Finds for every revision the write that made it, and the calls that saw it, in order of their start. */
function assigned({ operations, images, revision, log }: History, violations: string[]) {
  const claimed = new Map<number, Operation>()
  const observed = new Map<number, Operation[]>()
  const byStart = operations.toSorted((a, b) => a.startMs - b.startMs)
  const open = new Set(byStart.filter(({ answer, asked }) => answer === undefined && isWrite(asked)))
  for (const operation of byStart) {
    if (operation.answer === undefined) continue
    const { revision: at } = operation.answer
    const seen = observed.get(at)
    if (seen === undefined) observed.set(at, [operation])
    else seen.push(operation)
  }
  const before = new Map<string, Tags>(images.map((image) => [image, {}]))
  for (const [i, entry] of log.entries()) {
    const at = revision + 1 + i
    if (entry.revision !== at) violations.push(`the log has revision ${entry.revision} in the place of ${at}`)
    const hasMade = ({ asked }: Operation) => made(asked, entry, before.get(entry.image) ?? {})
    const seen = observed.get(at) ?? []
    // Of those that asked for the same the first began it; the others found it done. One without an answer counts only where
    // nobody was told that it was theirs.
    const answered = seen.filter(({ asked, answer }) => isWrite(asked) && answer?.there !== false)
    const write = answered.find(hasMade) ?? [...open].find(hasMade)
    if (write === undefined) violations.push(`nobody asked for revision ${at}: ${JSON.stringify(entry)}`)
    else {
      claimed.set(at, write)
      open.delete(write)
      if (seen.includes(write)) seen.splice(seen.indexOf(write), 1)
    }
    before.set(entry.image, entry.tags)
  }
  return { claimed, observed }
}

function isWrite(asked: Asked): boolean {
  return asked.kind === 'put' || asked.kind === 'delete'
}

/** True: the write, on an image with tags, leads to what was logged, and to nothing else. */
function made(asked: Asked, { image, tags }: Logged, before: Tags): boolean {
  if ((asked.kind !== 'put' && asked.kind !== 'delete') || asked.image !== image) return false
  const { [asked.key]: _old, ...others } = before
  const after: Tags = asked.kind === 'put' ? { ...others, [asked.key]: asked.value } : others
  return isSame(after, tags) && !isSame(before, tags)
}

function isSame(a: Tags, b: Tags): boolean {
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key])
}

function apply(model: Map<string, Record<string, string>>, asked: Asked): void {
  if (asked.kind === 'put') (model.get(asked.image) as Record<string, string>)[asked.key] = asked.value
  else if (asked.kind === 'delete') delete model.get(asked.image)?.[asked.key]
}

/** Says what is wrong with an answer as of now. */
function faultOf(model: ReadonlyMap<string, Tags>, { asked, answer }: Operation): string | undefined {
  switch (asked.kind) {
    case 'put': {
      const value = model.get(asked.image)?.[asked.key]
      return value === asked.value ? undefined : `it is lost: ${asked.key} is ${value}`
    }
    case 'delete': {
      const value = model.get(asked.image)?.[asked.key]
      if (value !== undefined) return `${asked.key} is there: ${value}`
      return answer?.there === true ? `${asked.key} was not there any more` : undefined
    }
    case 'read': {
      const tags = model.get(asked.image) ?? {}
      return isSame(tags, answer?.tags ?? {}) ? undefined : `it is ${JSON.stringify(tags)}`
    }
    case 'facets':
      return faultOfFacets(model, asked, answer)
    default: {
      const images = matching(model, asked.key, asked.values)
      const isRight =
        asked.kind === 'count' ? answer?.total === images.length : answer?.images?.toSorted().join() === images.join()
      return isRight ? undefined : `there are ${images.length}: ${images.join()}`
    }
  }
}

function faultOfFacets(
  model: ReadonlyMap<string, Tags>,
  { key, values, of, excludesOwn }: AskedFacets,
  answer: Answer | undefined,
): string | undefined {
  const all = [...model.keys()]
  const images = key === undefined ? all : matching(model, key, values)
  if (answer?.total !== images.length) return `there are ${images.length}`
  // A page of all would be too long to be asked for.
  if (key !== undefined && answer.images?.toSorted().join() !== images.join()) return `they are ${images.join()}`
  const tagsOf = (some: readonly string[]) => some.map((image) => model.get(image) ?? {})
  const facets = [
    ...of.map((facet) => {
      const tags = tagsOf(excludesOwn && facet === key ? all : images)
      return facetOf(tags, ({ [facet]: value }) => (value === undefined ? [] : [value]))
    }),
    facetOf(tagsOf(images), (tags) => Object.keys(tags)),
  ]
  return JSON.stringify(answer.facets) === JSON.stringify(facets) ? undefined : `it is ${JSON.stringify(facets)}`
}

function facetOf(all: readonly Tags[], textsOf: (tags: Tags) => readonly string[]): FacetAnswer {
  const counts = new Map<string, number>()
  for (const text of all.flatMap(textsOf)) counts.set(text, (counts.get(text) ?? 0) + 1)
  const withKey = all.filter((tags) => textsOf(tags).length > 0).length
  return { withKey, withoutKey: all.length - withKey, counts: byText(counts) }
}

/** Counts in order of their texts. */
export function byText(counts: Iterable<readonly [text: string, count: number]>): FacetAnswer['counts'] {
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1))
}

function matching(model: ReadonlyMap<string, Tags>, key: string, values: readonly string[]): string[] {
  const found = [...model].filter(([, { [key]: value }]) => {
    return value !== undefined && (values.length === 0 || values.includes(value))
  })
  return found.map(([image]) => image).sort()
}

function shown({ client, asked, startMs, endMs, answer }: Operation): string {
  const time = `${startMs.toFixed(2)}..${endMs.toFixed(2)} ms`
  return `${JSON.stringify(asked)} -> ${JSON.stringify(answer) ?? 'no answer'} (client ${client}, ${time})`
}
