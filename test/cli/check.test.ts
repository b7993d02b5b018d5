import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PAGE_BYTES } from '../../src/store/sqlite/connection.ts'
import {
  ofProject,
  openLocation,
  postgresLocation,
  sqliteLocation,
  type TestLocation,
} from '../conformance/locations.ts'
import { register } from '../conformance/requests.ts'
import { startTestService, type TestService } from '../support/service.ts'
import { type RunOptions, run, start, until } from './run.ts'

const IMAGE = { resource_type: 'images', resource_id: 'i1', resource_name: 'one', resource_detail: {} }
const INSTANCE = { resource_type: 'instances', resource_id: 'd1', resource_name: 'db', resource_detail: {} }

describe.each([
  ['a data folder', sqliteLocation],
  ['PostgreSQL', postgresLocation],
])('tagwerk check of %s', (_engine, makeLocation) => {
  let place: TestLocation
  let service: TestService
  let store: string[]
  let options: RunOptions
  beforeAll(async () => {
    place = await makeLocation()
    const { folder, url } = place.at as { readonly folder?: string; readonly url?: string }
    store = folder === undefined ? ['--store', url as string] : ['--data', folder]
    const flags = folder === undefined ? { store: url as string, migrate: 'on' } : { data: folder }
    service = await startTestService({ flags })
    options = { endpoint: service.url }
    const tags = Array.from({ length: 3 }, (_, i) => ({ key: `k${i}`, value: 'v' }))
    const more = Array.from({ length: 1003 }, (_, i) => ({ ...IMAGE, resource_id: `m${i}`, tags: tags.slice(i % 3) }))
    await service.register(IMAGE, { ...INSTANCE, tags }, ...more)
    await service.register({ ...IMAGE, project: 'other' })
  })
  afterAll(async () => {
    await service.stop()
    await place.dispose()
  })

  it('check finds no differences in the store of a running service', async () => {
    for (const more of [[], ['--service']]) {
      const { code, stdout, stderr } = await run(['check', ...store, ...more], options)
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      expect(stdout).toMatch(/^No differences: 2 projects, 1,006 resources in \S+\.\n$/)
    }
    const { code, stdout } = await run(['check', ...store, '--service', '--json'], options)
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ projects: 2, resources: 1006, differences: 0, named: [] })
  })

  it('check covers the projects of every domain, and with --service asks about those of its own domain', async () => {
    const env = { TAGWERK_NEW_PASSWORD: 'a long Passphrase 1' }
    expect((await run(['domain', 'create', 'acme'], { ...options, env })).code).toBe(0)
    for (const more of [[], ['--service']]) {
      const { code, stdout } = await run(['check', ...store, ...more], options)
      expect([code, stdout]).toEqual([0, expect.stringMatching(/^No differences: 3 projects, 1,006 resources/)])
    }
    const acme = { TAGWERK_PASSWORD: env.TAGWERK_NEW_PASSWORD, TAGWERK_DOMAIN: 'acme' }
    expect((await run(['check', ...store, '--service'], { ...options, env: acme })).code).toBe(0)
    expect((await run(['domain', 'delete', 'acme', '--yes'], options)).code).toBe(0)
  })

  it('check lists differences between log, resources and service', async () => {
    const tagsOf = (id: string, text: string) =>
      place.sql(`UPDATE change_log SET tags = '${text}' WHERE resource_id = '${id}' AND ${ofProject(service.project)}`)
    await tagsOf('i1', '[["odd","1"]]')
    await tagsOf('d1', '[["k0","v"],["k1","w"],["k2","v"]]')
    const pointer = (prior: string) =>
      place.sql(`UPDATE change_log SET prior_revision = ${prior}
        WHERE resource_id IN ('i1', 'd1') AND ${ofProject(service.project)}`)
    await pointer('9999')
    const { code, stdout } = await run(['check', ...store, '--service'], options)
    expect(code).toBe(1)
    expect(stdout.split('\n').slice(0, -2).toSorted()).toEqual([
      expect.stringMatching(/^default: log-pointer: change \d+ of images i1 names 9999 as the change before it, and /),
      expect.stringMatching(
        /^default: log-pointer: change \d+ of instances d1 names 9999 as the change before it, and /,
      ),
      'default: service-differs: image i1: ["one","odd=1"] in the store, ["one"] in the service',
      'default: service-differs: tag k1=v of instances: missing in the store, in use in the service',
      'default: service-differs: tag k1=w of instances: in use in the store, missing in the service',
    ])
    expect(stdout).toMatch(/\n5 differences: 2 projects, 1,006 resources in \S+\.\n$/)
    const json = await run(['check', ...store, '--json'], options)
    expect(json.code).toBe(1)
    expect(JSON.parse(json.stdout)).toMatchObject({ differences: 2, named: [{ project: 'default' }, {}] })
    await pointer('NULL')
    await tagsOf('i1', '[]')
    await tagsOf('d1', '[["k0","v"],["k1","v"],["k2","v"]]')
    expect((await run(['check', ...store, '--service'], options)).code).toBe(0)
  })

  it('check refuses a service that uses another store', async () => {
    const other = await startTestService()
    try {
      const { code, stdout, stderr } = await run(['check', ...store, '--service'], { endpoint: other.url })
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
      expect(stderr).toMatch(/^error: the service at \S+ uses another store: its project default is \w+, not \w+\n$/)
    } finally {
      await other.stop()
    }
  })
})

