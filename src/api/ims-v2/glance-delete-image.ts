import { Type } from 'typebox'
import type { Expectation } from '../../core/resource-edit.ts'
import { authorOf, defineRoute, type Route } from '../route.ts'
import type { ImsErrorCode } from './error-codes.ts'
import type { Images } from './images.ts'
import { imageParams } from './schemas.ts'

/** Deletes an image with its tags and members, unless it is protected (contract 2.1 I18). */
export function glanceDeleteImage(images: Images): Route {
  return defineRoute({
    id: 'GlanceDeleteImage',
    method: 'DELETE',
    path: '/v2/images/{image_id}',
    summary: 'Delete an image',
    access: 'scoped',
    action: 'ims:images:delete',
    params: imageParams,
    body: Type.Object({
      delete_backup: Type.Optional(Type.Boolean({ description: 'Ignored, because there are no backups.' })),
    }),
    bodyIsOptional: true,
    responses: { 204: null },
    handle: async (call) => {
      const isFree = { oneOf: [false, 'false', undefined] }
      const rule = { name: 'well-formed', what: 'false before the image can be deleted' } as const
      const expect: readonly Expectation<ImsErrorCode>[] = [
        { member: 'protected', is: isFree, orElse: 'image-protected', rule },
      ]
      const change = { kind: 'delete', expect } as const
      const { revision } = await images.own.change(call.projectId, call.params.image_id, change, authorOf(call))
      return { status: 204, revision }
    },
  })
}
