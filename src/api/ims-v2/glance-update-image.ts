import { Type } from 'typebox'
import { invalid } from '../../core/errors.ts'
import type { TagRules } from '../../core/tag.ts'
import { authorOf, defineRoute, type Route } from '../route.ts'
import { PATCH_OPS, type PatchStep, toEdit, toSteps } from './image-patch.ts'
import { editImage } from './image-writes.ts'
import type { Images } from './images.ts'
import { imageObject, imageParams } from './schemas.ts'

const FORMAT_2_1 = 'application/openstack-images-v2.1-json-patch'
const FORMAT_2_0 = 'application/openstack-images-v2.0-json-patch'

type Item = Readonly<Record<string, unknown>>

/** Changes an image by a JSON patch (contract 2.1 I17, 2.5, D12). The content type selects one of two patch formats. */
export function glanceUpdateImage(images: Images, rules: TagRules): Route {
  return defineRoute({
    id: 'GlanceUpdateImage',
    method: 'PATCH',
    path: '/v2/images/{image_id}',
    summary: 'Change an image',
    access: 'scoped',
    action: 'ims:images:update',
    params: imageParams,
    body: Type.Unsafe<readonly Item[]>(
      Type.Array(Type.Object({}, { additionalProperties: true }), {
        description:
          `With ${FORMAT_2_1} or application/json, each step is {"op","path","value"}. ` +
          `With ${FORMAT_2_0}, each step is {"replace","value"}, with add or remove instead of replace.`,
      }),
    ),
    consumes: [FORMAT_2_1, FORMAT_2_0, 'application/json'],
    responses: { 200: imageObject },
    handle: async (call) => {
      const isFormat20 = call.contentType?.toLowerCase().includes(FORMAT_2_0) ?? false
      // COMPAT: openstackclient sends `owner`.
      const patchRules = { names: 'any', orElse: 'attribute-not-found', owner: call.projectId } as const
      const edit = toEdit(isFormat20 ? toSteps(call.body) : checkedSteps(call.body), rules, patchRules)
      return { status: 200, ...(await editImage(images, call.projectId, call.params.image_id, edit, authorOf(call))) }
    },
  })
}

/** Validates the steps of the v2.1 patch format. Throws `request-invalid`. */
function checkedSteps(items: readonly Item[]): readonly PatchStep[] {
  return items.map(({ op, path, value }, i) => {
    if (op === undefined) throw invalid(`[${i}].op`, { name: 'required' })
    const known = PATCH_OPS.find((name) => name === op)
    if (known === undefined) throw invalid(`[${i}].op`, { name: 'one-of', allowed: PATCH_OPS }, op)
    if (path === undefined) throw invalid(`[${i}].path`, { name: 'required' })
    if (typeof path !== 'string') throw invalid(`[${i}].path`, { name: 'type', expected: 'a string' }, path)
    return { op: known, path, ...(value !== undefined && { value }) }
  })
}
