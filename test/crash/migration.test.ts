import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { expect, it } from 'vitest'
import { checkProject } from '../../src/store/check-log.ts'
import { MIGRATIONS } from '../../src/store/migrate.ts'
import { SQLITE_DIALECT } from '../../src/store/sqlite/connection.ts'
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts'
import { runLength } from '../support/effort.ts'
import { bundledProgram } from '../support/program.ts'
import { Random } from '../support/random.ts'

// Kills migrations of an old data folder at random moments. The next one resumes, or begins anew with the old store whole.

const KILLS = runLength(4, 60)
const VERSION = 13
const [RESOURCES, CHANGES] = [5000, 20_000]

/** Writes a folder as an older program left it: each resource is registered, and its tags change three times. */
function writeOldFolder(folder: string): void {
  const db = new DatabaseSync(join(folder, 'tagwerk.sqlite'))
  db.exec(`PRAGMA page_size = 4096; PRAGMA journal_mode = WAL; CREATE TABLE schema_version (version INTEGER NOT NULL);
    INSERT INTO schema_version VALUES (${VERSION})`)
  for (const migration of MIGRATIONS.slice(0, VERSION)) {
    for (const statement of migration(SQLITE_DIALECT)) db.exec(statement)
  }
  const numbers = `WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ${CHANGES})`
  const state = `'name', '{}', '[["n","' || i || '"],["text","${'x'.repeat(600)}"]]'`
  db.exec(`
    INSERT INTO change_log (project_id, revision, kind, resource_type, resource_id, sequence, name, detail, tags, actor,
      request_id, at_ms, created_at_ms)
    ${numbers} SELECT 'p', i + 1, CASE WHEN i < ${RESOURCES} THEN 'register' ELSE 'set-tags' END, 'images',
      'id' || (i % ${RESOURCES}), i % ${RESOURCES} + 1, ${state}, 'ann', 'r', i, i % ${RESOURCES} FROM n;
    INSERT INTO resource SELECT 'p', resource_type, sequence, resource_id, name, detail, tags, revision, created_at_ms, at_ms
      FROM change_log WHERE revision > ${CHANGES - RESOURCES};
    INSERT INTO project_state (project_id, revision, last_sequence, resource_count, detail_bytes)
      VALUES ('p', ${CHANGES}, ${RESOURCES}, ${RESOURCES}, ${2 * RESOURCES})`)
  db.close()
}

/** Migrates a folder, and kills that after a time. Resolves with the milliseconds that it took. */
async function migrateAndKill(folder: string, killAfterMs: number): Promise<number> {
  const program = await bundledProgram()
  const startMs = performance.now()
  const child = spawn(process.execPath, [program, 'migrate', '--data', folder], { stdio: 'ignore' })
  const ended = once(child, 'exit')
  const timer = setTimeout(() => child.kill('SIGKILL'), killAfterMs)
  const [code] = await ended
  clearTimeout(timer)
  expect([0, null]).toContain(code)
  return performance.now() - startMs
}

it(`a migration that is killed ${KILLS} times leaves the old store whole or is resumed`, {
  timeout: 600_000,
}, async () => {
  const root = await mkdtemp(join(tmpdir(), 'tagwerk-migration-'))
  const random = new Random(16)
  try {
    const old = join(root, 'old')
    await mkdir(old)
    writeOldFolder(old)
    await cp(old, join(root, 'measured'), { recursive: true })
    const tookMs = await migrateAndKill(join(root, 'measured'), 300_000)
    for (let kill = 0; kill < KILLS; kill++) {
      const folder = join(root, `killed-${kill}`)
      await cp(old, folder, { recursive: true })
      for (let again = random.below(3); again >= 0; again--) await migrateAndKill(folder, tookMs * random.next())
      const store = await openSqliteStore(folder, () => undefined)
      expect(await checkProject(store, 'p')).toEqual({ revision: CHANGES, resources: RESOURCES, differences: [] })
      const [last] = await store.changesOf('p', 'images', 'id7', undefined, 1)
      expect(last).toMatchObject({ revision: CHANGES - RESOURCES + 8, priorRevision: CHANGES - 2 * RESOURCES + 8 })
      await store.close()
      const db = new DatabaseSync(join(folder, 'tagwerk.sqlite'), { readOnly: true })
      expect(db.prepare('PRAGMA page_size').get()).toEqual({ page_size: 2048 })
      expect(db.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }])
      db.close()
      expect((await readdir(folder)).filter((name) => name.includes('.new'))).toEqual([])
      await rm(folder, { recursive: true })
    }
  } finally {
    await rm(root, { recursive: true, force: true })
  }
})