it('check and serve refuse a data folder that has lost acknowledged writes, and --found-anew begins with an empty store', async () => {
  const place = await sqliteLocation()
  try {
    const folder = place.at.folder as string
    const store = await openLocation(place)
    await store.commit('p', [register('i1')])
    await store.close()
    await place.sql('UPDATE store_identity SET commits = 0')
    const message = `error: acknowledged writes are missing in ${folder}/tagwerk.sqlite: it has 0 commits, and `
    for (const command of [['check'], ['serve', '--listen', '127.0.0.1:0']]) {
      const refused = await run([...command, '--data', folder])
      expect([refused.code, refused.stdout]).toEqual([1, ''])
      expect(refused.stderr).toContain(message)
    }
    const serving = start([
      'serve',
      '--listen',
      '127.0.0.1:0',
      '--log-level',
      'fatal',
      '--data',
      folder,
      '--found-anew',
    ])
    await until(() => (serving.stdout().includes('answers on') ? true : undefined))
    serving.signal('SIGTERM')
    expect((await serving.done).code).toBe(0)
    expect((await run(['check', '--data', folder])).stdout).toContain('No differences: 1 projects, 0 resources')
  } finally {
    await place.dispose()
  }
})

it('check lists damage of the file, and checks whatever can be read', async () => {
  const place = await sqliteLocation()
  try {
    const folder = place.at.folder as string
    const service = await startTestService({ folder })
    for (let i = 0; i < 300; i++) await service.register({ resource_type: 'images', resource_id: `i${i}`, tags: [] })
    await service.stop()
    const database = join(folder, 'tagwerk.sqlite')
    const bytes = await readFile(database)
    const damaged = async (from: number, to: number) => {
      await writeFile(database, Buffer.from(bytes).fill(0, from, to))
      return run(['check', '--data', folder])
    }
    const db = new DatabaseSync(database)
    const rootOf = (table: string) => {
      const row = db.prepare('SELECT rootpage FROM sqlite_master WHERE name = ?').get(table)
      return PAGE_BYTES * (Number(row?.rootpage) - 1)
    }
    const [log, domains] = [rootOf('change_log'), rootOf('domain')]
    db.close()
    const { code, stdout } = await damaged(log, log + PAGE_BYTES)
    expect([code, stdout]).toEqual([1, expect.stringMatching(/^-: file-damaged: ./)])
    expect(stdout).toMatch(/differences: \d projects, \d+ resources in \S+\.\n$/)
    const accounts = await damaged(domains, domains + PAGE_BYTES)
    expect([accounts.code, accounts.stdout]).toEqual([1, expect.stringContaining('\n-: unreadable: ')])
  } finally {
    await place.dispose()
  }
})

it('check refuses a folder without data and an incomplete copy', async () => {
  const place = await sqliteLocation()
  try {
    const folder = place.at.folder as string
    const absent = await run(['check', '--data', folder])
    expect(absent).toEqual({ code: 1, stdout: '', stderr: `error: there is no data of Tagwerk in ${folder}\n` })
    const store = await openLocation(place)
    await store.commit('p', [register('i1')])
    await store.close()
    await place.sql('UPDATE schema_version SET version = version + 1000000')
    const unfinished = await run(['check', '--data', folder])
    expect(unfinished.code).toBe(1)
    expect(unfinished.stderr).toContain('unfinished copy')
  } finally {
    await place.dispose()
  }
})
