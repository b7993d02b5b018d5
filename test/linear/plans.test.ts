import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openPostgresStore } from '../../src/store/postgres/postgres-store.ts'
import { openSqliteReadOnly } from '../../src/store/sqlite/read-only-store.ts'
import type { Change, TagStore } from '../../src/store/store.ts'
import { runLength } from '../support/effort.ts'
import { postgresOptions, runSql } from '../support/postgres.ts'
import { createPostgresServer, type PostgresServer } from '../support/postgres-server.ts'
import { Random } from '../support/random.ts'
import { logIn } from './clients.ts'
import { ServiceNode } from './nodes.ts'
import { PlanClient, registerMany, valuePlan } from './plan-client.ts'
import { type Chaos, killing } from './world.ts'

// Plans that are applied and taken back over several processes, which are killed meanwhile: no reader of any of them sees a
// part of a plan, nobody sees an older state than before, and no change of a writer beside it is lost.

const TYPE = 'ecs'
const RESOURCES = 700
const READERS = 4
const WRITERS = 2
const PLANS = runLength(12, 60)
const KILLS = runLength(4, 10)
const TIMEOUT = { timeout: 300_000 }

let server: PostgresServer
beforeAll(async () => {
  server = await createPostgresServer()
})
afterAll(() => server.dispose())

type Log = Pick<TagStore, 'changesSince'> & { close(): unknown }

/** A page of all resources at one revision. */
type Seen = {
  readonly revision: number
  readonly values: ReadonlySet<string>
  readonly startMs: number
  readonly endMs: number
}

