import { Type } from 'typebox'
import type { AccountErrorCode } from '../../core/errors.ts'
import type { ErrorEntry, ErrorTable } from '../route.ts'
import type { IamErrorCode } from './error-codes.ts'

/** Errors of IAM (contract 6.1). The code in the body is the status; the title distinguishes errors. */
export const IAM_ERRORS: ErrorTable<AccountErrorCode | IamErrorCode> = {
  'route-not-found': entry(404, 'Not Found', 'The requested API does not exist.'),
  'method-not-allowed': entry(405, 'Method Not Allowed', 'The method is not allowed for the requested URL.'),
  'url-invalid': entry(400, 'Bad Request', 'The request URL is invalid'),
  'url-too-long': entry(414, 'URI Too Long', 'The request URL is too long'),
  'headers-too-large': entry(431, 'Request Header Fields Too Large', 'The request headers are too large'),
  'body-too-large': entry(413, 'Payload Too Large', 'The request body is too large'),
  'media-type-unsupported': entry(415, 'Unsupported Media Type', 'The request body must be application/json'),
  'token-missing': entry(401, 'Unauthorized', 'The X-Auth-Token is invalid!'),
  'token-unreadable': entry(401, 'Unauthorized', 'The X-Auth-Token is invalid!'),
  'token-expired': entry(401, 'Unauthorized', 'The X-Auth-Token is invalid!'),
  'token-revoked': entry(401, 'Unauthorized', 'The X-Auth-Token is invalid!'),
  'signature-malformed': entry(401, 'Unauthorized', 'The signature of the request is invalid'),
  'signature-wrong': entry(401, 'Unauthorized', 'The signature of the request is invalid'),
  'signature-expired': entry(401, 'Unauthorized', 'The signature of the request has expired'),
  'access-key-unknown': entry(401, 'Unauthorized', 'The access key does not exist'),
  'access-key-locked': entry(401, 'Unauthorized', 'The access key is locked after too many failures, try again later'),
  'credentials-wrong': entry(401, 'Unauthorized', 'The username or password is wrong.'),
  'scope-forbidden': entry(403, 'Forbidden', 'You have no right to do this action'),
  'action-forbidden': entry(403, 'Forbidden', 'You have no right to do this action'),
  'body-missing': entry(400, 'Bad Request', 'The request body is invalid'),
  'body-malformed': entry(400, 'Bad Request', 'The request body is invalid'),
  'request-invalid': entry(400, 'Bad Request', 'The request body is invalid'),
  'action-unknown': entry(400, 'Bad Request', 'The request body is invalid'),
  'limit-invalid': entry(400, 'Bad Request', 'The request parameter is invalid'),
  'offset-invalid': entry(400, 'Bad Request', 'The request parameter is invalid'),
  'marker-invalid': entry(400, 'Bad Request', 'The request parameter is invalid'),
  'tag-invalid': entry(400, 'Bad Request', 'The request body is invalid'),
  'tag-policy-violated': entry(400, 'Bad Request', 'The request body is invalid'),
  'tag-quota-exceeded': entry(400, 'Bad Request', 'The request body is invalid'),
  'project-quota-exceeded': entry(400, 'Bad Request', 'The request body is invalid'),
  'tag-key-repeated': entry(400, 'Bad Request', 'The request body is invalid'),
  'tag-not-found': entry(404, 'Not Found', 'The requested resource does not exist.'),
  'resource-not-found': entry(404, 'Not Found', 'The requested resource does not exist.'),
  'revision-unknown': entry(400, 'Bad Request', 'The request parameter is invalid'),
  'revision-gone': entry(410, 'Gone', 'The requested resource does not exist.'),
  'resource-exists': entry(409, 'Conflict', 'There is one already.'),
  'subject-token-not-found': entry(404, 'Not Found', 'X-Subject-Token is invalid in the request'),
  'name-taken': entry(409, 'Conflict', 'There is one of that name already.'),
  'password-weak': entry(400, 'Bad Request', 'The password does not meet the requirements.'),
  'policy-invalid': entry(400, 'Bad Request', 'The policy is invalid.'),
  'account-quota-exceeded': entry(400, 'Bad Request', 'akSkNumExceed'),
  'domain-quota-exceeded': entry(400, 'Bad Request', 'The domain has reached a limit.'),
  'role-quota-exceeded': entry(400, 'Bad Request', 'The user has too many custom policies there.'),
  'role-in-use': entry(409, 'Conflict', 'The role is still assigned.'),
  'project-in-use': entry(409, 'Conflict', 'The project still has resources.'),
  'last-administrator': entry(409, 'Conflict', 'The domain would be left without an administrator.'),
  throttled: entry(429, 'Too Many Requests', 'The throttling threshold has been reached'),
  overloaded: entry(503, 'Service Unavailable', 'The service is busy, try again later'),
  unavailable: entry(503, 'Service Unavailable', 'The service is unavailable, try again later.'),
  'timed-out': entry(503, 'Service Unavailable', 'The service took too long, try again later'),
  internal: entry(500, 'Internal Server Error', 'An internal error occurred'),
}

export const iamErrorSchema = Type.Object({
  error: Type.Object({ code: Type.Integer(), message: Type.String(), title: Type.String() }),
})

export function renderIamError({ status, code }: ErrorEntry, message: string): unknown {
  return { error: { code: status, message, title: code } }
}

function entry(status: number, title: string, message: string): ErrorEntry {
  return { status, code: title, message }
}
