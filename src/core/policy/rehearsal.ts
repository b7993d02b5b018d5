import { dayOf } from '../day.ts'
import type { ResourceType } from '../resource-types.ts'
import type { Tag } from '../tag.ts'
import type { CompiledPolicy } from './compiled-policy.ts'
import { type Violation, violationsOf } from './judge-change.ts'

/** A write as it was committed. Tags are undefined where the resource does not exist. */
export type RehearsedWrite = {
  readonly revision: number
  readonly type: ResourceType
  readonly id: string
  /** True: the write gave all tags of the resource, not what changes. */
  readonly replaces: boolean
  readonly before: readonly Tag[] | undefined
  readonly after: readonly Tag[] | undefined
  readonly actor: string
  readonly requestId: string
  readonly atMs: number
}

/** A write that would have been refused, and the first reason. */
export type RefusedWrite = Pick<RehearsedWrite, 'revision' | 'type' | 'id' | 'actor' | 'requestId' | 'atMs'> &
  Pick<Violation, 'key' | 'value' | 'problem'>

/**
 * Judges writes in their order as if a policy had been in force, each by what it changed. A refused write does not change
 * the state for later writes of its resource; writes of a resource that would not exist are not judged.
 */
export class Rehearsal {
  readonly #policy: CompiledPolicy
  readonly #samplesMax: number
  /** Tags of the resources that would be different: undefined for one that would not exist. */
  readonly #different = new Map<string, readonly Tag[] | undefined>()
  readonly samples: RefusedWrite[] = []
  readonly byKey = new Map<string, number>()
  readonly byActor = new Map<string, number>()
  /** By day, see `dayOf`. */
  readonly byDay = new Map<number, number>()
  writes = 0
  refused = 0

  constructor(policy: CompiledPolicy, samplesMax: number) {
    this.#policy = policy
    this.#samplesMax = samplesMax
  }

  /** Judges the next write. */
  add(write: RehearsedWrite): void {
    this.writes++
    const { type, id, after, replaces } = write
    const resource = JSON.stringify([type, id])
    const isDifferent = this.#different.has(resource)
    const before = isDifferent ? this.#different.get(resource) : write.before
    // A deletion, and a write of a resource that would not exist, end as they did or in another error.
    if (after === undefined) {
      this.#different.delete(resource)
      return
    }
    let would = after
    if (isDifferent && !replaces) {
      if (before === undefined || write.before === undefined) return
      would = rebase(before, write.before, after)
    }
    const ofType = this.#policy.forType(type)
    const [violation] = ofType === undefined ? [] : violationsOf(ofType, before, would)
    if (violation !== undefined) this.#refuse(write, violation)
    const next = violation === undefined ? would : before
    if (next !== undefined && sameTags(next, after)) this.#different.delete(resource)
    else this.#different.set(resource, next)
  }

  #refuse(write: RehearsedWrite, { rule, key, value, problem }: Violation): void {
    this.refused++
    const { revision, type, id, actor, requestId, atMs } = write
    if (this.samples.length < this.#samplesMax) {
      this.samples.push({ revision, type, id, actor, requestId, atMs, key, value, problem })
    }
    count(this.byKey, rule.key)
    count(this.byActor, actor)
    count(this.byDay, dayOf(atMs))
  }
}

function count<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}

/** Makes the change that lies between two lists of tags on another list. */
function rebase(base: readonly Tag[], before: readonly Tag[], after: readonly Tag[]): readonly Tag[] {
  const values = new Map(base.map(({ key, value }) => [key, value]))
  const was = new Map(before.map(({ key, value }) => [key, value]))
  const is = new Map(after.map(({ key, value }) => [key, value]))
  for (const key of was.keys()) if (!is.has(key)) values.delete(key)
  for (const [key, value] of is) if (was.get(key) !== value) values.set(key, value)
  return Array.from(values, ([key, value]) => ({ key, value }))
}

function sameTags(a: readonly Tag[], b: readonly Tag[]): boolean {
  if (a.length !== b.length) return false
  const values = new Map(b.map(({ key, value }) => [key, value]))
  return a.every(({ key, value }) => values.get(key) === value)
}
