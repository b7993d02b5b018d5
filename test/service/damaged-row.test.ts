import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { run } from '../cli/run.ts'
import { startTestService } from '../support/service.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagwerk-damaged-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

it('a damaged row costs that resource: the rest of its project is served, and an export does not end in silence', async () => {
  const first = await startTestService({ folder })
  for (const id of ['i1', 'i2', 'i3']) {
    await first.register({
      resource_type: 'images',
      resource_id: id,
      resource_name: id,
      tags: [{ key: 'a', value: '1' }],
    })
  }
  await first.stop()
  const db = new DatabaseSync(join(folder, 'tagwerk.sqlite'))
  db.exec(`UPDATE change_log SET tags = 'x' WHERE resource_id = 'i2'`)
  db.close()
  const service = await startTestService({ folder })
  try {
    const images = `/v2/${service.project}/images`
    const filter = () => service.call('POST', `${images}/resource_instances/action`, { body: { action: 'filter' } })
    expect((await filter()).body).toMatchObject({
      total_count: 2,
      resources: [{ resource_id: 'i1' }, { resource_id: 'i3' }],
    })
    const tag = (id: string) =>
      service.call('POST', `${images}/${id}/tags`, { body: { tag: { key: 'b', value: '2' } } })
    const created = await service.call('POST', '/v2/images', { body: { name: 'new' } })
    expect([(await tag('i1')).status, (await tag('i2')).status, created.status]).toEqual([204, 500, 201])
    expect((await tag('i2')).text).toContain('The stored row of images i2 is damaged')
    expect((await service.call('GET', '/tagwerk/v1/export')).status).toBe(500)
    await service.register({ resource_type: 'images', resource_id: 'i2', resource_name: 'again', tags: [] })
    expect((await filter()).body).toMatchObject({ total_count: 4 })
    expect((await service.call('GET', '/tagwerk/v1/export')).text.trim().split('\n')).toHaveLength(4)
  } finally {
    await service.stop()
  }
})

it('a damaged row of accounts costs the calls that need it: others work, and the log and the check name it', async () => {
  const first = await startTestService({ folder })
  const token = await first.tokenFor(undefined)
  for (const name of ['ann', 'bob']) {
    await first.call('POST', '/v3/users', { token, body: { user: { name, password: 'Staple-battery-7' } } })
    await first.call('POST', '/v3/projects', { token, body: { project: { name: `of-${name}` } } })
  }
  await first.stop()
  const db = new DatabaseSync(join(folder, 'tagwerk.sqlite'))
  db.exec(`UPDATE app_user SET attributes = 'x' WHERE name = 'ann'`)
  db.exec(`UPDATE project SET tags = 'x' WHERE name = 'of-ann'`)
  db.close()
  const service = await startTestService({ folder })
  try {
    const admin = await service.tokenFor(undefined)
    const names = async (path: string, list: string) =>
      (await service.call('GET', path, { token: admin })).body[list].map(({ name }: { name: string }) => name)
    expect(await names('/v3/users', 'users')).toEqual(['admin', 'bob'])
    expect(await names('/v3/projects', 'projects')).toEqual(['default', 'of-bob'])
    const logIn = (name: string) => {
      const user = { name, password: 'Staple-battery-7', domain: { name: 'default' } }
      const auth = { identity: { methods: ['password'], password: { user } } }
      return service.call('POST', '/v3/auth/tokens', { token: null, body: { auth } })
    }
    // Bob has no role, which is what 403 says.
    expect([(await logIn('ann')).status, (await logIn('bob')).status]).toEqual([500, 403])
    expect((await logIn('ann')).text).toMatch(/The stored row of user \w+ is damaged/)
    const line = (project: string) =>
      `${JSON.stringify({ resource_type: 'images', project, resource_id: project, resource_name: 'n' })}\n`
    const loaded = await service.call('POST', '/tagwerk/v1/import', {
      token: admin,
      body: line('of-ann') + line('of-bob'),
      headers: { 'content-type': 'application/x-ndjson' },
    })
    expect([loaded.status, loaded.body]).toMatchObject([200, { created: 1, refused: 1, refusals: [{ line: 1 }] }])
  } finally {
    await service.stop()
  }
  const { code, stdout } = await run(['check', '--data', folder])
  expect([code, stdout]).toEqual([1, expect.stringMatching(/row-damaged: the row of project \w+ is damaged: /)])
  expect(stdout).toMatch(/row-damaged: the row of user \w+ is damaged: /)
})

it.each([
  ['no JSON', 'x'],
  ['no key', '{"kty":"EC"}'],
])(
  'a damaged key for tokens (%s) is replaced at the start, so that users log in, and the check names it',
  async (_name, text) => {
    const first = await startTestService({ folder })
    const former = await first.tokenFor(undefined)
    await first.stop()
    const db = new DatabaseSync(join(folder, 'tagwerk.sqlite'))
    db.prepare('UPDATE signing_key SET private_key = ?').run(text)
    db.close()
    const service = await startTestService({ folder })
    try {
      const token = await service.tokenFor(undefined)
      expect((await service.call('GET', '/v3/projects', { token })).status).toBe(200)
      expect((await service.call('GET', '/v3/projects', { token: former })).status).toBe(401)
    } finally {
      await service.stop()
    }
    const { code, stdout } = await run(['check', '--data', folder])
    expect([code, stdout]).toEqual([1, expect.stringMatching(/row-damaged: the row of signing key \w+ is damaged: /)])
  },
)
