import type { Judgement } from './plan-item.ts'
import type { ResourceType } from './resource-types.ts'

/** How many resources get, lose, or keep a key with another value. */
export type KeyCounts = { added: number; removed: number; changed: number }

/** What a plan does, in numbers. */
export type PlanSummary = {
  /** Resources that were looked at. */
  readonly matched: number
  readonly changes: number
  readonly unchanged: number
  readonly refused: number
  readonly conflicts: number
  /** Tags that a plan which takes back another leaves alone, because they have got other values. */
  readonly tagsLeft: number
  /** Changes of each type. */
  readonly types: Readonly<Record<string, number>>
  /** The first keys that change. */
  readonly keys: Readonly<Record<string, KeyCounts>>
  /** Number of further keys. */
  readonly moreKeys: number
  /** Numbers of refusals and conflicts by their codes. */
  readonly codes: Readonly<Record<string, number>>
}

/** Reads a summary that was stored as JSON. */
export function toPlanSummary(text: string): PlanSummary {
  return JSON.parse(text) as PlanSummary
}

/** The types that a plan changes resources of. */
export function changedTypes({ types }: PlanSummary): readonly ResourceType[] {
  return Object.keys(types) as ResourceType[]
}

/** Keys that a summary names. */
const KEYS_NAMED_MAX = 200

/** Counts what a plan does. */
export class PlanCounts {
  #unchanged = 0
  #refused = 0
  #conflicts = 0
  #changes = 0
  #tagsLeft = 0
  readonly #types = new Map<string, number>()
  readonly #keys = new Map<string, KeyCounts>()
  readonly #otherKeys = new Set<string>()
  readonly #codes = new Map<string, number>()

  get matched(): number {
    return this.#changes + this.#unchanged + this.#refused + this.#conflicts
  }

  /** Counts a resource. `tagsLeft`: tags of it that are left alone. */
  add(type: ResourceType, judgement: Judgement, tagsLeft = 0): void {
    this.#tagsLeft += tagsLeft
    switch (judgement.outcome) {
      case 'unchanged':
        this.#unchanged++
        return
      case 'change':
        this.#changes++
        raise(this.#types, type)
        this.#addKeys(judgement)
        return
      case 'refused':
        this.#refused++
        raise(this.#codes, judgement.code)
        return
      case 'conflict':
        this.#conflicts++
        raise(this.#codes, judgement.code)
    }
  }

  #addKeys({ patch }: Extract<Judgement, { outcome: 'change' }>): void {
    for (const { key, expect, value } of patch.keys) {
      const counts = this.#countsOf(key)
      if (counts === undefined) this.#otherKeys.add(key)
      else if (expect === undefined) counts.added++
      else if (value === undefined) counts.removed++
      else counts.changed++
    }
  }

  #countsOf(key: string): KeyCounts | undefined {
    const known = this.#keys.get(key)
    if (known !== undefined || this.#keys.size === KEYS_NAMED_MAX) return known
    const counts: KeyCounts = { added: 0, removed: 0, changed: 0 }
    this.#keys.set(key, counts)
    return counts
  }

  summary(): PlanSummary {
    return {
      matched: this.matched,
      changes: this.#changes,
      unchanged: this.#unchanged,
      refused: this.#refused,
      conflicts: this.#conflicts,
      tagsLeft: this.#tagsLeft,
      types: Object.fromEntries(this.#types),
      keys: Object.fromEntries(this.#keys),
      moreKeys: this.#otherKeys.size,
      codes: Object.fromEntries(this.#codes),
    }
  }
}

function raise(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1)
}
