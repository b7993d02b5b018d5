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
let source: string
let target: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagwerk-copy-'))
  source = join(folder, 'here')
  target = join(folder, 'there')
  const store = await openSqliteStore(source, () => undefined)
  await store.commit('p', [register('i1', 'a=1'), register('i2')])
  await store.close()
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  )

it('copy copies a data folder and prints a report', async () => {
  const { code, stdout, stderr } = await run(['copy', '--from', source, '--to', target])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toMatch(
    /^Copied \S+here to \S+there: 5 rows, in \d+\.\d s\.\nDigest of both stores: sha256:[0-9a-f]{64}\n$/,
  )
  const store = await openSqliteStore(target, () => undefined)
  expect(await store.getRevision('p')).toBe(2)
  await store.close()
})

it('tokens stay valid after a service is copied to PostgreSQL', async () => {
  const postgres = (await postgresLocation()) as TestLocation & { readonly at: { readonly url: string } }
  const url = new URL(postgres.at.url)
  url.password = 'hunter2'
  try {
    const service = await startTestService({ flags: { data: source } })
    const image = { resource_type: 'images', resource_id: 'i9', resource_name: 'n', resource_detail: {}, tags: [] }
    await service.register(image)
    const path = `/v2/${service.project}/images/i9/tags`
    const body = { tag: { key: 'env', value: 'prod' } }
    expect((await service.call('POST', path, { body })).status).toBe(204)
    const { token, project } = service
    await service.stop()
    const copied = await run(['copy', '--from', source, '--to', url.href, '--json'], {
      env: { TAGWERK_TO_PASSWORD: new URL(postgres.at.url).password || undefined },
    })
    expect({ code: copied.code, stderr: copied.stderr }).toEqual({ code: 0, stderr: '' })
    expect(copied.stdout).not.toContain('hunter2')
    const report = JSON.parse(copied.stdout)
    expect(report).toMatchObject({ from: source, digest: expect.stringMatching(/^sha256:/), removed: 0 })
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

it('copy completes an interrupted copy, on which no other command works before', async () => {
  const interrupted = await openSqliteCopyTarget(target)
  await interrupted.close()
  const early = await run(['migrate', '--data', target])
  expect(early.code).toBe(1)
  expect(early.stderr).toContain('there is an unfinished copy')
  const { code, stdout } = await run(['copy', '--from', source, '--to', target])
  expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('5 rows, in') })
})

it('copy refuses a source that is in use or missing and a target with other data, and changes none of them', async () => {
  const store = await openSqliteStore(source, () => undefined)
  const inUse = await run(['copy', '--from', source, '--to', target])
  await store.close()
  expect(inUse.code).toBe(1)
  expect(inUse.stderr).toMatch(/^error: --from \S+here: the data folder \S+ is in use by another Tagwerk process/)
  const absent = await run(['copy', '--from', join(folder, 'none'), '--to', target])
  expect(absent).toEqual({ code: 1, stdout: '', stderr: `error: --from ${folder}/none: there is no data of Tagwerk\n` })
  for (const untouched of [target, join(folder, 'none')]) expect(await exists(untouched)).toBe(false)
  await run(['copy', '--from', source, '--to', target])
  const again = await run(['copy', '--from', source, '--to', target])
  expect(again.code).toBe(1)
  expect(again.stderr).toMatch(/^error: --to \S+there: there is other data \(in table project_state\)/)
})

it('a failed copy is reported with the advice to run it again', async () => {
  const postgres = await postgresLocation()
  try {
    const nodes = await openLocation(postgres)
    await nodes.commit('p', [register('i1')])
    await postgres.sql('ALTER TABLE change_log RENAME COLUMN detail TO detail_gone')
    await nodes.close()
    const url = (postgres.at as { url: string }).url
    const { code, stderr } = await run(['copy', '--from', url, '--to', target])
    expect(code).toBe(1)
    expect(stderr).toContain('The copy is incomplete. Run the same command again')
    expect(stderr).toMatch(/error: column "detail" does not exist/)
  } finally {
    await postgres.dispose()
  }
})
