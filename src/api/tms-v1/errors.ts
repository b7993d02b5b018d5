import { Type } from 'typebox'
import type { DomainError } from '../../core/errors.ts'
import { describeFacts } from '../error-text.ts'
import { GATEWAY_ERRORS } from '../gateway-errors.ts'
import type { ErrorEntry, ErrorTable } from '../route.ts'
import type { TmsErrorCode } from './error-codes.ts'

const BAD_REQUEST = 'Bad request.'
const NOT_PERMITTED = 'You do not have permissions to perform the operation.'
const NOT_FOUND = 'The resources requested cannot be found.'
const SYSTEM_ERROR = 'System error.'

/** Status, code and text of each error of the tag management service (contract 5; each entry names its decision). */
export const TMS_ERRORS: ErrorTable<TmsErrorCode> = {
  ...GATEWAY_ERRORS,
  'url-invalid': entry(400, 'TMS.0002', BAD_REQUEST),
  'media-type-unsupported': entry(415, 'TMS.0002', BAD_REQUEST),
  'credentials-wrong': entry(401, 'TMS.0003', 'The user is unauthorized.'),
  'scope-forbidden': entry(403, 'TMS.0004', NOT_PERMITTED), // D15
  'action-forbidden': entry(403, 'TMS.0004', NOT_PERMITTED),
  'body-missing': entry(400, 'TMS.0002', BAD_REQUEST), // D25
  'body-malformed': entry(400, 'TMS.0002', BAD_REQUEST), // D25
  'request-invalid': entry(400, 'TMS.0002', BAD_REQUEST),
  'action-unknown': entry(400, 'TMS.0011', 'Action is invalid.'),
  'limit-invalid': entry(400, 'TMS.0007', 'Limit is invalid.'),
  'offset-invalid': entry(400, 'TMS.0017', 'Offset is invalid.'),
  'marker-invalid': entry(400, 'TMS.0008', 'Marker is invalid.'),
  'key-invalid': entry(400, 'TMS.0009', 'Key is invalid.'),
  'value-invalid': entry(400, 'TMS.0010', 'Value is invalid.'),
  'tag-invalid': entry(400, 'TMS.0009', 'Key is invalid.'),
  'tag-key-repeated': entry(400, 'TMS.0009', 'Key is invalid.'),
  'tag-policy-violated': entry(400, 'TMS.0009', 'Key is invalid.'),
  'tag-quota-exceeded': entry(400, 'TMS.0002', BAD_REQUEST),
  'project-quota-exceeded': entry(400, 'TMS.0002', BAD_REQUEST),
  'tag-not-found': entry(404, 'TMS.0005', NOT_FOUND),
  'tags-missing': entry(400, 'TMS.0012', 'Tags is empty.'),
  'tags-element-empty': entry(400, 'TMS.0013', 'Empty element in Tags.'),
  'values-missing': entry(409, 'TMS.0014', 'Values is empty.'),
  'values-too-many': entry(400, 'TMS.0016', 'Values is too much.'),
  'resource-not-found': entry(404, 'TMS.0005', NOT_FOUND),
  'revision-unknown': entry(400, 'TMS.0002', BAD_REQUEST),
  'revision-gone': entry(410, 'TMS.0002', BAD_REQUEST),
  'resource-exists': entry(409, 'TMS.0002', BAD_REQUEST),
  'resource-type-unknown': entry(400, 'TMS.5027', 'Invalid resource type.'),
  'project-id-invalid': entry(400, 'TMS.2011', 'Project_id is invalid.'),
  'predefined-tag-quota-exceeded': entry(400, 'TMS.1001', 'The number of predefine tag exceeds the upper limit.'),
  'old-tag-not-found': entry(400, 'TMS.1002', 'Old_tag cannot be found.'),
  'new-tag-exists': entry(400, 'TMS.1003', 'New_tag already exists.'),
  'old-tag-missing': entry(400, 'TMS.1004', 'Old_tag is empty.'),
  'old-key-invalid': entry(400, 'TMS.1005', 'Invalid key in Old_tag.'),
  'old-value-invalid': entry(400, 'TMS.1006', 'Invalid value in Old_tag.'),
  'new-tag-missing': entry(400, 'TMS.1007', 'New_tag is empty.'),
  'new-key-invalid': entry(400, 'TMS.1008', 'Invalid key in New_tag.'),
  'new-value-invalid': entry(400, 'TMS.1009', 'Invalid value in New_tag.'),
  'order-field-invalid': entry(400, 'TMS.1010', 'Order_field is invalid.'),
  'order-method-invalid': entry(400, 'TMS.1011', 'Order_method is invalid.'),
  overloaded: entry(403, 'TMS.0006', 'The request is too much, try again later.'),
  unavailable: entry(503, 'TMS.0001', SYSTEM_ERROR),
  'timed-out': entry(504, 'TMS.0018', 'Query Time Out.'),
  internal: entry(500, 'TMS.0001', SYSTEM_ERROR),
}

export const tmsErrorSchema = Type.Object({ error_code: Type.String(), error_msg: Type.String() })

// COMPAT: flat, as the OTC pages have it and as the Node SDK needs it; the Chinese pages nest it under `error` (D16).
export function renderTmsError({ code }: ErrorEntry, message: string): unknown {
  return { error_code: code, error_msg: message }
}

/** The error of one resource in a batch, with the code and text that a single call would get. */
export function resourceError({ code, facts }: DomainError<string>) {
  const table: Partial<Record<string, ErrorEntry>> = TMS_ERRORS
  const { code: error_code, message } = table[code] ?? TMS_ERRORS.internal
  const detail = describeFacts(facts, 'en-us')
  return { error_code, error_msg: detail === '' ? message : `${message} ${detail}` }
}

function entry(status: number, code: string, message: string): ErrorEntry {
  return { status, code, message }
}
