import type { Difference } from './difference.ts'

/** The line of a plan file that gives a resource the tags from before; undefined if tags alone cannot. */
export type PlanLine = {
  readonly resource_type: string
  readonly resource_id: string
  readonly expect: Readonly<Record<string, string | null>>
  readonly patch: Readonly<Record<string, string | null>>
  readonly order: readonly string[]
}

/** What takes the tags of a resource back to the first moment, provided that they are as at the second one. */
export function wayBackOf({ resource_type, resource_id, from, to }: Difference): PlanLine | undefined {
  // A plan makes and deletes no resources.
  if (from === null || to === null) return undefined
  const [before, after] = [valuesOf(from.tags), valuesOf(to.tags)]
  const keys = [...new Set([...before.keys(), ...after.keys()])].filter((key) => before.get(key) !== after.get(key))
  if (keys.length === 0) return undefined
  return {
    resource_type,
    resource_id,
    expect: Object.fromEntries(keys.map((key) => [key, after.get(key) ?? null])),
    patch: Object.fromEntries(keys.map((key) => [key, before.get(key) ?? null])),
    order: from.tags.map(({ key }) => key),
  }
}

/** A plan file. */
export function planFileOf(note: string, lines: readonly PlanLine[]): string {
  return `${[{ format: 'tagwerk-plan/1', note }, ...lines].map((line) => JSON.stringify(line)).join('\n')}\n`
}

function valuesOf(tags: readonly { readonly key: string; readonly value: string }[]): ReadonlyMap<string, string> {
  return new Map(tags.map(({ key, value }) => [key, value]))
}
