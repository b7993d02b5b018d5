import type { Expectation } from '../../core/resource-edit.ts'
import { authorOf, defineRoute, type Route } from '../route.ts'
import type { ImsErrorCode } from './error-codes.ts'
import type { Images } from './images.ts'
import { imageParams } from './schemas.ts'

/**
 * Takes the data of an image that was created without, and makes it active. COMPAT: openstackclient sends it right after
 * creating the image, and deletes the image when that fails. There is a record of an image here, not its data: the bytes
 * are counted, for `size`, and let go.
 */
export function glanceUploadImage(images: Images): Route {
  return defineRoute({
    id: 'GlanceUploadImage',
    method: 'PUT',
    path: '/v2/images/{image_id}/file',
    summary: 'Upload the data of an image, which is counted and not kept',
    access: 'scoped',
    action: 'ims:images:upload',
    params: imageParams,
    streamsBody: true,
    consumes: ['application/octet-stream'],
    responses: { 204: null },
    handle: async (call) => {
      const id = call.params.image_id
      const expect: readonly Expectation<ImsErrorCode>[] = [
        { member: 'status', is: { oneOf: ['queued'] }, orElse: 'image-not-queued' },
      ]
      // Looked at first, so that nobody sends a lot for nothing; decided below, with the change.
      await images.change(call.projectId, id, { kind: 'edit', expect }, authorOf(call))
      let size = 0
      for await (const chunk of call.body as AsyncIterable<Uint8Array>) size += chunk.length
      const edit = { kind: 'edit', expect, set: { status: 'active', size } } as const
      const { revision } = await images.change(call.projectId, id, edit, authorOf(call))
      return { status: 204, revision }
    },
  })
}
