import { Type } from 'typebox'
import type { ChangeEffect } from '../../core/change-effect.ts'

const tag = Type.Object({ key: Type.String(), value: Type.String() })
const texts = Type.Object({ before: Type.String(), after: Type.String() })

/** Schema of what a change does to a resource. */
export const effectMembers = {
  name: Type.Optional(texts),
  detail_members: Type.Optional(
    Type.Array(Type.String(), { description: 'Members of the detail that are added, changed or removed.' }),
  ),
  tags_added: Type.Array(tag),
  tags_changed: Type.Array(Type.Object({ key: Type.String(), before: Type.String(), after: Type.String() })),
  tags_removed: Type.Array(tag),
}

/** What a change does to a resource, in an answer. */
export function effectBody({ name, detailMembers, tagsAdded, tagsChanged, tagsRemoved }: Omit<ChangeEffect, 'effect'>) {
  return {
    ...(name !== undefined && { name }),
    ...(detailMembers !== undefined && { detail_members: [...detailMembers] }),
    tags_added: [...tagsAdded],
    tags_changed: [...tagsChanged],
    tags_removed: [...tagsRemoved],
  }
}
