import { randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { run } from '../cli/run.ts'
import { createDatabase } from '../support/postgres.ts'
import { ADMIN_PASSWORD, startTestService, type TestService } from '../support/service.ts'
import { sendSigned } from '../support/signing.ts'

let folder: string
let keyFile: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagwerk-secrets-'))
  keyFile = join(folder, 'secret.key')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const newKey = () => randomBytes(32).toString('base64')
const data = () => join(folder, 'data')
const startWith = (...keys: string[]) => startOn({}, ...keys)

async function startOn(flags: Record<string, string>, ...keys: string[]): Promise<TestService> {
  await writeFile(keyFile, keys.join('\n'))
  return startTestService({
    folder: data(),
    flags: { ...flags, ...(keys.length > 0 && { 'secret-key-file': keyFile }) },
  })
}

/** The access key of a new key of the administrator, with its secret. */
async function createKey({ url }: TestService) {
  const { stdout } = await run(['key', 'create', '--json'], { endpoint: url })
  return JSON.parse(stdout).credential as { readonly access: string; readonly secret: string }
}

async function statusOf({ url, project }: TestService, key: { readonly access: string; readonly secret: string }) {
  const signed = { method: 'GET', path: `/v3/${project}/tags`, headers: { 'x-project-id': project } }
  return (await sendSigned(url, key, signed)).status
}

async function tokenStatus({ url, project }: TestService, token: string) {
  return (await fetch(`${url}/v3/${project}/tags`, { headers: { 'x-auth-token': token } })).status
}

/** Everything in the files of the data folder, as text. */
async function bytesOfStore(): Promise<string> {
  return readFile(join(data(), 'tagwerk.sqlite'), 'latin1')
}

describe('secrets at rest', () => {
  it('the first start with a key encrypts what is in clear, and tokens and access keys stay valid', async () => {
    const before = await startWith()
    const key = await createKey(before)
    await before.stop()
    expect(await bytesOfStore()).toContain(key.secret)
    expect(await bytesOfStore()).toContain('"d":"')
    const after = await startWith(newKey())
    expect(await tokenStatus(after, before.token)).toBe(200)
    expect(await statusOf(after, key)).toBe(200)
    const another = await createKey(after)
    expect(await statusOf(after, another)).toBe(200)
    await after.stop()
    const bytes = await bytesOfStore()
    for (const secret of [key.secret, another.secret, '"d":"']) expect(bytes).not.toContain(secret)
  })

  it('a new store with a key never holds a secret in clear', async () => {
    const service = await startWith(newKey())
    const { secret } = await createKey(service)
    await service.stop()
    const bytes = await bytesOfStore()
    for (const text of [secret, '"d":"']) expect(bytes).not.toContain(text)
  })

  it('a start without the key, with a wrong key or an unusable file is refused and changes nothing', async () => {
    const key = newKey()
    const service = await startWith(key)
    const accessKey = await createKey(service)
    await service.stop()
    await expect(startWith()).rejects.toThrow(/encrypted with the key \w+, and no key is given: put that key into/)
    await expect(startWith(newKey())).rejects.toThrow(/encrypted with the key \w+, and the given keys are \w+/)
    await expect(startWith('short')).rejects.toThrow(/^--secret-key-file \S+: key 1 must be 32 bytes in base64/)
    await expect(startOn({ 'secret-key-file': join(folder, 'none') })).rejects.toThrow(/cannot be read: ENOENT/)
    const again = await startWith(key)
    expect(await statusOf(again, accessKey)).toBe(200)
    await again.stop()
  })

  it('a start with a new key in front of the former one encrypts everything with the new one', async () => {
    const [former, next] = [newKey(), newKey()]
    const first = await startWith(former)
    const key = await createKey(first)
    await first.stop()
    await (await startWith(next, former)).stop()
    const last = await startWith(next)
    expect([await statusOf(last, key), await tokenStatus(last, first.token)]).toEqual([200, 200])
    await last.stop()
  })

  it('workers decrypt with the key of the primary process', async () => {
    const service = await startOn({ workers: '2' }, newKey())
    const key = await createKey(service)
    for (let i = 0; i < 4; i++) expect(await statusOf(service, key)).toBe(200)
    await service.stop()
  })

  it('the column of former releases, which held the key for tokens, is emptied when secrets are encrypted', async () => {
    await (await startWith()).stop()
    const withDatabase = <T>(work: (db: DatabaseSync) => T): T => {
      const db = new DatabaseSync(join(data(), 'tagwerk.sqlite'))
      try {
        return work(db)
      } finally {
        db.close()
      }
    }
    withDatabase((db) => db.exec('UPDATE account_state SET signing_key = (SELECT private_key FROM signing_key)'))
    await (await startWith(newKey())).stop()
    const row = withDatabase((db) => ({ ...db.prepare('SELECT signing_key FROM account_state').get() }))
    expect(row).toEqual({ signing_key: '' })
  })
})

describe('tagwerk rotate-keys', () => {
  const rotate = (...flags: string[]) => run(['rotate-keys', '--data', data(), ...flags])

  it('rotate-keys makes a new signing key, and tokens of the former one stay valid until they expire', async () => {
    const first = await startWith()
    await first.stop()
    const { code, stdout, stderr } = await rotate()
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(
      /^New tokens in \S+ are signed with the key \w{32}\. Tokens of the former key are valid until /,
    )
    const second = await startWith()
    expect(second.token.split('.')[0]).not.toBe(first.token.split('.')[0])
    expect([await tokenStatus(second, first.token), await tokenStatus(second, second.token)]).toEqual([200, 200])
    const used = await rotate()
    expect([used.code, used.stdout]).toEqual([1, ''])
    await second.stop()
    const report = JSON.parse((await rotate('--at-once', '--json')).stdout)
    expect(report).toMatchObject({ store: data(), key_id: expect.stringMatching(/^\w{32}$/), secrets_encrypted: 0 })
    const third = await startWith()
    expect([await tokenStatus(third, first.token), await tokenStatus(third, second.token)]).toEqual([401, 401])
    const log = await third.call('GET', '/tagwerk/v1/account-log', { token: await third.tokenFor(undefined) })
    expect(log.body.entries).toHaveLength(2)
    expect(log.body.entries[0]).toMatchObject({
      event: 'signing-key.rotated',
      user: { id: '', name: 'tagwerk rotate-keys' },
      target: { type: 'signing-key', id: report.key_id, name: report.key_id },
      detail: { formerVerifiesUntilMs: Date.parse(report.former_key_valid_until) },
    })
    await third.stop()
  })

  it('rotate-keys needs the key of encrypted secrets, and encrypts those that are in clear', async () => {
    const service = await startWith()
    const key = await createKey(service)
    await service.stop()
    await writeFile(keyFile, newKey())
    expect((await rotate('--secret-key-file', keyFile)).stdout).toMatch(/\nEncrypted 2 secrets\.\n$/)
    expect(await bytesOfStore()).not.toContain(key.secret)
    const refused = await rotate()
    expect([refused.code, refused.stderr]).toEqual([
      1,
      expect.stringMatching(/^error: secrets in the store are encrypted/),
    ])
    const both = await run(['rotate-keys', '--data', data(), '--secret-key-file', keyFile], {
      env: { TAGWERK_SECRET_KEY: newKey() },
    })
    expect([both.code, both.stderr]).toEqual([2, expect.stringMatching(/are both set: remove one of them/)])
    const none = await run(['rotate-keys', '--data', join(folder, 'nothing')])
    expect([none.code, none.stderr]).toEqual([1, expect.stringMatching(/no data of Tagwerk/)])
  })

  it('nodes over PostgreSQL use a new signing key and honour its end without a restart', async () => {
    const database = await createDatabase()
    const flags = { store: database.url, migrate: 'on' }
    const secret = { env: { TAGWERK_SECRET_KEY: newKey() } }
    await writeFile(keyFile, secret.env.TAGWERK_SECRET_KEY)
    const nodes = [
      await startOn(flags, secret.env.TAGWERK_SECRET_KEY),
      await startOn(flags, secret.env.TAGWERK_SECRET_KEY),
    ]
    const [one, two] = nodes as [TestService, TestService]
    try {
      const key = await createKey(one)
      expect([await tokenStatus(two, one.token), await statusOf(two, key)]).toEqual([200, 200])
      const rotated = await run(['rotate-keys', '--store', database.url], secret)
      expect([rotated.code, rotated.stderr]).toEqual([0, ''])
      const fresh = await two.tokenFor('default')
      expect(fresh.split('.')[0]).not.toBe(one.token.split('.')[0])
      for (const node of nodes) {
        expect([await tokenStatus(node, one.token), await tokenStatus(node, fresh)]).toEqual([200, 200])
      }
      expect((await run(['rotate-keys', '--store', database.url, '--at-once'], secret)).code).toBe(0)
      for (const node of nodes) {
        expect([await tokenStatus(node, one.token), await tokenStatus(node, fresh)]).toEqual([401, 401])
        expect(await statusOf(node, key)).toBe(200)
      }
      const sign = { TAGWERK_PASSWORD: ADMIN_PASSWORD }
      expect((await run(['token'], { endpoint: two.url, env: sign })).code).toBe(0)
    } finally {
      for (const node of nodes) await node.stop()
      await database.drop()
    }
  })
})
