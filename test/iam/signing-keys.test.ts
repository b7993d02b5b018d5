import { expect, it } from 'vitest'
import { SecretRing } from '../../src/iam/secret-ring.ts'
import { openSigningKey, placeOfSigningKey, SigningKeys } from '../../src/iam/signing-keys.ts'
import { makeSigningKey } from '../../src/iam/token.ts'
import type { AccountReads } from '../../src/iam/write-limit.ts'
import type { StoredSigningKey } from '../../src/store/account-records.ts'

const ring = (byte: number) => SecretRing.parse(Buffer.alloc(32, byte).toString('base64'))
const newKey = async (verifiesUntilMs?: number): Promise<StoredSigningKey> => ({
  ...(await makeSigningKey()),
  verifiesUntilMs,
})
const keysOf = (stored: readonly StoredSigningKey[]) =>
  new SigningKeys({ listSigningKeys: async () => stored } as unknown as AccountReads, SecretRing.none, () => 1000)
const SUBJECT = {
  userId: 'u',
  scope: { kind: 'domain', id: 'd' },
  methods: [],
  generation: 0,
  scopeGeneration: 0,
} as never

it('a damaged key costs its own tokens only', async () => {
  const [former, current] = [await newKey(9_000_000), await newKey()]
  const { token: ofFormer } = await (await keysOf([{ ...former, verifiesUntilMs: undefined }]).at(1)).issue(SUBJECT, 60)
  const signer = await keysOf([{ ...former, privateKey: 'x' }, current]).at(1)
  const { token } = await signer.issue(SUBJECT, 60)
  expect((await signer.read(token)).userId).toBe('u')
  await expect(signer.read(ofFormer)).rejects.toMatchObject({ code: 'token-unreadable' })
})

it('while the key that signs is damaged, the one that ends last signs', async () => {
  const [first, last] = [await newKey(2_000_000), await newKey(9_000_000)]
  const damaged = { ...(await newKey()), privateKey: '{"kty":"EC"}' }
  const { token } = await (await keysOf([first, damaged, last]).at(1)).issue(SUBJECT, 60)
  expect((await (await keysOf([last]).at(1)).read(token)).userId).toBe('u')
})

it('a key that is damaged while it is in use is still used, and without any sound key the error says what to do', async () => {
  const stored = [await newKey()]
  const keys = keysOf(stored)
  const { token } = await (await keys.at(1)).issue(SUBJECT, 60)
  stored[0] = { ...(stored[0] as StoredSigningKey), privateKey: 'x' }
  expect((await (await keys.at(2)).read(token)).userId).toBe('u')
  await expect(keysOf(stored).at(1)).rejects.toMatchObject({
    code: 'internal',
    facts: { detail: expect.stringContaining('restart the service') },
  })
})

it('an encrypted key that was changed is damaged, and one whose secret key is missing is not', async () => {
  const key = await newKey()
  const sealed = { ...key, privateKey: ring(1).seal(key.privateKey, placeOfSigningKey(key.id)) }
  expect(await openSigningKey(sealed, ring(1))).toEqual(key)
  expect(await openSigningKey({ ...sealed, id: 'other' }, ring(1))).toBeUndefined()
  await expect(openSigningKey(sealed, ring(2))).rejects.toThrow('secrets in the store are encrypted with the key')
})