async function runPlans(urls: readonly string[], chaos: Chaos, openLog: () => Promise<Log>): Promise<string> {
  const session = await logIn(urls[0] as string)
  await registerMany(urls[0] as string, session, TYPE, RESOURCES)
  const random = new Random(3)
  const client = () => new PlanClient(session, () => random.pick(urls))
  let isOver = false
  const seen: Seen[] = []
  const applied: { readonly value: string; readonly revision: number; readonly endMs: number }[] = []
  const written = new Map<string, string>()
  const causes: string[] = []

  const read = async () => {
    const reader = client()
    while (!isOver) {
      const startMs = performance.now()
      try {
        const { revision, body } = await reader.send('POST', '/resources/query', {
          resource_types: [TYPE],
          limit: 1000,
        })
        const { resources } = body as { resources: { tags: { key: string; value: string }[] }[] }
        expect(resources).toHaveLength(RESOURCES)
        const values = new Set(resources.map(({ tags }) => tags.find(({ key }) => key === 'k')?.value ?? ''))
        seen.push({ revision, values, startMs, endMs: performance.now() })
      } catch (error) {
        if (error instanceof Error && error.name === 'AssertionError') throw error
        // The node is gone.
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
    }
  }
  const write = async (number: number) => {
    const writer = client()
    for (let i = 0; !isOver; i++) {
      const id = `${TYPE}-${random.below(RESOURCES)}`
      const tag = { key: `own${number}`, value: `v${i}` }
      const path = `/resources/${TYPE}/${id}/tags`
      const { status } = await writer.insist('POST', path, { action: 'create', tags: [tag] })
      expect(status).toBe(200)
      written.set(`${id} ${tag.key}`, tag.value)
    }
  }
  const plan = async () => {
    const planner = client()
    for (let i = 0; i < PLANS; i++) {
      const from = applied.at(-1)?.value ?? 'old'
      const to = `new-${i}`
      const make = { 'idempotency-key': `make-${i}` }
      const made = await planner.plan(201, planner.insist('POST', '/plans', valuePlan(TYPE, from, to), make))
      expect(made.summary.changes).toBe(RESOURCES)
      await apply(planner, made.id, to, 'plan')
      if (i % 3 !== 2) continue
      const back = { 'idempotency-key': `back-${i}` }
      const undo = await planner.plan(201, planner.insist('POST', `/plans/${made.id}/undo`, undefined, back))
      await apply(planner, undo.id, from, 'undo')
    }
  }
  const apply = async (planner: PlanClient, id: string, value: string, kind: string) => {
    // Two calls at once, of which each may be cut off.
    const calls = [0, 1].map(() => planner.plan(200, planner.insist('POST', `/plans/${id}/apply`)))
    const [one, two] = await Promise.all(calls)
    expect(one).toEqual(two)
    expect(one).toMatchObject({ state: 'applied', applied: { changed: RESOURCES } })
    applied.push({ value, revision: one?.applied?.to_revision ?? 0, endMs: performance.now() })
    causes.push(`${kind}:${id}`)
  }

  const others = [...Array.from({ length: READERS }, read), ...Array.from({ length: WRITERS }, (_, i) => write(i))]
  await Promise.all([plan(), chaos(random)]).finally(() => {
    isOver = true
  })
  await Promise.all(others)

  // No reader saw some of a plan, and each saw what its revision says.
  for (const { revision, values, startMs } of seen) {
    expect([revision, [...values]]).toEqual([revision, [valueAt(applied, revision)]])
    const before = applied.filter(({ endMs }) => endMs < startMs).at(-1)
    expect(revision).toBeGreaterThanOrEqual(before?.revision ?? 0)
  }
  for (const later of seen) {
    const earlier = seen.filter(({ endMs }) => endMs < later.startMs)
    expect(later.revision).toBeGreaterThanOrEqual(Math.max(0, ...earlier.slice(-20).map(({ revision }) => revision)))
  }
  const log = await openLog()
  try {
    await checkLog(log, session.project, causes, written)
  } finally {
    await log.close()
  }
  return `${applied.length} plans applied, ${seen.length} reads, ${written.size} tags beside them`
}

function valueAt(applied: readonly { readonly value: string; readonly revision: number }[], revision: number): string {
  return applied.filter((each) => each.revision <= revision).at(-1)?.value ?? 'old'
}

/** Each plan is in the log once, without a gap, and all tags that were written are there. */
async function checkLog(
  log: Log,
  project: string,
  causes: readonly string[],
  written: ReadonlyMap<string, string>,
): Promise<void> {
  const changes: Change[] = []
  for (let at = 0; ; at = (changes.at(-1) as Change).revision) {
    const some = await log.changesSince(project, at, 1000)
    if (some.length === 0) break
    changes.push(...some)
  }
  const runs: { cause: string; count: number }[] = []
  for (const { cause = '' } of changes) {
    if (runs.at(-1)?.cause === cause) (runs.at(-1) as { count: number }).count++
    else runs.push({ cause, count: 1 })
  }
  expect(runs.filter(({ cause }) => cause !== '')).toEqual(causes.map((cause) => ({ cause, count: RESOURCES })))
  const last = new Map(changes.map((change) => [change.id, change.after]))
  for (const [name, value] of written) {
    const [id = '', key = ''] = name.split(' ')
    expect([name, last.get(id)?.tags.find((tag) => tag.key === key)?.value]).toEqual([name, value])
  }
}

it('no reader of several nodes over one PostgreSQL sees a part of a plan, over kills', TIMEOUT, async () => {
  const url = new URL(server.url)
  url.pathname = '/plans'
  await runSql(server.url, 'CREATE DATABASE plans')
  const options = { flags: ['--store', url.href, '--migrate', 'on'] }
  const nodes = [await ServiceNode.start(options)]
  nodes.push(...(await Promise.all([1, 2].map(() => ServiceNode.start(options)))))
  try {
    const chaos = killing(KILLS, nodes.length, async (victim) => {
      const node = nodes[victim] as ServiceNode
      await node.kill()
      return node.restart()
    })
    const openLog = () =>
      openPostgresStore({
        ...postgresOptions(url.href),
        migrates: false,
        onUnreachable: () => undefined,
        onReachable: () => undefined,
      })
    console.log(
      await runPlans(
        nodes.map((node) => node.url),
        chaos,
        openLog,
      ),
    )
  } finally {
    await Promise.all(nodes.map((node) => node.kill()))
  }
})

it('no reader of several workers over one SQLite file sees a part of a plan, over kills', TIMEOUT, async () => {
  const parent = await mkdtemp(join(tmpdir(), 'tagwerk-linear-plans-'))
  const folder = join(parent, 'data')
  const node = await ServiceNode.start({ flags: ['--data', folder, '--workers', '3'] })
  try {
    let victims = 0
    const chaos = killing(KILLS, 1, async (_victim, random) => {
      if (++victims % 4 === 3) {
        await node.kill()
        return node.restart()
      }
      const pids = await node.workerPids()
      if (pids.length > 0) process.kill(random.pick(pids), 'SIGKILL')
    })
    console.log(await runPlans([node.url], chaos, () => openSqliteReadOnly(folder)))
  } finally {
    await node.kill()
    await rm(parent, { recursive: true, force: true })
  }
})
