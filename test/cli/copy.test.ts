import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openSqliteCopyTarget } from '../../src/store/sqlite/copy-endpoints.ts'
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts'
import { openLocation, postgresLocation, type TestLocation } from '../conformance/locations.ts'
import { register } from '../conformance/requests.ts'
import { startTestService } from '../support/service.ts'
import { run } from './run.ts'

let folder: string
let here: string
let there: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagwerk-copy-'))
  here = join(folder, 'here')
  there = join(folder, 'there')
  const store = await openSqliteStore(here, () => undefined)
  await store.commit('p', [register('i1', 'a=1'), register('i2')])
  await store.close()
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  )

it('copies a data folder and says what it came to', async () => {
  const { code, stdout, stderr } = await run(['copy', '--from', here, '--to', there])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toMatch(
    /there holds what \S+here holds: 5 rows, in \d+\.\d s\.\nDigest of both: sha256:[0-9a-f]{64}\n$/,
  )
  const store = await openSqliteStore(there, () => undefined)
  expect(await store.getRevision('p')).toBe(2)
  await store.close()
})

it('carries a whole service to PostgreSQL: tokens and access keys are good there too', async () => {
  const postgres = (await postgresLocation()) as TestLocation & { readonly at: { readonly url: string } }
  const url = new URL(postgres.at.url)
  url.password = 'hunter2'
  try {
    const service = await startTestService({ flags: { data: here } })
    const image = { resource_type: 'images', resource_id: 'i9', resource_name: 'n', resource_detail: {}, tags: [] }
    await service.register(image)
    const path = `/v2/${service.project}/images/i9/tags`
    const body = { tag: { key: 'env', value: 'prod' } }
    expect((await service.call('POST', path, { body })).status).toBe(204)
    const { token, project } = service
    await service.stop()
    const copied = await run(['copy', '--from', here, '--to', url.href, '--json'], {
      env: { TAGWERK_TO_PASSWORD: new URL(postgres.at.url).password || undefined },
    })
    expect({ code: copied.code, stderr: copied.stderr }).toEqual({ code: 0, stderr: '' })
    expect(copied.stdout).not.toContain('hunter2')
    const report = JSON.parse(copied.stdout)
    expect(report).toMatchObject({ from: here, digest: expect.stringMatching(/^sha256:/), removed: 0 })
    expect(report.rows).toBe(report.added)
    expect(report.tables).toContainEqual({ name: 'resource', rows: 3, added: 3, removed: 0 })
    const moved = await startTestService({ flags: { store: postgres.at.url } })
    try {
      const answer = await fetch(`${moved.url}${path}`, { headers: { 'X-Auth-Token': token } })
      expect({ status: answer.status, body: await answer.json() }).toEqual({ status: 200, body: { tags: [body.tag] } })
      expect(moved.project).toBe(project)
    } finally {
      await moved.stop()
    }
  } finally {
    await postgres.dispose()
  }
})

it('goes on with a copy that was broken off', async () => {
  const target = await openSqliteCopyTarget(there)
  await target.close()
  const early = await run(['migrate', '--data', there])
  expect(early.code).toBe(1)
  expect(early.stderr).toContain('there is an unfinished copy')
  const { code, stdout } = await run(['copy', '--from', here, '--to', there])
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('5 rows, in') })
})

it('refuses a source that is in use or not there, and a target with other data, and changes neither', async () => {
  const store = await openSqliteStore(here, () => undefined)
  const inUse = await run(['copy', '--from', here, '--to', there])
  await store.close()
  expect(inUse.code).toBe(1)
  expect(inUse.stderr).toMatch(/^error: --from \S+here: the data folder \S+ is in use by another Tagwerk process/)
  const absent = await run(['copy', '--from', join(folder, 'none'), '--to', there])
  expect(absent).toEqual({ code: 1, stdout: '', stderr: `error: --from ${folder}/none: there is no data of Tagwerk\n` })
  for (const untouched of [there, join(folder, 'none')]) expect(await exists(untouched)).toBe(false)
  await run(['copy', '--from', here, '--to', there])
  const again = await run(['copy', '--from', here, '--to', there])
  expect(again.code).toBe(1)
  expect(again.stderr).toMatch(/^error: --to \S+there: there is other data \(in table project_state\)/)
})

it('says that a failed copy can be run again', async () => {
  const postgres = await postgresLocation()
  try {
    const nodes = await openLocation(postgres)
    await nodes.commit('p', [register('i1')])
    await postgres.sql('ALTER TABLE resource RENAME COLUMN detail TO detail_gone')
    await nodes.close()
    const url = (postgres.at as { url: string }).url
    const { code, stderr } = await run(['copy', '--from', url, '--to', there])
    expect(code).toBe(1)
    expect(stderr).toContain('The copy is not finished. Run again')
    expect(stderr).toMatch(/error: column "detail" does not exist/)
  } finally {
    await postgres.dispose()
  }
})
