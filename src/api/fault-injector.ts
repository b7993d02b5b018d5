import { DomainError } from '../core/errors.ts'
import { delayMsOf, type FamilyFaults, type FaultPlan, INJECTABLE_ERRORS, validateFaultPlan } from './fault-plan.ts'

/** What to inject into one call: a delay, an error, or both. */
export type Fault = { readonly delayMs: number; readonly error: DomainError | undefined }

/** Draws faults for calls by a plan, so that users can test how their clients handle errors and delays. */
export class FaultInjector {
  /** False unless the service was started with `--faults on`; no fault is drawn then. */
  readonly isAllowed: boolean
  readonly #random: () => number
  #plan: FaultPlan = {}

  /** `random` returns numbers from 0 inclusive to 1 exclusive. */
  constructor(isAllowed: boolean, random: () => number) {
    this.isAllowed = isAllowed
    this.#random = random
  }

  get plan(): FaultPlan {
    return this.#plan
  }

  /** Replaces the plan. Throws `request-invalid`, see `validateFaultPlan`. */
  setPlan(plan: FaultPlan): void {
    validateFaultPlan(plan)
    this.#plan = plan
  }

  /** Draws the fault of one call to a family; undefined for none. */
  draw(family: string): Fault | undefined {
    const faults = this.isAllowed && Object.hasOwn(this.#plan, family) ? this.#plan[family] : undefined
    if (faults === undefined) return undefined
    const isDelayed = this.#random() < (faults.late ?? 0)
    const error = this.#drawError(faults)
    const delayMs = isDelayed ? delayMsOf(faults) : 0
    return isDelayed || error !== undefined ? { delayMs, error } : undefined
  }

  #drawError(faults: FamilyFaults): DomainError | undefined {
    let rest = this.#random()
    for (const error of INJECTABLE_ERRORS) {
      const errorShare = faults[error] ?? 0
      if (rest < errorShare) return new DomainError(error, { retryAfterSeconds: 1, isInjected: true })
      rest -= errorShare
    }
    return undefined
  }
}
