import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts'
import { register } from '../conformance/requests.ts'
import { runLength } from '../support/effort.ts'
import { bundledProgram } from '../support/program.ts'
import { Random } from '../support/random.ts'

// Kills backups and restores at random moments. A backup file that has its name is whole; a folder into which a restore
// was interrupted holds the former store, or the restored one, or is refused, but is never a new, empty store.

const KILLS = runLength(8, 60)

/** Runs a command and kills it after a time; resolves with its exit code, null if it was killed. */
async function runAndKill(args: readonly string[], killAfterMs: number): Promise<number | null> {
  const child = spawn(process.execPath, [await bundledProgram(), ...args], { stdio: 'ignore' })
  const ended = once(child, 'exit') as Promise<[number | null]>
  const timer = setTimeout(() => child.kill('SIGKILL'), killAfterMs)
  const [code] = await ended
  clearTimeout(timer)
  return code
}

async function fill(folder: string, prefix: string): Promise<void> {
  const store = await openSqliteStore(folder, () => undefined)
  for (let i = 0; i < 10; i++) {
    await store.commit(
      'p',
      Array.from({ length: 500 }, (_, k) => register(`${prefix}${i}-${k}`, 'a=1', 'b=2')),
    )
  }
  await store.close()
}

/** The revisions of projects p and q, or the message of the refusal. */
async function stateOf(folder: string): Promise<string> {
  try {
    const store = await openSqliteStore(folder, () => undefined)
    const state = `p ${await store.getRevision('p')} q ${await store.getRevision('q')}`
    await store.close()
    return state
  } catch (error) {
    return (error as Error).message
  }
}

it(`no backup and no restore that is killed leaves half a store, over ${KILLS} kills each`, {
  timeout: 240_000,
}, async () => {
  const root = await mkdtemp(join(tmpdir(), 'tagwerk-killed-'))
  const random = new Random(11)
  const [data, backup, target] = [join(root, 'data'), join(root, 'backup'), join(root, 'target')]
  const outcomes: Record<string, number> = {}
  const count = (outcome: string) => (outcomes[outcome] = (outcomes[outcome] ?? 0) + 1)
  try {
    await fill(data, 'i')
    const startMs = performance.now()
    expect(await runAndKill(['backup', backup, '--data', data], 60_000)).toBe(0)
    const wholeMs = performance.now() - startMs
    for (let kill = 0; kill < KILLS; kill++) {
      const file = join(root, `backup-${kill}`)
      const code = await runAndKill(['backup', file, '--data', data], random.below(wholeMs))
      if (existsSync(file)) {
        const copy = join(root, `copy-${kill}`)
        expect(await runAndKill(['restore', file, '--data', copy], 60_000)).toBe(0)
        expect(await stateOf(copy)).toBe('p 5000 q 0')
      } else expect(code).toBe(null)
      count(existsSync(file) ? 'backup whole' : 'backup absent')
    }
    for (let kill = 0; kill < KILLS; kill++) {
      await rm(target, { recursive: true, force: true })
      const former = await openSqliteStore(target, () => undefined)
      await former.commit('q', [register('x')])
      await former.close()
      // Kills fall on the second half, in which files are exchanged.
      await runAndKill(['restore', backup, '--data', target, '--force'], wholeMs / 2 + random.below(wholeMs / 2))
      const state = await stateOf(target)
      if (state !== 'p 5000 q 0' && state !== 'p 0 q 1') expect(state).toMatch(/Put the right files back, or restore/)
      count(state.slice(0, 10))
      expect(await runAndKill(['restore', backup, '--data', target, '--force'], 60_000)).toBe(0)
      expect(await stateOf(target)).toBe('p 5000 q 0')
      await pause(0)
    }
  } finally {
    await rm(root, { recursive: true, force: true })
  }
  console.log('crash: killed backups and restores:', JSON.stringify(outcomes))
})
