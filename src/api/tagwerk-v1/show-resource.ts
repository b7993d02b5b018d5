import { Type } from 'typebox'
import type { Catalog } from '../../catalog/catalog.ts'
import { type ResourceType, type ResourceTypes, toResourceType } from '../../core/resource-types.ts'
import type { Accounts } from '../../iam/accounts.ts'
import { authorize } from '../../iam/authorize.ts'
import type { Principal } from '../../iam/principal.ts'
import { asOfParameter } from '../as-of.ts'
import { defineRoute, type Route } from '../route.ts'
import { typeName } from '../type-name.ts'
import { readActors } from './actors.ts'
import { originBody, originMembers } from './change-body.ts'
import { resourceJson, resourceMembers } from './found-resource.ts'

const { actor, request_id, cause } = originMembers

const blamedTag = Type.Object({
  key: Type.String(),
  value: Type.String(),
  set_at: Type.Optional(
    Type.Union([Type.String(), Type.Null()], {
      description: 'With `blame`: when the value was set. Null when that is too long ago, see `at_or_before`.',
    }),
  ),
  revision: Type.Optional(Type.Integer({ description: 'The change that set the value.' })),
  actor: Type.Optional(actor),
  request_id: Type.Optional(request_id),
  cause,
  before: Type.Optional(Type.String({ description: 'The value before; missing when the key was new.' })),
  at_or_before: Type.Optional(Type.Integer({ description: 'The value was set at this revision or before.' })),
})

/** Shows one resource of any type with its tags (contract 10.7), and who set each tag (contract 10.14). */
export function showResource(catalog: Catalog, accounts: Accounts, known: ResourceTypes): Route {
  return defineRoute({
    id: 'ShowResource',
    method: 'GET',
    path: '/tagwerk/v1/{project_id}/resources/{resource_type}/{resource_id}',
    summary: 'Show a resource and its tags, and who set them',
    access: 'project',
    action: 'tagwerk:resources:get',
    asOf: 'any',
    params: Type.Object({ project_id: Type.String(), resource_type: typeName, resource_id: Type.String() }),
    query: Type.Object({
      blame: Type.Boolean({
        default: false,
        description: 'True: with the change that set each tag. Needs the action tagwerk:history:get, too.',
      }),
      as_of: asOfParameter,
    }),
    responses: {
      200: Type.Object({
        created_at: Type.String({ description: 'RFC 3339, in milliseconds.' }),
        updated_at: Type.String({ description: 'Time of the last change.' }),
        ...resourceMembers,
        tags: Type.Array(blamedTag),
      }),
    },
    handle: async ({ params: { project_id: project, resource_type, resource_id: id }, query, caller }) => {
      const type = toResourceType(known, resource_type, 'resource_type')
      if (query.blame) authorize(caller.principal, 'tagwerk:history:get', { kind: 'project', projectId: project })
      const { revision, resource } = await catalog.get(project, type, id)
      const times = {
        created_at: new Date(resource.createdAtMs).toISOString(),
        updated_at: new Date(resource.updatedAtMs).toISOString(),
      }
      const { name, detail } = resource
      const tags = query.blame
        ? await blamedTags(catalog, accounts, caller.principal, { project, type, id, revision })
        : resource.tags
      return { status: 200, encoded: resourceJson(type, { id, name, detail, tags }, times), revision }
    },
  })
}

/** Gives the tags of a resource at a revision with their origins. */
async function blamedTags(
  catalog: Catalog,
  accounts: Accounts,
  principal: Principal,
  of: { readonly project: string; readonly type: ResourceType; readonly id: string; readonly revision: number },
) {
  const origins = await catalog.history.blame(of.project, of.type, of.id, of.revision)
  const actorOf = await readActors(
    accounts,
    principal,
    origins.flatMap(({ change }) => change?.actor ?? []),
  )
  return origins.map(({ key, value, change, before, atOrBefore }) => ({
    key,
    value,
    ...(change === undefined
      ? { set_at: null, at_or_before: atOrBefore }
      : { set_at: new Date(change.atMs).toISOString(), revision: change.revision, ...originBody(change, actorOf) }),
    ...(before !== undefined && { before }),
  }))
}
