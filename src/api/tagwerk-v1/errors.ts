import { Type } from 'typebox'
import type { ErrorCode } from '../../core/errors.ts'
import type { ErrorEntry, ErrorTable } from '../route.ts'

/** Status and words of each failure in Tagwerk's own calls; the code is the name of the failure itself. */
const ENTRIES: Readonly<Record<ErrorCode, readonly [status: number, message: string]>> = {
  'route-not-found': [404, 'There is no such call.'],
  'url-invalid': [400, 'The URL is invalid.'],
  'url-too-long': [414, 'The URL is too long.'],
  'headers-too-large': [431, 'The request headers are too large.'],
  'body-too-large': [413, 'The request body is too large.'],
  'media-type-unsupported': [415, 'The body has a content type that this call does not take.'],
  'token-missing': [401, 'Send a token in X-Auth-Token.'],
  'signature-unsupported': [401, 'Signed requests are not accepted by this service yet: send X-Auth-Token.'],
  'token-unreadable': [401, 'The token is not one of this service.'],
  'token-expired': [401, 'The token has expired.'],
  'token-revoked': [401, 'The token was revoked.'],
  'credentials-wrong': [401, 'The user name or the password is wrong.'],
  'scope-forbidden': [403, 'The token is not good for this project.'],
  'action-forbidden': [403, 'No role of the caller allows this.'],
  'body-missing': [400, 'The request has no body.'],
  'body-malformed': [400, 'The body cannot be read.'],
  'request-invalid': [400, 'The request is invalid.'],
  'action-unknown': [400, 'The action is unknown.'],
  'limit-invalid': [400, 'The limit is invalid.'],
  'offset-invalid': [400, 'The offset is invalid.'],
  'tag-invalid': [400, 'The tag is invalid.'],
  'tag-quota-exceeded': [400, 'The resource would carry too many tags.'],
  'resource-id-malformed': [404, 'There is no such resource.'],
  'resource-not-found': [404, 'There is no such resource.'],
  'project-not-found': [404, 'There is no such project that the caller may use.'],
  'subject-token-not-found': [404, 'There is no such token.'],
  overloaded: [503, 'Too many writes wait: try again later.'],
  unavailable: [503, 'The service is unavailable: try again later.'],
  'timed-out': [503, 'The request took too long.'],
  internal: [500, 'Something is wrong in the service; its log says more under this request id.'],
}

export const TAGWERK_ERRORS = Object.fromEntries(
  Object.entries(ENTRIES).map(([code, [status, message]]) => [code, { status, code, message }]),
) as ErrorTable

export const tagwerkErrorSchema = Type.Object({ error_code: Type.String(), error_msg: Type.String() })

export function renderTagwerkError({ code }: ErrorEntry, message: string): unknown {
  return { error_code: code, error_msg: message }
}
