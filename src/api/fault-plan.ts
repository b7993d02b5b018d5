import { type Static, Type } from 'typebox'
import { type CommonErrorCode, invalid } from '../core/errors.ts'

const share = (description: string) =>
  Type.Optional(Type.Number({ minimum: 0, maximum: 1, description: `Share of the calls, 0 to 1: ${description}.` }))

const DELAY_MS_MAX = 60_000
const DELAY_MS_DEFAULT = 1000

/** The faults to inject into the calls of one family. */
export const familyFaults = Type.Object(
  {
    throttled: share('answered with 429, the throttling threshold has been reached'),
    internal: share('answered with 500, an internal error'),
    unavailable: share('answered with 503, the service is unavailable'),
    late: share('delayed, whether they succeed or fail'),
    late_milliseconds: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: DELAY_MS_MAX,
        description: `The delay in milliseconds; default ${DELAY_MS_DEFAULT}.`,
      }),
    ),
  },
  { additionalProperties: false },
)

export type FamilyFaults = Static<typeof familyFaults>

/** Faults by family name. */
export type FaultPlan = Readonly<Record<string, FamilyFaults>>

/** The errors that can be injected; each is a member of `familyFaults`. */
export const INJECTABLE_ERRORS = ['throttled', 'internal', 'unavailable'] as const satisfies readonly CommonErrorCode[]

/** The delay of a delayed call. */
export function delayMsOf({ late_milliseconds = DELAY_MS_DEFAULT }: FamilyFaults): number {
  return late_milliseconds
}

/** Throws `request-invalid` when the error shares of a family add up to more than 1. */
export function validateFaultPlan(plan: FaultPlan): void {
  for (const [family, faults] of Object.entries(plan)) {
    const sum = INJECTABLE_ERRORS.reduce((total, error) => total + (faults[error] ?? 0), 0)
    if (sum > 1) throw invalid(`families.${family}`, { name: 'number-max', limit: 1 }, sum)
  }
}
