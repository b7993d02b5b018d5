import { Type } from 'typebox'
import type { AccountErrorCode, ErrorCode, Facts } from '../../core/errors.ts'
import type { ErrorEntry, ErrorTable } from '../route.ts'
import type { TagwerkErrorCode } from './error-codes.ts'

/** Status and message of each error in Tagwerk's own API. Clients see the code itself. */
const ENTRIES: Readonly<Record<ErrorCode | TagwerkErrorCode, readonly [status: number, message: string]>> = {
  'route-not-found': [404, 'There is no such call.'],
  'method-not-allowed': [405, 'This path does not take this method.'],
  'url-invalid': [400, 'The URL is invalid.'],
  'url-too-long': [414, 'The URL is too long.'],
  'headers-too-large': [431, 'The request headers are too large.'],
  'body-too-large': [413, 'The request body is too large.'],
  'media-type-unsupported': [415, 'The body has a content type that this call does not take.'],
  'token-missing': [401, 'Send a token in X-Auth-Token.'],
  'token-unreadable': [401, 'The token is not one of this service.'],
  'token-expired': [401, 'The token has expired.'],
  'token-revoked': [401, 'The token was revoked.'],
  'signature-malformed': [401, 'The signature of the request cannot be read.'],
  'signature-wrong': [401, 'The signature does not fit the request.'],
  'signature-expired': [401, 'The request was signed too long ago, or the clocks differ.'],
  'access-key-unknown': [401, 'There is no such access key.'],
  'access-key-locked': [401, 'The access key is locked after too many failures: try again later.'],
  'credentials-wrong': [401, 'The user name or the password is wrong.'],
  'scope-forbidden': [403, 'The token is not good for this project.'],
  'action-forbidden': [403, 'No role of the caller allows this.'],
  'body-missing': [400, 'The request has no body.'],
  'body-malformed': [400, 'The body cannot be read.'],
  'request-invalid': [400, 'The request is invalid.'],
  'action-unknown': [400, 'The action is unknown.'],
  'limit-invalid': [400, 'The limit is invalid.'],
  'offset-invalid': [400, 'The offset is invalid.'],
  'marker-invalid': [400, 'The marker is invalid.'],
  'tag-invalid': [400, 'The tag is invalid.'],
  'tag-policy-violated': [400, 'A tag policy refuses the change.'],
  'tag-quota-exceeded': [400, 'The resource would carry too many tags.'],
  'project-quota-exceeded': [403, 'The project has reached its limit.'],
  'tag-key-repeated': [400, 'A key occurs twice.'],
  'tag-not-found': [404, 'The resource has no such tag.'],
  'resource-not-found': [404, 'There is no such resource.'],
  'revision-unknown': [400, 'The project has no such revision yet.'],
  'revision-gone': [410, 'The history of the project does not reach back so far.'],
  'resource-exists': [409, 'There is such a resource already.'],
  'project-not-found': [404, 'There is no such project that the caller may use.'],
  'user-not-found': [404, 'There is no such user.'],
  'role-not-found': [404, 'There is no such role.'],
  'access-key-not-found': [404, 'There is no such access key.'],
  'name-taken': [409, 'The name is in use.'],
  'password-weak': [400, 'The password is too weak.'],
  'password-wrong': [400, 'The original password is wrong.'],
  'policy-invalid': [400, 'The policy of the role is invalid.'],
  'account-quota-exceeded': [409, 'The user has as many access keys as it may have.'],
  'domain-quota-exceeded': [409, 'The domain has reached its limit.'],
  'role-quota-exceeded': [409, 'The user has as many custom roles there as it may have.'],
  'role-in-use': [409, 'Users still have the role.'],
  'project-in-use': [409, 'The project still has resources.'],
  'last-administrator': [409, 'The domain would be left without an administrator.'],
  'filter-invalid': [400, 'The filter is invalid.'],
  'precondition-failed': [412, 'The project has changed since.'],
  'near-duplicates-not-found': [404, 'There is no such group of near-duplicates.'],
  'tag-policy-not-found': [404, 'There is no such tag policy.'],
  'tag-policy-limit-reached': [409, 'There are too many tag policies.'],
  'plan-not-found': [404, 'There is no such plan.'],
  'plan-state': [409, 'The plan is not in a state for this.'],
  'plan-conflicts': [409, 'Nothing was changed, because resources have changed since the plan was made.'],
  'plan-limit-reached': [409, 'The project has too many plans.'],
  'idempotency-key-reused': [422, 'The key of the request was used for another one.'],
  'work-limit-reached': [429, 'Too many calls of this kind run for this caller.'],
  'total-work-limit-reached': [503, 'Too many calls of this kind run.'],
  throttled: [429, 'Too many calls: try again later.'],
  overloaded: [503, 'The service has too much work: try again later.'],
  unavailable: [503, 'The service is unavailable: try again later.'],
  'timed-out': [503, 'The request took too long.'],
  internal: [500, 'Something is wrong in the service; its log says more under this request id.'],
}

export const TAGWERK_ERRORS = Object.fromEntries(
  Object.entries(ENTRIES).map(([code, [status, message]]) => [code, { status, code, message }]),
) as ErrorTable<AccountErrorCode | TagwerkErrorCode>

/** The message for a code; the code itself if it has none. */
export function tagwerkMessage(code: string): string {
  return (TAGWERK_ERRORS as Readonly<Record<string, ErrorEntry>>)[code]?.message ?? code
}

export const tagwerkErrorSchema = Type.Object({
  error_code: Type.String(),
  error_msg: Type.String(),
  horizon: Type.Optional(
    Type.Integer({ description: 'With `revision-gone`: the oldest revision whose state is kept.' }),
  ),
  count: Type.Optional(Type.Integer({ description: 'With `plan-conflicts`: the number of resources.' })),
  conflicts: Type.Optional(
    Type.Array(Type.Object({}, { additionalProperties: true }), {
      description:
        'With `plan-conflicts`: the first 100 resources, each with its error code, or the key and its value.',
    }),
  ),
})

export function renderTagwerkError({ code }: ErrorEntry, message: string, facts: Facts = {}): unknown {
  const { horizon, members } = facts
  return { error_code: code, error_msg: message, ...(horizon !== undefined && { horizon }), ...members }
}
