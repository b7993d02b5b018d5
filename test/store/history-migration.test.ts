import { mkdirSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { checkProject } from '../../src/store/check-log.ts'
import { MIGRATIONS } from '../../src/store/migrate.ts'
import { POSTGRES_DIALECT } from '../../src/store/postgres/schema.ts'
import { SQLITE_DIALECT } from '../../src/store/sqlite/connection.ts'
import type { Store } from '../../src/store/store.ts'
import { openLocation, TEST_LOCATIONS, type TestLocation } from '../conformance/locations.ts'
import { register } from '../conformance/requests.ts'
import { Random } from '../support/random.ts'

// Data of schema 13, before changes named the one before them, as the releases until then wrote it.

const VERSION = 13
const PROJECTS = ['p', 'q']

type OldRow = {
  readonly revision: number
  readonly sequence: number
  readonly createdAtMs: number
  readonly tags: string
}

const text = (value: string | null) => (value === null ? 'NULL' : `'${value}'`)

/** Returns the statements that write a random history of a project. The clock goes back now and then. */
function oldHistory(project: string, random: Random): { readonly statements: string[]; readonly times: number[] } {
  const changes: string[] = []
  const resources: string[] = []
  const times: number[] = []
  const live = new Map<string, OldRow & { readonly atMs: number }>()
  let lastSequence = 0
  for (let revision = 1; revision <= 200; revision++) {
    const [type, id] = [random.pick(['images', 'instances']), random.pick(['a', 'b', 'c', 'd', 'e'])]
    const before = live.get(`${type} ${id}`)
    const isDeletion = before !== undefined && random.chance(0.3)
    const atMs = 1000 + revision * 10 - (random.chance(0.2) ? random.below(500) : 0)
    const sequence = before?.sequence ?? ++lastSequence
    const createdAtMs = before?.createdAtMs ?? atMs
    const tags = isDeletion ? null : `[["n","${revision}"]]`
    // The first schema did not have the time of creation in the log.
    const loggedMs = revision < 20 ? null : createdAtMs
    const kind = isDeletion ? 'delete' : before === undefined ? 'register' : 'set-tags'
    const state = [isDeletion ? null : 'name', isDeletion ? null : '{}', tags].map(text).join(', ')
    changes.push(
      `('${project}', ${revision}, '${kind}', '${type}', '${id}', ${sequence}, ${state}, 'ann', 'r${revision}', ${atMs},
         ${loggedMs})`,
    )
    times.push(Math.max(atMs, times.at(-1) ?? 0))
    if (tags === null) live.delete(`${type} ${id}`)
    else live.set(`${type} ${id}`, { revision, sequence, createdAtMs, tags, atMs })
  }
  for (const [name, { revision, sequence, createdAtMs, tags, atMs }] of live) {
    const [type, id] = name.split(' ')
    resources.push(
      `('${project}', '${type}', ${sequence}, '${id}', 'name', '{}', '${tags}', ${revision}, ${createdAtMs}, ${atMs})`,
    )
  }
  const statements = [
    `INSERT INTO change_log (project_id, revision, kind, resource_type, resource_id, sequence, name, detail, tags, actor,
       request_id, at_ms, created_at_ms) VALUES ${changes.join(', ')}`,
    `INSERT INTO resource (project_id, resource_type, sequence, resource_id, name, detail, tags, revision, created_at_ms,
       updated_at_ms) VALUES ${resources.join(', ')}`,
    `INSERT INTO project_state (project_id, revision, last_sequence, resource_count, detail_bytes)
     VALUES ('${project}', 200, ${lastSequence}, ${live.size}, ${2 * live.size})`,
  ]
  return { statements, times }
}

describe.each(TEST_LOCATIONS)('a store of schema 13 in %s', (engine, makeLocation) => {
  let location: TestLocation
  let store: Store | undefined
  beforeEach(async () => {
    location = await makeLocation()
    if (location.at.folder !== undefined) mkdirSync(location.at.folder)
    await location.sql('CREATE TABLE schema_version (version INTEGER NOT NULL)')
    await location.sql(`INSERT INTO schema_version VALUES (${VERSION})`)
    const dialect = engine === 'SQLite' ? SQLITE_DIALECT : POSTGRES_DIALECT
    for (const migration of MIGRATIONS.slice(0, VERSION)) {
      for (const statement of migration(dialect)) await location.sql(statement)
    }
  })
  afterEach(async () => {
    await store?.close()
    store = undefined
    await location.dispose()
  })

  it.each([1, 2, 3])(
    'is migrated with pointers and times that do not go back, and passes a check (%d)',
    async (seed) => {
      const random = new Random(seed)
      const times: number[][] = []
      for (const project of PROJECTS) {
        const history = oldHistory(project, random)
        times.push(history.times)
        for (const statement of history.statements) await location.sql(statement)
      }
      store = await openLocation(location)
      for (const [i, project] of PROJECTS.entries()) {
        expect(await checkProject(store, project)).toMatchObject({ revision: 200, differences: [] })
        const log = await store.changesSince(project, 0, 999)
        expect(log.map(({ atMs }) => atMs)).toEqual(times[i])
        const last = new Map<string, number>()
        for (const { type, id, revision, priorRevision, cause } of log) {
          expect([revision, priorRevision, cause]).toEqual([revision, last.get(`${type} ${id}`), undefined])
          last.set(`${type} ${id}`, revision)
        }
        expect(await store.getHistoryState(project)).toEqual({
          revision: 200,
          horizon: 0,
          horizonAtMs: 0,
          lastAtMs: times[i]?.at(-1),
        })
        // A new registration of each resource goes on from its last change, whether that is a deletion or not.
        for (const [name, revision] of last) {
          const [type, id] = name.split(' ') as ['images', string]
          const [verdict] = await store.commit(project, [{ ...register(id), type, atMs: 1 }])
          expect(verdict).toMatchObject({ change: { priorRevision: revision, atMs: times[i]?.at(-1) } })
        }
        expect((await checkProject(store, project)).differences).toEqual([])
      }
    },
  )

  it.skipIf(engine !== 'SQLite')('a time that is damaged costs its own change only', async () => {
    for (const statement of oldHistory('p', new Random(4)).statements) await location.sql(statement)
    await location.sql(`UPDATE change_log SET at_ms = 'x' WHERE revision = 20`)
    store = await openLocation(location)
    expect(await store.changesSince('p', 20, 999)).toHaveLength(180)
    const what = (await checkProject(store, 'p')).differences.map((difference) => difference.what)
    expect(what).toEqual(['log-damaged'])
  })
})
