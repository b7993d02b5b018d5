import type { Client } from '../client.ts'
import { ApiError } from '../error-answer.ts'

/** The used members of a plan. */
export type Plan = {
  readonly id: string
  readonly state: 'planned' | 'partly-applied' | 'applied'
  readonly note?: string
  readonly undo_of?: string
  readonly created_at: string
  readonly expires_at: string
  readonly summary: {
    readonly matched: number
    readonly changes: number
    readonly unchanged: number
    readonly refused: number
    readonly conflicts: number
    readonly tags_left: number
    readonly types: Readonly<Record<string, number>>
    readonly keys: Readonly<
      Record<string, { readonly added: number; readonly removed: number; readonly changed: number }>
    >
    readonly more_keys: number
    readonly codes: Readonly<Record<string, number>>
  }
  readonly applied?: {
    readonly at: string
    readonly changed: number
    readonly conflicts: number
    readonly remaining: number
  }
}

/** One resource of a plan. */
export type PlanItem = {
  readonly resource_type: string
  readonly resource_id: string
  readonly state: string
  readonly error_code?: string
  readonly expect: Readonly<Record<string, string | null>>
  readonly patch: Readonly<Record<string, string | null>>
}

export type Conflict = {
  readonly resource_type: string
  readonly resource_id: string
  readonly error_code: string
  readonly key?: string
  readonly value?: string | null
}

/** How plans with conflicts are applied. */
export type OnConflict = 'fail' | 'skip'

const PAGE = 100

/** The calls for plans of the project of a client. */
export function planCalls(client: Client) {
  const at = (path = '') => `/tagwerk/v1/${client.projectId}/plans${path}`
  const of = (id: string, path = '') => at(`/${encodeURIComponent(id)}${path}`)
  const plan = async (request: Parameters<Client['json']>[0]) => (await client.json<Plan>(request)).body

  const self = {
    create: (body: unknown, contentType?: string) =>
      plan({ method: 'POST', path: at(), body, ...(contentType !== undefined && { contentType }) }),
    show: (id: string) => plan({ path: of(id) }),
    undo: (id: string) => plan({ method: 'POST', path: of(id, '/undo') }),
    remove: (id: string) => client.done({ method: 'DELETE', path: of(id) }),
    file: (id: string) => client.stream({ path: of(id, '/file') }, 'application/x-ndjson'),

    /** All plans, the last made first. */
    async list(): Promise<readonly Plan[]> {
      const all: Plan[] = []
      let query: Record<string, string> = { limit: String(PAGE) }
      for (;;) {
        const { body } = await client.json<{ plans: readonly Plan[]; next_marker?: string }>({ path: at(), query })
        all.push(...body.plans)
        if (body.next_marker === undefined) return all
        query = { ...query, marker: body.next_marker }
      }
    },

    /** The first items of a plan, of a state if one is given. */
    async items(id: string, max: number, state?: string): Promise<readonly PlanItem[]> {
      const all: PlanItem[] = []
      let query: Record<string, string> = { limit: String(Math.min(max, 1000)), ...(state !== undefined && { state }) }
      while (all.length < max) {
        const path = of(id, '/items')
        const { body } = await client.json<{ items: readonly PlanItem[]; next_marker?: number }>({ path, query })
        all.push(...body.items)
        if (body.next_marker === undefined) break
        query = { ...query, marker: String(body.next_marker) }
      }
      return all.slice(0, max)
    },

    /** Applies a plan, by as many calls as it takes. `onPart` is told what is left. Throws PlanConflicts. */
    async apply(id: string, on_conflict: OnConflict, onPart: (plan: Plan) => void): Promise<Plan> {
      for (;;) {
        const applied = await applyOnce(id, on_conflict)
        if (applied.state === 'applied') return applied
        onPart(applied)
      }
    },
  }
  return self

  async function applyOnce(id: string, on_conflict: OnConflict): Promise<Plan> {
    try {
      return await plan({ method: 'POST', path: of(id, '/apply'), body: { on_conflict } })
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'plan-conflicts') throw error
      const { count, conflicts } = error.body as { readonly count: number; readonly conflicts: readonly Conflict[] }
      throw new PlanConflicts(await self.show(id), count, conflicts)
    }
  }
}

export type PlanCalls = ReturnType<typeof planCalls>

/** A plan that was not applied, or not any further, because resources have changed. */
export class PlanConflicts extends Error {
  readonly plan: Plan
  readonly count: number
  readonly conflicts: readonly Conflict[]

  constructor(plan: Plan, count: number, conflicts: readonly Conflict[]) {
    super(`${count} resources are not as the plan expects them`)
    this.plan = plan
    this.count = count
    this.conflicts = conflicts
  }
}
