import type { Expectation } from '../../core/resource-edit.ts'
import { authorOf, defineRoute, type Route } from '../route.ts'
import type { ImsErrorCode } from './error-codes.ts'
import type { Images } from './images.ts'
import { imageParams } from './schemas.ts'

/**
 * Receives the data of a queued image and makes it active. COMPAT: openstackclient uploads right after creating the
 * image, and deletes the image when the upload fails. The service counts the bytes for `size` and discards them.
 */
export function glanceUploadImage(images: Images): Route {
  return defineRoute({
    id: 'GlanceUploadImage',
    method: 'PUT',
    path: '/v2/images/{image_id}/file',
    summary: 'Upload the data of an image; only its size is stored',
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
      // Checks the status before reading the upload, to fail early. The change below checks again inside the
      // transaction.
      await images.own.change(call.projectId, id, { kind: 'edit', expect }, authorOf(call))
      let size = 0
      for await (const chunk of call.body as AsyncIterable<Uint8Array>) size += chunk.length
      const edit = { kind: 'edit', expect, set: { status: 'active', size } } as const
      const { revision } = await images.own.change(call.projectId, id, edit, authorOf(call))
      return { status: 204, revision }
    },
  })
}
