import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { checkProject } from '../../src/store/check-log.ts'
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts'
import { runLength } from '../support/effort.ts'
import { Random } from '../support/random.ts'

const KILLS = runLength(6, 30)
const SCRIPT = join(import.meta.dirname, 'forget-history-process.ts')

/** Runs the process until it is killed, some time after it has forgotten something. Gives the last horizon it printed. */
async function runAndKill(folder: string, seed: number, delayMs: number): Promise<number> {
  const child = spawn(process.execPath, [SCRIPT, folder, String(seed)], { stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  child.stdout.on('data', (chunk) => {
    output += String(chunk)
  })
  const horizons = () => output.split('\n').slice(0, -1).map(Number)
  const first = () => horizons()[0] ?? 0
  while (child.exitCode === null && (horizons().at(-1) ?? 0) <= first() + 200) await pause(5)
  await pause(delayMs)
  child.kill('SIGKILL')
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  expect(child.signalCode).toBe('SIGKILL')
  return horizons().at(-1) ?? 0
}

it(`what is left of a history is whole after each of ${KILLS} kills while it is forgotten`, {
  timeout: 240_000,
}, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'tagwerk-forget-'))
  const random = new Random(11)
  let horizon = 0
  try {
    for (let kill = 0; kill < KILLS; kill++) {
      const printed = await runAndKill(folder, kill, random.below(60))
      const store = await openSqliteStore(folder, (error) => expect.fail(error.message))
      const state = await store.getHistoryState('p')
      expect((await checkProject(store, 'p')).differences, `kill ${kill}`).toEqual([])
      await store.close()
      expect(state.horizon).toBeGreaterThanOrEqual(Math.max(horizon, printed))
      horizon = state.horizon
      const db = new DatabaseSync(join(folder, 'tagwerk.sqlite'), { readOnly: true })
      const left = db
        .prepare(
          `SELECT COUNT(*) AS changes, COUNT(DISTINCT resource_id) AS resources, COUNT(tags) AS states
          FROM change_log WHERE revision <= ?`,
        )
        .get(horizon)
      db.close()
      // One change a resource that was there, each with its state.
      expect(left).toEqual({ changes: left?.resources, resources: left?.resources, states: left?.resources })
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  expect(horizon).toBeGreaterThan(KILLS * 200)
})
