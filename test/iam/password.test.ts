import { scryptSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { DEFAULT_PASSWORD_COST, decoyHash, hashPassword, verifyPassword } from '../../src/iam/password.ts'

const CHEAP = { n: 2, r: 1, p: 1 }

describe('hashPassword', () => {
  it('a hash contains scheme, cost, a salt of 16 bytes and a key of 32 bytes', async () => {
    const hash = await hashPassword('secret', { n: 4, r: 2, p: 1 })
    expect(hash).toMatch(/^scrypt\$4\$2\$1\$[\w-]{22}\$[\w-]{43}$/)
  })

  it('the key of a hash is the result of scrypt with the salt of the hash', async () => {
    const hash = await hashPassword('Passwörd 密码', CHEAP)
    const [, , , , salt, key] = hash.split('$') as [string, string, string, string, string, string]
    const expected = scryptSync('Passwörd 密码', Buffer.from(salt, 'base64url'), 32, { N: 2, r: 1, p: 1 })
    expect(key).toBe(expected.toString('base64url'))
  })

  it('hashing a password twice gives different salts and keys', async () => {
    const hashes = await Promise.all(Array.from({ length: 5 }, () => hashPassword('secret', CHEAP)))
    expect(new Set(hashes.map((hash) => hash.split('$')[4])).size).toBe(5)
    expect(new Set(hashes.map((hash) => hash.split('$')[5])).size).toBe(5)
  })

  it('hashing and verifying work at the default cost', async () => {
    expect(DEFAULT_PASSWORD_COST).toEqual({ n: 32_768, r: 8, p: 3 })
    const hash = await hashPassword('secret', DEFAULT_PASSWORD_COST)
    expect(hash.startsWith('scrypt$32768$8$3$')).toBe(true)
    expect(await verifyPassword('secret', hash)).toBe(true)
  })
})

describe('verifyPassword', () => {
  it('verifyPassword accepts the hashed password and no other', async () => {
    const hash = await hashPassword('secret', CHEAP)
    expect(await verifyPassword('secret', hash)).toBe(true)
    for (const wrong of ['', 'Secret', 'secret ', 'secre', 'SECRET', 'secrets']) {
      expect([wrong, await verifyPassword(wrong, hash)]).toEqual([wrong, false])
    }
  })

  it('verifyPassword accepts a hash of another implementation, at the cost that the hash states', async () => {
    // The second test vector of RFC 7914, of which the first 32 bytes are the key for that length.
    const key = Buffer.from('fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162', 'hex')
    const hash = `scrypt$1024$8$16$${Buffer.from('NaCl').toString('base64url')}$${key.toString('base64url')}`
    expect(await verifyPassword('password', hash)).toBe(true)
    expect(await verifyPassword('passwort', hash)).toBe(false)
  })

  it('a decoy has the format of a hash and matches no password', async () => {
    const decoy = decoyHash({ n: 4, r: 2, p: 1 })
    expect(decoy).toMatch(/^scrypt\$4\$2\$1\$[\w-]{22}\$[\w-]{43}$/)
    expect(decoyHash({ n: 4, r: 2, p: 1 })).not.toBe(decoy)
    expect(await verifyPassword('', decoy)).toBe(false)
    expect(await verifyPassword('secret', decoy)).toBe(false)
  })

  it.each(['', 'secret', 'bcrypt$2$1$1$c2FsdA$a2V5', 'scrypt$2$1$1', 'scrypt$2$1$1$c2FsdA'])(
    'verifyPassword throws on %j, which is malformed',
    async (hash) => {
      await expect(verifyPassword('secret', hash)).rejects.toThrow('not of the form scrypt$n$r$p$salt$key')
    },
  )

  it.each(['scrypt$3$1$1$c2FsdA$a2V5', 'scrypt$x$1$1$c2FsdA$a2V5', 'scrypt$2$1$1$c2FsdA$a2V5', 'scrypt$2$1$1$$'])(
    'verifyPassword throws on %j, whose cost or key is invalid',
    async (hash) => {
      await expect(verifyPassword('secret', hash)).rejects.toThrow()
    },
  )
})
