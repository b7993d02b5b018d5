import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { logIn } from '../linear/clients.ts'
import { ServiceNode } from '../linear/nodes.ts'
import { PlanClient, registerMany, valuePlan } from '../linear/plan-client.ts'
import { runLength } from '../support/effort.ts'
import { createDatabase } from '../support/postgres.ts'
import { Random } from '../support/random.ts'

// Kills the service while it makes plans, applies them and takes them back. Each part of a plan is applied completely or
// not at all, the plan says so, and calls that are made again do each part once.

const ROUNDS = runLength(1, 12)
/** In each round two plans are made and taken back, each with six kills. */
const KILLS = ROUNDS * 12
/** Resources of a plan that is applied as one, and of one that is applied in two parts. */
const ONE = { type: 'ecs', count: 1500 }
const PARTS = { type: 'disk', count: 5600 }
const ATOMIC_MAX = '2000'
const PART = 5000

type Engine = { readonly flags: readonly string[]; dispose(): Promise<void> }

async function sqliteEngine(): Promise<Engine> {
  const parent = await mkdtemp(join(tmpdir(), 'tagwerk-crash-plans-'))
  return { flags: ['--data', join(parent, 'data')], dispose: () => rm(parent, { recursive: true, force: true }) }
}

async function postgresEngine(): Promise<Engine> {
  const { url, drop } = await createDatabase()
  return { flags: ['--store', url, '--migrate', 'on'], dispose: drop }
}

it.each([
  ['SQLite', sqliteEngine],
  ['PostgreSQL', postgresEngine],
] as const)(
  `plans over %s are applied and taken back completely or not at all, over ${KILLS} kills`,
  { timeout: 400_000 },
  async (name, makeEngine) => {
    const engine = await makeEngine()
    const node = await ServiceNode.start({ flags: [...engine.flags, '--plan-atomic-max', ATOMIC_MAX] })
    const random = new Random(11)
    let cut = 0
    try {
      const session = await logIn(node.url)
      for (const { type, count } of [ONE, PARTS]) await registerMany(node.url, session, type, count)
      const client = new PlanClient(session, () => node.url)

      /** Makes a call and kills the service during it; `usualMs` is how long it takes. */
      const interrupted = async (call: Promise<unknown>, usualMs: number) => {
        const outcome = call.then(
          () => 'answered' as const,
          () => 'cut off' as const,
        )
        await pause(random.next() * usualMs)
        await node.kill()
        if ((await outcome) === 'cut off') cut++
        await node.restart()
      }
      const timed = async <T>(call: () => Promise<T>) => {
        const startMs = performance.now()
        return { result: await call(), ms: performance.now() - startMs }
      }

      /** Applies a plan of all resources of a type with kills, until it is applied. Gives its revisions. */
      const applyWithKills = async (id: string, { type, count }: typeof ONE, to: string, usualMs: number) => {
        const path = `/plans/${id}`
        const isAtomic = count <= Number(ATOMIC_MAX)
        const steps = isAtomic ? [0, count] : [0, PART, count]
        for (let kills = 0; kills < 2; kills++) {
          await interrupted(client.send('POST', `${path}/apply`), usualMs)
          const changed = await client.count(type, to)
          expect(steps).toContain(changed)
          const plan = await client.plan(200, client.insist('GET', path))
          const state = changed === 0 ? 'planned' : changed === count ? 'applied' : 'partly-applied'
          expect([plan.state, plan.applied?.changed ?? 0]).toEqual([state, changed])
        }
        const plan = await client.plan(200, client.insist('POST', `${path}/apply`))
        expect(plan).toMatchObject({ state: 'applied', applied: { changed: count, remaining: 0 } })
        expect((plan.applied?.to_revision ?? 0) - (plan.applied?.from_revision ?? 0)).toBe(count)
        expect(await client.count(type, to)).toBe(count)
      }

      for (let round = 0; round < ROUNDS; round++) {
        for (const size of [ONE, PARTS]) {
          const headers = { 'idempotency-key': `${name}-${size.type}-${round}` }
          const body = valuePlan(size.type, 'old', 'new')
          await interrupted(client.send('POST', '/plans', body, headers), 400)
          const made = await timed(() => client.plan(201, client.insist('POST', '/plans', body, headers)))
          expect(made.result.summary).toMatchObject({ changes: size.count, refused: 0, conflicts: 0 })
          await applyWithKills(made.result.id, size, 'new', 1200)
          const back = { 'idempotency-key': `${name}-${size.type}-${round}-back` }
          const undo = `/plans/${made.result.id}/undo`
          await interrupted(client.send('POST', undo, undefined, back), made.ms)
          const undone = await client.plan(201, client.insist('POST', undo, undefined, back))
          expect(undone.summary).toMatchObject({ changes: size.count, refused: 0, conflicts: 0 })
          await applyWithKills(undone.id, size, 'old', 1200)
        }
      }
      // Drafts that were cut off are not listed.
      const { body } = await client.insist('GET', '/plans?limit=100')
      expect((body as { plans: unknown[] }).plans).toHaveLength(ROUNDS * 4)
    } finally {
      await node.kill()
      await engine.dispose()
    }
    // The run counts only if calls were cut off.
    expect(cut).toBeGreaterThan(ROUNDS)
    console.log(`plans over ${name}: ${cut} calls were cut off`)
  },
)
