import { Type } from 'typebox'
import type { Catalog, Plans } from '../../catalog/catalog.ts'
import { invalid } from '../../core/errors.ts'
import { PLAN_ID_PATTERN } from '../../core/plan-id.ts'
import type { Profile } from '../../core/profile.ts'
import type { Accounts } from '../../iam/accounts.ts'
import { IDEMPOTENCY_KEY_CHARACTERS_MAX } from './limits.ts'
import type { WorkLimit } from './work-limit.ts'

/** What the calls for plans use. */
export type PlanParts = {
  readonly catalog: Catalog
  readonly plans: Plans
  readonly accounts: Accounts
  readonly profile: Profile
  readonly limit: WorkLimit
}

/** The names in the path of a call for one plan. */
export const planParams = Type.Object({
  project_id: Type.String(),
  plan_id: Type.String({ pattern: PLAN_ID_PATTERN, 'x-error': 'plan-not-found' }),
})

/** The header that makes a call repeatable. */
export const idempotencyHeader = Type.Object({
  'idempotency-key': Type.Optional(
    Type.String({
      description:
        'A text that no other call has. A call with the same key and body within 24 hours gives the same plan.',
    }),
  ),
})

/** Validates the key of a request. */
export function toIdempotencyKey(given: string | undefined): string | undefined {
  if (given === undefined) return undefined
  const limit = IDEMPOTENCY_KEY_CHARACTERS_MAX
  if (given === '') throw invalid('Idempotency-Key', { name: 'not-blank' }, given)
  if (given.length > limit) {
    throw invalid('Idempotency-Key', { name: 'characters-max', limit, actual: given.length }, given)
  }
  return given
}
