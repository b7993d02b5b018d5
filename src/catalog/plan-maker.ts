import { DomainError } from '../core/errors.ts'
import type { Judgement } from '../core/plan-item.ts'
import { PlanCounts } from '../core/plan-summary.ts'
import type { ResourceType } from '../core/resource-types.ts'
import type { FinishVerdict, NewPlanItem, PlanRequestKey, PlanStore } from '../store/plan-store.ts'

/** Items of one plan. */
export const PLAN_ITEMS_MAX = 1_000_000
/** Items that are written together, while the next ones are judged. */
const ITEMS_PER_WRITE = 1000

/** Collects the items of a plan, and writes them in batches. */
export class PlanMaker {
  readonly #store: PlanStore
  readonly #project: string
  readonly #planId: string
  readonly #counts = new PlanCounts()
  #items: NewPlanItem[] = []
  /** The write in flight. Its failure is thrown by the next call of `write`. */
  #writing: Promise<'done' | 'absent'> = Promise.resolve('done')

  constructor(store: PlanStore, project: string, planId: string) {
    this.#store = store
    this.#project = project
    this.#planId = planId
  }

  /** True when `write` has to be called before more is added. */
  get isFull(): boolean {
    return this.#items.length >= ITEMS_PER_WRITE
  }

  /** Adds what was found out about a resource. Throws `request-invalid` for too many. */
  add(type: ResourceType, id: string, judgement: Judgement, tagsLeft = 0): void {
    if (this.#counts.matched === PLAN_ITEMS_MAX) {
      throw new DomainError('request-invalid', {
        field: 'resources of the plan',
        rule: { name: 'items-max', limit: PLAN_ITEMS_MAX },
      })
    }
    this.#counts.add(type, judgement, tagsLeft)
    if (judgement.outcome === 'unchanged') return
    const { outcome: state, patch } = judgement
    this.#items.push({ type, id, patch, state, code: state === 'change' ? '' : judgement.code })
  }

  /** Begins to write what was added, when the write before is done. Throws if that one has failed. */
  async write(): Promise<void> {
    const items = this.#items
    this.#items = []
    await this.#written()
    if (items.length === 0) return
    this.#writing = this.#store.addPlanItems(this.#project, this.#planId, items)
    this.#writing.catch(() => undefined)
  }

  async #written(): Promise<void> {
    // It has expired while it was made.
    if ((await this.#writing) === 'absent') throw new DomainError('timed-out')
  }

  async finish(revision: number, expiresAtMs: number, request: PlanRequestKey | undefined): Promise<FinishVerdict> {
    await this.write()
    await this.#written()
    const summary = JSON.stringify(this.#counts.summary())
    return this.#store.finishPlan(this.#project, this.#planId, { summary, revision, expiresAtMs, request })
  }
}
