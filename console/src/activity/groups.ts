import type { operations } from '../api/schema.d.ts'

/** Changes that belong together. */
export type Group = operations['ListChangeGroups']['responses'][200]['content']['application/json']['groups'][number]

/** Puts groups together that the pages of the feed have in parts; those of later pages are older. */
export function mergeGroups(groups: readonly Group[]): readonly Group[] {
  const merged = new Map<string, Group>()
  for (const group of groups) {
    const known = merged.get(group.id)
    merged.set(group.id, known === undefined ? group : joined(known, group))
  }
  return [...merged.values()]
}

function joined(newer: Group, older: Group): Group {
  return {
    ...newer,
    first: older.first,
    changes: newer.changes + older.changes,
    // A plan or a request changes a resource once.
    resources: newer.resources + older.resources,
    created: newer.created + older.created,
    updated: newer.updated + older.updated,
    deleted: newer.deleted + older.deleted,
    types: summed(newer.types, older.types),
    keys: summedKeys([...newer.keys, ...older.keys]),
    more_keys: Math.max(newer.more_keys, older.more_keys),
    may_continue: older.may_continue,
  }
}

function summed(a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): Record<string, number> {
  const sums = { ...a }
  for (const [name, count] of Object.entries(b)) sums[name] = (sums[name] ?? 0) + count
  return sums
}

function summedKeys(keys: Group['keys']): Group['keys'] {
  const sums = new Map<string, Group['keys'][number]>()
  for (const { key, added, changed, removed } of keys) {
    const sum = sums.get(key) ?? { key, added: 0, changed: 0, removed: 0 }
    sums.set(key, {
      key,
      added: sum.added + added,
      changed: sum.changed + changed,
      removed: sum.removed + removed,
    })
  }
  return [...sums.values()].sort((a, b) => sizeOf(b) - sizeOf(a))
}

function sizeOf({ added, changed, removed }: Group['keys'][number]): number {
  return added + changed + removed
}

/** What a group did to tags: the one word for all of it, or `mixed`. */
export function tagVerbOf({ keys }: Pick<Group, 'keys'>): 'added' | 'changed' | 'removed' {
  const sum = (what: 'added' | 'changed' | 'removed') => keys.reduce((total, each) => total + each[what], 0)
  const [added, changed, removed] = [sum('added'), sum('changed'), sum('removed')]
  if (changed === 0 && removed === 0) return 'added'
  return added === 0 && changed === 0 ? 'removed' : 'changed'
}

/** How often each value of a facet occurs, the most frequent first. */
export type FacetCount = { readonly id: string; readonly name: string; readonly count: number }

/** The facets of some groups, counted in changes. */
export function facetsOf(groups: readonly Group[]) {
  const [actors, causes, types, keys] = [new Map(), new Map(), new Map(), new Map()] as Map<string, FacetCount>[]
  const add = (facet: Map<string, FacetCount> | undefined, id: string, name: string, count: number) =>
    facet?.set(id, { id, name, count: (facet.get(id)?.count ?? 0) + count })
  for (const group of groups) {
    add(actors, group.actor.id, group.actor.name ?? group.actor.id, group.changes)
    if (group.cause !== undefined) add(causes, group.cause, group.cause, group.changes)
    for (const [type, count] of Object.entries(group.types)) add(types, type, type, count)
    for (const each of group.keys) add(keys, each.key, each.key, sizeOf(each))
  }
  const sorted = (facet: Map<string, FacetCount> | undefined): readonly FacetCount[] =>
    [...(facet?.values() ?? [])].sort((a, b) => b.count - a.count)
  return { actors: sorted(actors), causes: sorted(causes), types: sorted(types), keys: sorted(keys) }
}

/** The latest days in UTC with changes, the newest first; none if months are counted. */
export function daysOf(
  counted: { readonly interval: string; readonly points: readonly { at: string; changes: number }[] } | undefined,
): readonly FacetCount[] {
  if (counted === undefined || counted.interval === 'month') return []
  const days = new Map<string, number>()
  for (const { at, changes } of counted.points.toReversed()) {
    const day = at.slice(0, 10)
    if (changes > 0) days.set(day, (days.get(day) ?? 0) + changes)
  }
  return Array.from(days, ([id, count]) => ({ id, name: id, count }))
}
