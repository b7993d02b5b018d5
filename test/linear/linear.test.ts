import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openPostgresStore } from '../../src/store/postgres/postgres-store.ts'
import { openSqliteReadOnly } from '../../src/store/sqlite/read-only-store.ts'
import { runLength } from '../support/effort.ts'
import { postgresOptions, runSql } from '../support/postgres.ts'
import { createPostgresServer, type PostgresServer } from '../support/postgres-server.ts'
import { ServiceNode } from './nodes.ts'
import { killing, type Outcome, runWorld } from './world.ts'

// Whether reads are linearizable over several processes, also while these and their database are killed: 16 clients write,
// read back, count, list and search with facets, and `history.ts` looks for an order that explains what they saw. A build that is broken on
// purpose shows that it finds what is wrong.

const MAIN = join(import.meta.dirname, '../../src/main.ts')

/** Kills in each run that has any; a long run may ask for more. */
const KILLS = Number(process.env.TAGWERK_TEST_KILLS ?? runLength(4, 8))
const OPERATIONS = { nodes: runLength(2500, 10_000), workers: runLength(1200, 4000) }
const SEED = Number(process.env.TAGWERK_TEST_SEED ?? 1)
const TIMEOUT = { timeout: 120_000 + KILLS * 5000 }

function report(what: string, { operations, unanswered, violations }: Outcome, kills: number): void {
  console.log(
    `${what}: ${operations} calls answered, ${unanswered} not, ${kills} kills, ${violations.length} violations`,
  )
}

describe('several nodes over one PostgreSQL', () => {
  let server: PostgresServer
  let made = 0

  beforeAll(async () => {
    server = await createPostgresServer()
  })
  afterAll(() => server.dispose())

  /** Nodes over a database of their own. */
  async function startNodes(count: number, program?: readonly string[]) {
    const url = new URL(server.url)
    url.pathname = `/world_${++made}`
    await runSql(server.url, `CREATE DATABASE world_${made}`)
    const options = { flags: ['--store', url.href, '--migrate', 'on'], ...(program && { program }) }
    const nodes = [await ServiceNode.start(options)]
    nodes.push(...(await Promise.all(Array.from({ length: count - 1 }, () => ServiceNode.start(options)))))
    return {
      nodes,
      urls: nodes.map((node) => node.url),
      openLog: () =>
        openPostgresStore({
          ...postgresOptions(url.href),
          migrates: false,
          onUnreachable: () => undefined,
          onReachable: () => undefined,
        }),
      stop: () => Promise.all(nodes.map((node) => node.kill())),
    }
  }

  it('answers as one, over kills of nodes and a crash of the database', TIMEOUT, async () => {
    const { nodes, urls, openLog, stop } = await startNodes(3)
    try {
      let victims = 0
      const chaos = killing(KILLS + 1, nodes.length, async (victim) => {
        // In the middle it is the database.
        if (++victims % 20 === Math.ceil(Math.min(KILLS, 19) / 2)) {
          await server.stop('immediate')
          await pause(200)
          return server.start()
        }
        const node = nodes[victim] as ServiceNode
        await node.kill()
        return node.restart()
      })
      const outcome = await runWorld({ urls, seed: SEED, operationsMin: OPERATIONS.nodes, chaos, openLog })
      report('3 nodes over PostgreSQL', outcome, KILLS + 1)
      expect(outcome.violations).toEqual([])
      expect(outcome.odd).toEqual([])
      expect(outcome.operations).toBeGreaterThanOrEqual(OPERATIONS.nodes)
      // Something was cut off, or it was no test.
      expect(outcome.unanswered).toBeGreaterThan(0)
    } finally {
      await stop()
    }
  })

  it('is caught when it does not ask how fresh it is', TIMEOUT, async () => {
    // The sources, because it replaces a method of one of them.
    const broken = ['--import', join(import.meta.dirname, 'stale-reads.ts'), MAIN]
    const { urls, openLog, stop } = await startNodes(2, broken)
    try {
      const outcome = await runWorld({ urls, seed: SEED, operationsMin: 1000, chaos: async () => undefined, openLog })
      report('2 broken nodes over PostgreSQL', outcome, 0)
      expect(outcome.violations.length).toBeGreaterThan(10)
      expect(outcome.violations.join('\n')).toContain('does not know of')
    } finally {
      await stop()
    }
  })
})

describe('several workers over one SQLite file', () => {
  it('answer as one, over kills of workers and of all of them', TIMEOUT, async () => {
    const parent = await mkdtemp(join(tmpdir(), 'tagwerk-linear-'))
    const folder = join(parent, 'data')
    const node = await ServiceNode.start({ flags: ['--data', folder, '--workers', '3'] })
    try {
      let victims = 0
      const chaos = killing(KILLS + 1, 1, async (_victim, random) => {
        if (++victims % 5 === 4) {
          await node.kill()
          return node.restart()
        }
        const pids = await node.workerPids()
        if (pids.length > 0) process.kill(random.pick(pids), 'SIGKILL')
      })
      const openLog = () => openSqliteReadOnly(folder)
      const outcome = await runWorld({
        urls: [node.url],
        seed: SEED,
        operationsMin: OPERATIONS.workers,
        chaos,
        openLog,
      })
      report('3 workers over SQLite', outcome, KILLS + 1)
      expect(outcome.violations).toEqual([])
      expect(outcome.odd).toEqual([])
      expect(outcome.unanswered).toBeGreaterThan(0)
    } finally {
      await node.kill()
      await rm(parent, { recursive: true, force: true })
    }
  })
})
