import { Type } from 'typebox'
import type { Expectation } from '../../core/resource-edit.ts'
import type { TagRules } from '../../core/tag.ts'
import { authorOf, defineRoute, type Route } from '../route.ts'
import { oneOf } from '../tag-query-body.ts'
import type { ImsErrorCode } from './error-codes.ts'
import { PATCH_OPS, toEdit } from './image-patch.ts'
import { editImage } from './image-writes.ts'
import type { Images } from './images.ts'
import { imageObject, imageParams } from './schemas.ts'

// COMPAT: Terraform's provider sends replace, then falls back to add on 400 IMG.0035 (vendor's table of codes).
const RULES = { names: 'without capitals', orElse: 'attribute-conflict' } as const

/** Changes an active image (contract 2.1 I13, 2.5). */
export function updateImage(images: Images, rules: TagRules): Route {
  return defineRoute({
    id: 'UpdateImage',
    method: 'PATCH',
    path: '/v2/cloudimages/{image_id}',
    summary: 'Change an active image',
    access: 'scoped',
    action: 'ims:images:update',
    params: imageParams,
    body: Type.Array(
      Type.Object({
        op: oneOf(PATCH_OPS),
        path: Type.String({ description: '"/" and an attribute name without upper-case letters.' }),
        value: Type.Optional(Type.Unknown({ description: 'Ignored by remove.' })),
      }),
    ),
    responses: { 200: imageObject },
    handle: async (call) => {
      const { expect = [], ...edit } = toEdit(call.body, rules, RULES)
      const isActive: Expectation<ImsErrorCode> = {
        member: 'status',
        is: { oneOf: ['active', undefined] },
        orElse: 'image-not-active',
      }
      const active = { ...edit, expect: [isActive, ...expect] }
      return { status: 200, ...(await editImage(images, call.projectId, call.params.image_id, active, authorOf(call))) }
    },
  })
}
