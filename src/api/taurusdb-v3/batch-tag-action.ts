import { Type } from 'typebox'
import type { Catalog } from '../../catalog/catalog.ts'
import { type ErrorCode, invalid } from '../../core/errors.ts'
import { INSTANCES } from '../../core/resource-types.ts'
import type { TagRules } from '../../core/tag.ts'
import type { TagChange } from '../../core/tag-change.ts'
import { authorOf, defineRoute, type Route } from '../route.ts'
import { addedTag, type RemovalBody, removedTag, type TagBody, toAddedTags, toRemovals } from '../tag-body.ts'
import type { TaurusdbErrorCode } from './error-codes.ts'
import { checkInstanceId } from './instance-id.ts'

const ACTIONS = ['create', 'delete'] as const

type Body = { readonly action: string; readonly tags: readonly RemovalBody[] }

/** The schema of a tag depends on the action. The handler validates the action: wrong letter case has its own error. */
function bodySchema(rules: TagRules) {
  const when = (action: (typeof ACTIONS)[number], items: object) => ({
    if: { properties: { action: { const: action } } },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: { properties: { tags: { items } } },
  })
  return Type.Unsafe<Body>({
    ...Type.Object({
      action: Type.String({
        description: 'create: adds tags, and replaces the values of existing keys. delete: removes tags.',
      }),
      tags: Type.Array(Type.Object({ key: Type.String() }), { minItems: 1 }),
    }),
    allOf: [when('create', addedTag(rules)), when('delete', removedTag)],
  })
}

/** Adds tags to an instance or removes them, all or none (contract 3.2; D8, D20, D21, D24). */
export function batchTagAction(catalog: Catalog, rules: TagRules): Route {
  return defineRoute({
    id: 'BatchTagAction',
    method: 'POST',
    path: '/v3/{project_id}/instances/{instance_id}/tags/action',
    summary: 'Add tags to an instance or remove them',
    access: 'project',
    action: 'gaussdb:instance:dealTag',
    params: Type.Object({ project_id: Type.String(), instance_id: Type.String() }),
    body: bodySchema(rules),
    responses: { 200: null },
    handle: async ({ params, body, caller, requestId }) => {
      const { project_id, instance_id } = params
      const change = toChange(body, rules)
      const author = authorOf({ caller, requestId })
      const changed = catalog.change(project_id, INSTANCES, instance_id, change, author)
      const { revision } = await checkInstanceId(instance_id, changed)
      return { status: 200, revision }
    },
  })
}

function toChange({ action, tags }: Body, rules: TagRules): TagChange {
  switch (action) {
    case 'create':
      return { kind: 'set-tags', tags: toAddedTags(tags as readonly TagBody[], rules, 'tags') }
    case 'delete':
      return { kind: 'remove-tags', tags: toRemovals(tags, 'tags') }
    default: {
      const isLetterCase = ACTIONS.some((known) => known === action.toLowerCase())
      const code = isLetterCase ? 'action-letter-case' : 'action-unknown'
      throw invalid<ErrorCode | TaurusdbErrorCode>('action', { name: 'one-of', allowed: ACTIONS }, action, code)
    }
  }
}
