import { type Static, Type } from 'typebox'
import type { ActivityFilter } from '../../catalog/catalog.ts'
import { type ResourceTypes, toResourceType } from '../../core/resource-types.ts'
import type { Accounts } from '../../iam/accounts.ts'
import type { Principal } from '../../iam/principal.ts'
import { toActorId } from './actors.ts'
import { searchedTypes } from './searched-types.ts'
import { keyParameter } from './tag-counts.ts'

/** Query parameters with the conditions on changes, which all must hold. */
export const changeConditions = {
  actor: Type.Optional(Type.String({ minLength: 1, description: 'Only changes by this user: a name or an id.' })),
  resource_type: searchedTypes,
  key: Type.Optional({
    ...keyParameter,
    description: 'Only changes that add, change or remove the tag with this key.',
  }),
  cause: Type.Optional(Type.String({ minLength: 1, description: 'Only changes with this cause.' })),
  request_id: Type.Optional(Type.String({ minLength: 1, description: 'Only changes by the request with this id.' })),
}

/** Query parameters with the revisions between which changes are read. */
export const revisionBounds = {
  after: Type.Optional(Type.Integer({ minimum: 0, description: 'Only changes above this revision.' })),
  before: Type.Optional(
    Type.Integer({ minimum: 1, description: 'Only changes below this revision: `next` of the page before.' }),
  ),
}

const { actor, resource_type, key, cause, request_id } = changeConditions
const conditions = Type.Object({ actor, resource_type, key, cause, request_id })

/** What the calls that read changes of a project use to read their conditions. */
export type ConditionParts = { readonly accounts: Accounts; readonly types: ResourceTypes }

/** Reads the conditions on changes. Throws `request-invalid`. */
export async function toChangeFilter(
  { accounts, types }: ConditionParts,
  principal: Principal,
  query: Static<typeof conditions>,
): Promise<ActivityFilter> {
  return {
    actor: query.actor === undefined ? undefined : await toActorId(accounts, principal, query.actor),
    types: query.resource_type?.map((name, i) => toResourceType(types, name, `resource_type[${i}]`)),
    key: query.key,
    cause: query.cause,
    requestId: query.request_id,
  }
}
