import { Type } from 'typebox'
import { GATEWAY_ERRORS } from '../gateway-errors.ts'
import type { ErrorEntry, ErrorTable } from '../route.ts'
import type { ImsErrorCode } from './error-codes.ts'

const FORMAT = 'The request message format is invalid.'

/** Status, code and text of each error of the image service (contract 2.6; each entry names its decision). */
export const IMS_ERRORS: ErrorTable<ImsErrorCode> = {
  ...GATEWAY_ERRORS,
  'url-invalid': entry(400, 'IMG.0017', 'The URL format is incorrect.'), // D30
  'media-type-unsupported': entry(415, 'IMG.0001', FORMAT),
  'credentials-wrong': entry(401, 'IMG.0087', 'The token is incorrect.'),
  'scope-forbidden': entry(403, 'IMG.0030', 'The project ID and token in the request are invalid.'), // D15
  'action-forbidden': entry(
    403,
    'IMG.0026',
    'The role is invalid. You need to apply for the required permissions or pass the real-name authentication.',
  ),
  'body-missing': entry(400, 'IMG.0007', 'The request body is empty.'), // D25
  'body-malformed': entry(400, 'IMG.0001', FORMAT), // D25
  'request-invalid': entry(400, 'IMG.0001', FORMAT), // D2
  'action-unknown': entry(400, 'IMG.0001', FORMAT), // D24
  'limit-invalid': entry(400, 'IMG.0001', FORMAT), // D17
  'offset-invalid': entry(400, 'IMG.0001', FORMAT), // D17
  'marker-invalid': entry(400, 'IMG.0001', FORMAT),
  'tag-invalid': entry(400, 'IMG.0115', 'The image tag is invalid.'), // D2, D5
  'tag-quota-exceeded': entry(400, 'IMG.0116', 'The number of image tags exceeds the quota.'), // D8
  // COMPAT: what the vendors answer where a tag policy refuses is not documented; this and the other services answer as for
  // an invalid tag.
  'tag-policy-violated': entry(400, 'IMG.0115', 'The image tag is invalid.'),
  // COMPAT: the vendor's table has no code for a quota of images.
  'project-quota-exceeded': entry(403, 'IMG.0105', 'The operation is not supported.'),
  'tag-key-repeated': entry(400, 'IMG.0001', FORMAT), // D2
  'tag-not-found': entry(404, 'IMG.0031', 'The resource ID in the request is incorrect.'), // D11
  'resource-not-found': entry(404, 'IMG.0027', 'The image ID in the request does not exist.'), // D11
  'revision-unknown': entry(400, 'IMG.0001', FORMAT),
  'revision-gone': entry(410, 'IMG.0001', FORMAT),
  'resource-exists': entry(409, 'IMG.0066', 'The image ID is incorrect.'),
  'image-not-owned': entry(400, 'IMG.0047', 'This operation can be performed only by the image owner.'), // D27
  'image-not-active': entry(400, 'IMG.0046', 'The image is unavailable.'), // contract 2.5, I13
  'image-not-queued': entry(409, 'IMG.0105', 'The operation is not supported.'),
  'image-protected': entry(403, 'IMG.0105', 'The operation is not supported.'),
  'attribute-not-found': entry(409, 'IMG.0001', FORMAT),
  'attribute-conflict': entry(400, 'IMG.0035', 'An attribute conflict occurred during the modification.'),
  'attribute-read-only': entry(403, 'IMG.0001', FORMAT),
  'image-type-unknown': entry(400, 'IMG.0024', 'The image type in the request is incorrect.'),
  'image-member-exists': entry(409, 'IMG.0105', 'The operation is not supported.'),
  'image-member-not-found': entry(404, 'IMG.0031', 'The resource ID in the request is incorrect.'),
  'image-member-quota-exceeded': entry(400, 'IMG.0105', 'The operation is not supported.'),
  'image-owner-unclear': entry(409, 'IMG.0105', 'The operation is not supported.'),
  'job-not-found': entry(404, 'IMG.0031', 'The resource ID in the request is incorrect.'),
  overloaded: entry(503, 'IMG.0060', 'The number of tasks exceeds the flow control limit.'),
  unavailable: entry(503, 'IMG.0061', 'Unknown system error.'),
  'timed-out': entry(503, 'IMG.0061', 'Unknown system error.'),
  internal: entry(500, 'IMG.0061', 'Unknown system error.'),
}

export const imsErrorSchema = Type.Object({ error: Type.Object({ message: Type.String(), code: Type.String() }) })

export function renderImsError({ code }: ErrorEntry, message: string): unknown {
  return { error: { message, code } }
}

function entry(status: number, code: string, message: string): ErrorEntry {
  return { status, code, message }
}
