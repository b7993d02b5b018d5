import type { ResourceState } from './resource.ts'
import type { Tag } from './tag.ts'

/** What a change, or several together, did to a resource. */
export type ChangeEffect = {
  readonly effect: 'created' | 'updated' | 'deleted'
  readonly name?: { readonly before: string; readonly after: string }
  /** Members of the detail that were added, changed or removed; only of an `updated` resource. */
  readonly detailMembers?: readonly string[]
  readonly tagsAdded: readonly Tag[]
  readonly tagsChanged: readonly ChangedTag[]
  readonly tagsRemoved: readonly Tag[]
}

export type ChangedTag = { readonly key: string; readonly before: string; readonly after: string }

const NOTHING: ResourceState = { name: '', detail: '{}', tags: [] }

/** Gives what lies between two states of a resource; `undefined` is one that does not exist. */
export function effectOf(before: ResourceState | undefined, after: ResourceState | undefined): ChangeEffect {
  const { name: oldName, detail: oldDetail, tags: oldTags } = before ?? NOTHING
  const { name, detail, tags } = after ?? NOTHING
  const [old, next] = [valuesOf(oldTags), valuesOf(tags)]
  // All members are new or gone otherwise.
  const members = before !== undefined && after !== undefined ? changedMembers(oldDetail, detail) : []
  return {
    effect: before === undefined ? 'created' : after === undefined ? 'deleted' : 'updated',
    ...(oldName !== name && { name: { before: oldName, after: name } }),
    ...(members.length > 0 && { detailMembers: members }),
    tagsAdded: tags.filter(({ key }) => !old.has(key)),
    tagsChanged: tags.flatMap(({ key, value }) => {
      const earlier = old.get(key)
      return earlier === undefined || earlier === value ? [] : [{ key, before: earlier, after: value }]
    }),
    tagsRemoved: oldTags.filter(({ key }) => !next.has(key)),
  }
}

/** Says whether an effect is one on the tag with a key. */
export function concernsKey({ tagsAdded, tagsChanged, tagsRemoved }: ChangeEffect, key: string): boolean {
  return [tagsAdded, tagsChanged, tagsRemoved].some((tags) => tags.some((tag) => tag.key === key))
}

/** One part of an effect as the cells of a row. */
export type EffectPart = readonly [what: string, key: string, before: string, after: string]

/** The columns of the parts of an effect. */
export const EFFECT_COLUMNS = ['what', 'key', 'before', 'after'] as const

/** Gives the parts of an effect as rows; one without any part has one empty row. */
export function partsOf({ name, detailMembers = [], tagsAdded, tagsChanged, tagsRemoved }: Parts): EffectPart[] {
  const parts: EffectPart[] = [
    ...(name === undefined ? [] : [['name', '', name.before, name.after] as const]),
    ...detailMembers.map((member) => ['detail', member, '', ''] as const),
    ...tagsAdded.map(({ key, value }) => ['tag added', key, '', value] as const),
    ...tagsChanged.map(({ key, before, after }) => ['tag changed', key, before, after] as const),
    ...tagsRemoved.map(({ key, value }) => ['tag removed', key, value, ''] as const),
  ]
  return parts.length === 0 ? [['', '', '', '']] : parts
}

type Parts = Omit<ChangeEffect, 'effect'>

function valuesOf(tags: readonly Tag[]): ReadonlyMap<string, string> {
  return new Map(tags.map(({ key, value }) => [key, value]))
}

function changedMembers(before: string, after: string): string[] {
  if (before === after) return []
  const [old, next] = [before, after].map((text) => JSON.parse(text) as Readonly<Record<string, unknown>>) as [
    Readonly<Record<string, unknown>>,
    Readonly<Record<string, unknown>>,
  ]
  const names = new Set([...Object.keys(old), ...Object.keys(next)])
  return [...names].filter((name) => JSON.stringify(old[name]) !== JSON.stringify(next[name]))
}
