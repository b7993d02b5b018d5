import type { ResourceState } from '../../src/core/resource.ts'
import type { Random } from '../support/random.ts'

/** A change of a random history. */
export type TestChange = {
  readonly revision: number
  readonly priorRevision: number | undefined
  readonly id: string
  readonly after: ResourceState | undefined
}

const KEYS = ['env', 'team', 'os', '__proto__', '7']
const VALUES = ['', 'a', 'b']

/** Makes a random history of some resources, with deletions, returns and values that are written again. */
export function randomHistory(random: Random, changes: number, ids: readonly string[]): TestChange[] {
  const states = new Map<string, ResourceState>()
  const last = new Map<string, number>()
  return Array.from({ length: changes }, (_, i) => {
    const id = random.pick(ids)
    const after = nextState(random, states.get(id))
    if (after === undefined) states.delete(id)
    else states.set(id, after)
    const priorRevision = last.get(id)
    last.set(id, i + 1)
    return { revision: i + 1, priorRevision, id, after }
  })
}

function nextState(random: Random, before: ResourceState | undefined): ResourceState | undefined {
  if (before !== undefined && random.chance(0.15)) return undefined
  const tags = random.chance(0.3)
    ? random.some(KEYS, 0.6).map((key) => ({ key, value: random.pick(VALUES) }))
    : undefined
  const name = random.chance(0.2) ? random.pick(['', 'one', 'two']) : (before?.name ?? '')
  const detail = random.chance(0.2)
    ? JSON.stringify({ size: random.below(3), ...(random.chance(0.5) && { zone: 'x' }) })
    : (before?.detail ?? '{}')
  const kept = before?.tags ?? []
  return {
    name,
    detail,
    tags: tags ?? kept.map((tag) => (random.chance(0.3) ? { ...tag, value: random.pick(VALUES) } : tag)),
  }
}

/** The states of all resources at a revision, by replaying every change up to it. */
export function statesAt(history: readonly TestChange[], revision: number): ReadonlyMap<string, ResourceState> {
  const states = new Map<string, ResourceState>()
  for (const { revision: each, id, after } of history) {
    if (each > revision) break
    if (after === undefined) states.delete(id)
    else states.set(id, after)
  }
  return states
}
