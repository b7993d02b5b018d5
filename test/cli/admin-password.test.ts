import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readServiceConfig } from '../../src/config/config.ts'
import { startService } from '../../src/service/start.ts'
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts'
import { createDatabase } from '../support/postgres.ts'
import { ADMIN_PASSWORD, startTestService } from '../support/service.ts'
import { type RunOptions, run } from './run.ts'

const NEW = 'battery staple correct horse'
/** The password that the test of domains sets before it begins. */
const NEWEST = 'the last one of admin'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagwerk-admin-password-'))
  await (await startTestService({ folder })).stop()
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const set = (options: RunOptions, ...flags: string[]) => run(['admin-password', '--data', folder, ...flags], options)

/** Runs a task with a service on the folder. */
async function whileServing<T>(task: (url: string) => Promise<T>): Promise<T> {
  const flags = { listen: '127.0.0.1:0', data: folder, 'log-level': 'fatal' }
  const service = await startService(readServiceConfig({ flags, env: {} }))
  try {
    return await task(service.url)
  } finally {
    await service.stop()
  }
}

const logIn = (endpoint: string, password: string) =>
  run(['token'], { endpoint, env: { TAGWERK_PASSWORD: password } }).then(({ code }) => code)

describe('tagwerk admin-password', () => {
  it('admin-password sets the password from standard input, and revokes the tokens of the user', async () => {
    const token = await whileServing(async (endpoint) => (await run(['token'], { endpoint })).stdout.trim())
    const done = await set({ stdin: `${NEW}\r\nmore\n` })
    expect(done).toEqual({
      code: 0,
      stderr: '',
      stdout: `Set the password of admin in ${folder}. All tokens of admin are revoked.\n`,
    })
    await whileServing(async (url) => {
      expect(await logIn(url, NEW)).toBe(0)
      expect(await logIn(url, ADMIN_PASSWORD)).toBe(1)
      expect((await fetch(`${url}/v3/auth/projects`, { headers: { 'x-auth-token': token } })).status).toBe(401)
    })
  })

  it('admin-password takes the password from the variable, and --json prints the result', async () => {
    const { code, stdout } = await set({ env: { TAGWERK_ADMIN_PASSWORD: 'Chosen for this test' } }, '--json')
    expect([code, JSON.parse(stdout)]).toEqual([0, { user: 'admin', store: folder, tokens_revoked: true }])
    await whileServing(async (url) => expect(await logIn(url, 'Chosen for this test')).toBe(0))
  })

  it('admin-password asks twice on a terminal and shows nothing of the answers', async () => {
    const done = await set({ typed: `${NEW}\n${NEW}\n` })
    expect([done.code, done.stderr]).toEqual([0, 'New password of admin: \nThe same again: \n'])
    expect(done.stdout).not.toContain(NEW)
    await whileServing(async (url) => expect(await logIn(url, NEW)).toBe(0))
  })

  it.each([
    [{ typed: `${NEW}\nother password 1\n` }, 2, /the two passwords differ/],
    [{ typed: '\n' }, 2, /the new password must not be empty/],
    [{ typed: '\u0003' }, 2, /cancelled, the password is unchanged/],
    [{ stdin: '' }, 2, /there is no new password: run the command on a terminal/],
    [{ stdin: '\n' }, 2, /there is no new password/],
    [{ env: { TAGWERK_ADMIN_PASSWORD: '' } }, 2, /TAGWERK_ADMIN_PASSWORD must not be empty/],
    [{ stdin: 'short\n' }, 1, /^error: the password: must have at least 8 characters\.\n$/],
  ])('with the input %j admin-password changes nothing and says why', async (options, code, message) => {
    const done = await set(options)
    expect([done.code, done.stdout]).toEqual([code, ''])
    expect(done.stderr).toMatch(message)
    await whileServing(async (url) => expect(await logIn(url, NEW)).toBe(0))
  })

  it('admin-password refuses a user that is no administrator and names the administrators', async () => {
    const done = await set({ stdin: NEW }, '--user', 'nobody')
    expect(done).toMatchObject({
      code: 1,
      stderr: 'error: there is no enabled administrator "nobody" of the domain; with --user, choose one of: admin\n',
    })
  })

  it('admin-password refuses a data folder that a service uses', async () => {
    const done = await whileServing(() => set({ stdin: NEW }))
    expect(done).toMatchObject({ code: 1, stderr: expect.stringContaining('is in use by another Tagwerk process') })
  })

  it('admin-password creates neither a data folder nor accounts', async () => {
    const missing = await run(['admin-password', '--data', join(folder, 'missing')], { stdin: NEW })
    expect(missing).toMatchObject({ code: 1, stderr: expect.stringMatching(/^error: there is no data of Tagwerk in/) })
    expect(await readdir(folder)).not.toContain('missing')
    const empty = join(folder, 'empty')
    await (await openSqliteStore(empty, () => undefined)).close()
    const done = await run(['admin-password', '--data', empty], { stdin: NEW })
    expect(done).toMatchObject({ code: 1, stderr: expect.stringMatching(/^error: there are no accounts in .* yet/) })
  })

  it('over PostgreSQL admin-password takes effect in a running service', async () => {
    const database = await createDatabase()
    const service = await startTestService({ flags: { store: database.url, migrate: 'on' } })
    const done = await run(['admin-password', '--store', database.url], { stdin: NEW })
    expect(done).toMatchObject({ code: 0, stderr: '' })
    expect((await service.call('GET', '/v3/auth/projects')).status).toBe(401)
    expect(await logIn(service.url, NEW)).toBe(0)
    await service.stop()
    await database.drop()
  })

  it('admin-password finds the administrator in the domain of --domain, and names the domains', async () => {
    await set({ stdin: `${NEWEST}\n` })
    await whileServing(async (endpoint) => {
      const env = { TAGWERK_NEW_PASSWORD: 'a phrase of its own', TAGWERK_PASSWORD: NEWEST }
      expect((await run(['domain', 'create', 'acme'], { endpoint, env })).code).toBe(0)
    })
    expect((await set({ stdin: `${NEW} 2\n` }, '--domain', 'acme')).code).toBe(0)
    await whileServing(async (endpoint) => {
      const env = { TAGWERK_DOMAIN: 'acme', TAGWERK_PASSWORD: `${NEW} 2` }
      expect((await run(['token'], { endpoint, env })).code).toBe(0)
    })
    const wrong = await set({ stdin: `${NEW}\n` }, '--domain', 'acmee')
    expect([wrong.code, wrong.stderr]).toEqual([
      1,
      'error: there is no domain "acmee"; with --domain, choose one of: acme, default\n',
    ])
  })
})
