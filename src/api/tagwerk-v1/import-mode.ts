import { type Static, Type } from 'typebox'
import type { ResourceChange } from '../../catalog/catalog.ts'
import { type DomainError, invalid } from '../../core/errors.ts'
import { oneOf } from '../tag-query-body.ts'
import type { ResourceLine } from './resource-line.ts'

/** Query parameters that say what a line does to its resource. */
export const modeParameters = {
  tags_only: Type.Optional(
    oneOf(['merge', 'replace'], {
      description:
        'Lines change only the tags of resources that exist: `merge` sets those of the line and keeps the others, `replace` removes the others. Default: a line replaces the whole resource.',
    }),
  ),
  bad_tags: oneOf(['refuse', 'drop'], {
    default: 'refuse',
    description:
      '`drop`: tags that break a rule are left out and listed in the report. `refuse`: the whole line is refused.',
  }),
}

export type ImportMode = Static<ReturnType<typeof modeObject>>

function modeObject() {
  return Type.Object(modeParameters)
}

/** Gives the change that a line makes. */
export function toChange(
  { type, id, state, createdAtMs }: ResourceLine,
  { tags_only }: Pick<ImportMode, 'tags_only'>,
): ResourceChange {
  const { tags } = state
  if (tags_only === 'merge') return { type, id, change: { kind: 'set-tags', tags } }
  if (tags_only === 'replace') return { type, id, change: { kind: 'edit', tags, keepsPositions: true } }
  return { type, id, change: { kind: 'register', state, ...(createdAtMs !== undefined && { createdAtMs }) } }
}

/** Says what to do about a resource that does not exist. */
export function explained(error: DomainError<string>, id: string): DomainError<string> {
  if (error.code !== 'resource-not-found') return error
  const what = 'the id of a resource that exists: only tags are imported, and without that a line creates its resource'
  return invalid('resource_id', { name: 'well-formed', what }, id)
}
