import { type Static, Type } from 'typebox'
import type { Previewed } from '../../catalog/catalog.ts'
import { effectOf } from '../../core/change-effect.ts'
import type { ResourceState } from '../../core/resource.ts'
import { effectBody, effectMembers } from './effect-body.ts'
import { CHANGES_SHOWN_MAX } from './limits.ts'

/** A change that a dry run would make. */
export const previewedChange = Type.Object({
  line: Type.Optional(Type.Integer({ description: 'Missing for a deletion.' })),
  effect: Type.String({ description: '`created`, `updated` or `deleted`.' }),
  project: Type.Optional(Type.String()),
  resource_type: Type.String(),
  resource_id: Type.String(),
  ...effectMembers,
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
    this.#changes.push(toChange(subject, before, after))
  }

  /** The changes of the page, by line; those without one come last. */
  get page(): readonly PreviewedChange[] {
    const place = ({ line = Number.POSITIVE_INFINITY }: PreviewedChange) => line
    return this.#changes.toSorted((a, b) => (place(a) === place(b) ? 0 : place(a) - place(b)))
  }
}

function toChange(
  { line, project, type, id }: Subject,
  before: ResourceState | undefined,
  after: ResourceState | undefined,
): PreviewedChange {
  const { effect, ...parts } = effectOf(before, after)
  return {
    ...(line !== undefined && { line }),
    effect,
    ...(project !== undefined && { project }),
    resource_type: type,
    resource_id: id,
    ...effectBody(parts),
  }
}
