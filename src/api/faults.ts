import { type Static, Type } from 'typebox'
import { type CommonErrorCode, DomainError, invalid } from '../core/errors.ts'

const share = (description: string) =>
  Type.Optional(Type.Number({ minimum: 0, maximum: 1, description: `Share of the calls, 0 to 1: ${description}.` }))

const LATE_MS_MAX = 60_000

/** What goes wrong on purpose in one family. */
export const familyFaults = Type.Object(
  {
    throttled: share('429, the throttling threshold has been reached'),
    internal: share('500, an error of the service'),
    unavailable: share('503, the service is unavailable'),
    late: share('the answer comes late, right or wrong'),
    late_milliseconds: Type.Optional(
      Type.Integer({ minimum: 0, maximum: LATE_MS_MAX, description: 'How late, 1000 if left out.' }),
    ),
  },
  { additionalProperties: false },
)

/** Faults by the name of a family. */
export type FaultPlan = Readonly<Record<string, Static<typeof familyFaults>>>

/** What happens to one call. */
export type Fault = { readonly delayMs: number; readonly error: DomainError | undefined }

const LATE_MS_DEFAULT = 1000
const ERRORS = ['throttled', 'internal', 'unavailable'] as const satisfies readonly CommonErrorCode[]

/** Makes a share of the calls fail or come late, for people who test how their clients take it. */
export class Faults {
  /** False: whoever runs the service has not allowed faults. */
  readonly isAllowed: boolean
  readonly #random: () => number
  #plan: FaultPlan = {}

  /** `random` gives numbers from 0 to below 1. */
  constructor(isAllowed: boolean, random: () => number) {
    this.isAllowed = isAllowed
    this.#random = random
  }

  get plan(): FaultPlan {
    return this.#plan
  }

  /** Replaces the plan. Throws `request-invalid` when the shares of errors of a family are more than all calls. */
  setPlan(plan: FaultPlan): void {
    for (const [family, faults] of Object.entries(plan)) {
      const sum = ERRORS.reduce((total, error) => total + (faults[error] ?? 0), 0)
      if (sum > 1) throw invalid(`families.${family}`, { name: 'number-max', limit: 1 }, sum)
    }
    this.#plan = plan
  }

  /** Draws what happens to one call of a family; undefined for nothing. */
  draw(family: string): Fault | undefined {
    const faults = this.isAllowed && Object.hasOwn(this.#plan, family) ? this.#plan[family] : undefined
    if (faults === undefined) return undefined
    const isLate = this.#random() < (faults.late ?? 0)
    const error = this.#drawError(faults)
    const delayMs = isLate ? (faults.late_milliseconds ?? LATE_MS_DEFAULT) : 0
    return isLate || error !== undefined ? { delayMs, error } : undefined
  }

  #drawError(faults: Static<typeof familyFaults>): DomainError | undefined {
    let rest = this.#random()
    for (const error of ERRORS) {
      const errorShare = faults[error] ?? 0
      if (rest < errorShare) return new DomainError(error, { retryAfterSeconds: 1, isInjected: true })
      rest -= errorShare
    }
    return undefined
  }
}
