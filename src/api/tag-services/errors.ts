import { type TSchema, Type } from 'typebox'
import { GATEWAY_ERRORS } from '../gateway-errors.ts'
import type { ErrorEntry, ErrorTable, ServiceErrors } from '../route.ts'
import type { TagServiceRow } from './row.ts'

/** Status, end of the code, and text of each error. COMPAT: no page of the vendors was read; all are ours (contract 12.4). */
const ENTRIES = {
  'url-invalid': [400, '4000', 'The URL is invalid.'],
  'media-type-unsupported': [415, '4150', 'The media type of the request body is not supported.'],
  'credentials-wrong': [401, '4010', 'The credentials are wrong.'],
  'scope-forbidden': [403, '4030', 'The token has no right to access the project or domain.'],
  'action-forbidden': [403, '4031', 'You have no permission to perform the operation.'],
  'body-missing': [400, '4001', 'The request body is empty.'],
  'body-malformed': [400, '4002', 'The request body is not valid JSON.'],
  'request-invalid': [400, '4003', 'A parameter is invalid.'],
  'action-unknown': [400, '4004', 'The action is invalid.'],
  'limit-invalid': [400, '4005', 'The limit is invalid.'],
  'offset-invalid': [400, '4006', 'The offset is invalid.'],
  'marker-invalid': [400, '4007', 'The marker is invalid.'],
  'tag-invalid': [400, '4008', 'The tag is invalid.'],
  'tag-key-repeated': [400, '4009', 'The tag key is not unique.'],
  'tag-policy-violated': [400, '4008', 'The tag is invalid.'],
  'tag-quota-exceeded': [400, '4011', 'The number of tags exceeds the quota.'],
  'project-quota-exceeded': [403, '4032', 'The quota of the project is exceeded.'],
  'tag-not-found': [404, '4041', 'The tag does not exist.'],
  'resource-not-found': [404, '4042', 'The resource does not exist.'],
  'revision-unknown': [400, '4003', 'A parameter is invalid.'],
  'revision-gone': [410, '4003', 'A parameter is invalid.'],
  'resource-exists': [409, '4090', 'The resource exists already.'],
  overloaded: [503, '5031', 'The service is busy.'],
  unavailable: [503, '5030', 'The service is unavailable.'],
  'timed-out': [503, '5032', 'The request took too long.'],
  internal: [500, '5000', 'Internal error.'],
} as const satisfies Readonly<Record<string, readonly [status: number, code: string, message: string]>>

type Own = keyof typeof ENTRIES

/** Gives the table of errors with a prefix of codes. */
function errorsWith(prefix: string): ErrorTable {
  const own = Object.entries(ENTRIES).map(([name, [status, code, message]]): [string, ErrorEntry] => [
    name,
    { status, code: `${prefix}.${code}`, message },
  ])
  return { ...GATEWAY_ERRORS, ...(Object.fromEntries(own) as Record<Own, ErrorEntry>) }
}

const FLAT = {
  renderError: ({ code }: ErrorEntry, message: string) => ({ error_code: code, error_msg: message }),
  errorSchema: Type.Object({ error_code: Type.String(), error_msg: Type.String() }) as TSchema,
}

const ERROR_OBJECT = {
  renderError: ({ code }: ErrorEntry, message: string) => ({ error: { message, code } }),
  errorSchema: Type.Object({ error: Type.Object({ message: Type.String(), code: Type.String() }) }) as TSchema,
}

/** How a service renders its errors: in the flat form of the gateway, or as an object `error` (contract 12.4). */
export function errorsOf({ codePrefix, envelope }: Pick<TagServiceRow, 'codePrefix' | 'envelope'>): ServiceErrors {
  return { errors: errorsWith(codePrefix), ...(envelope === 'flat' ? FLAT : ERROR_OBJECT) }
}
