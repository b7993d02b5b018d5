import { type Static, Type } from 'typebox'
import type { Previewed } from '../../catalog/catalog.ts'
import type { ResourceState } from '../../core/resource.ts'
import { CHANGES_SHOWN_MAX } from './limits.ts'

const tag = Type.Object({ key: Type.String(), value: Type.String() })
const texts = Type.Object({ before: Type.String(), after: Type.String() })

/** A change that a dry run would make. */
export const previewedChange = Type.Object({
  line: Type.Optional(Type.Integer({ description: 'Missing for a deletion.' })),
  effect: Type.String({ description: '`created`, `updated` or `deleted`.' }),
  project: Type.Optional(Type.String()),
  resource_type: Type.String(),
  resource_id: Type.String(),
  name: Type.Optional(texts),
  detail_members: Type.Optional(
    Type.Array(Type.String(), { description: 'Members of the detail that are added, changed or removed.' }),
  ),
  tags_added: Type.Array(tag),
  tags_changed: Type.Array(Type.Object({ key: Type.String(), before: Type.String(), after: Type.String() })),
  tags_removed: Type.Array(tag),
})

/** Query parameters that list the changes of a dry run. */
export const changeParameters = {
  changes_limit: Type.Integer({
    minimum: 0,
    maximum: CHANGES_SHOWN_MAX,
    default: 0,
    description: 'How many changes a dry run lists.',
  }),
  changes_offset: Type.Integer({ minimum: 0, default: 0, description: 'How many changes before them it leaves out.' }),
}

export type PreviewedChange = Static<typeof previewedChange>

/** The resource of a change, and where it comes from. */
type Subject = {
  readonly line?: number
  readonly project: string | undefined
  readonly type: string
  readonly id: string
}

const NOTHING: ResourceState = { name: '', detail: '{}', tags: [] }

/** A page of the changes that a dry run would make, and their number. */
export class ChangeList {
  readonly #offset: number
  readonly #limit: number
  readonly #changes: PreviewedChange[] = []
  total = 0

  constructor({ changes_offset, changes_limit }: { readonly changes_offset: number; readonly changes_limit: number }) {
    this.#offset = changes_offset
    this.#limit = changes_limit
  }

  add(subject: Subject, { effect, before, after }: Pick<Previewed, 'before' | 'after'> & { effect: string }): void {
    if (effect === 'unchanged') return
    this.total++
    if (this.total <= this.#offset || this.#changes.length >= this.#limit) return
    this.#changes.push(toChange(subject, effect, before ?? NOTHING, after ?? NOTHING))
  }

  /** The changes of the page, by line; those without one come last. */
  get page(): readonly PreviewedChange[] {
    const place = ({ line = Number.POSITIVE_INFINITY }: PreviewedChange) => line
    return this.#changes.toSorted((a, b) => (place(a) === place(b) ? 0 : place(a) - place(b)))
  }
}

function toChange(
  { line, project, type, id }: Subject,
  effect: string,
  before: ResourceState,
  after: ResourceState,
): PreviewedChange {
  const [old, next] = [before, after].map(({ tags }) => new Map(tags.map(({ key, value }) => [key, value])))
  const added = after.tags.filter(({ key }) => !old?.has(key))
  const removed = before.tags.filter(({ key }) => !next?.has(key))
  const changed = after.tags.flatMap(({ key, value }) => {
    const earlier = old?.get(key)
    return earlier === undefined || earlier === value ? [] : [{ key, before: earlier, after: value }]
  })
  // All members are new or gone otherwise.
  const members = effect === 'updated' ? changedMembers(before.detail, after.detail) : []
  return {
    ...(line !== undefined && { line }),
    effect,
    ...(project !== undefined && { project }),
    resource_type: type,
    resource_id: id,
    ...(before.name !== after.name && { name: { before: before.name, after: after.name } }),
    ...(members.length > 0 && { detail_members: members }),
    tags_added: added,
    tags_changed: changed,
    tags_removed: removed,
  }
}

function changedMembers(before: string, after: string): string[] {
  if (before === after) return []
  const [old, next] = [before, after].map((text) => JSON.parse(text) as Readonly<Record<string, unknown>>)
  const names = new Set([...Object.keys(old ?? {}), ...Object.keys(next ?? {})])
  return [...names].filter((name) => JSON.stringify(old?.[name]) !== JSON.stringify(next?.[name]))
}
