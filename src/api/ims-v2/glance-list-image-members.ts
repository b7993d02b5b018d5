import { Type } from 'typebox'
import { invalid } from '../../core/errors.ts'
import type { ImageMember } from '../../core/image-member.ts'
import { listQuery } from '../list-query.ts'
import { defineRoute, type Route } from '../route.ts'
import { toMemberView, visibleMembers } from './image-shares.ts'
import type { Images } from './images.ts'
import { imageParams, memberObject, ownerQuery } from './schemas.ts'

/** Lists the member projects of an image. A member project sees only itself (contract 2.10). */
export function glanceListImageMembers(images: Images): Route {
  return defineRoute({
    id: 'GlanceListImageMembers',
    method: 'GET',
    path: '/v2/images/{image_id}/members',
    summary: 'List the projects that an image is shared with',
    access: 'scoped',
    action: 'ims:images:get',
    params: imageParams,
    // COMPAT: the vendor's SDKs have a limit and a marker, which the page does not document [PS].
    query: listQuery({
      ...ownerQuery.properties,
      limit: Type.Optional(Type.Integer({ minimum: 1, 'x-error': 'limit-invalid' })),
      marker: Type.Optional(Type.String({ description: 'ID of the last member of the previous page.' })),
    }),
    responses: { 200: Type.Object({ members: Type.Array(memberObject), schema: Type.String() }) },
    handle: async ({ params, query, projectId }) => {
      const { revision, members } = await visibleMembers(images, projectId, params.image_id, query.owner)
      const page = pageOf(members, query)
      const body = { members: page.map(toMemberView), schema: '/v2/schemas/members' }
      return { status: 200, body, revision }
    },
  })
}

type PageQuery = { readonly limit?: number; readonly marker?: string }

/** Gives the members after the marker. Throws `marker-invalid` for a marker that is none of them. */
function pageOf(members: readonly ImageMember[], { limit, marker }: PageQuery): readonly ImageMember[] {
  const at = marker === undefined ? -1 : members.findIndex(({ memberProject }) => memberProject === marker)
  if (marker !== undefined && at < 0) {
    throw invalid('marker', { name: 'well-formed', what: 'the id of a member of the image' }, marker, 'marker-invalid')
  }
  return members.slice(at + 1, limit === undefined ? undefined : at + 1 + limit)
}
