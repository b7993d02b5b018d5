import { scryptSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { DEFAULT_PASSWORD_COST, decoyHash, hashPassword, verifyPassword } from '../../src/iam/password.ts'

const CHEAP = { n: 2, r: 1, p: 1 }

describe('hashPassword', () => {
  it('gives scheme, cost, salt of 16 bytes and key of 32 bytes', async () => {
    const hash = await hashPassword('secret', { n: 4, r: 2, p: 1 })
    expect(hash).toMatch(/^scrypt\$4\$2\$1\$[\w-]{22}\$[\w-]{43}$/)
  })

  it('keeps what scrypt gives for the salt it names', async () => {
    const hash = await hashPassword('Passwörd 密码', CHEAP)
    const [, , , , salt, key] = hash.split('$') as [string, string, string, string, string, string]
    const expected = scryptSync('Passwörd 密码', Buffer.from(salt, 'base64url'), 32, { N: 2, r: 1, p: 1 })
    expect(key).toBe(expected.toString('base64url'))
  })

  it('gives another hash each time, because of the salt', async () => {
    const hashes = await Promise.all(Array.from({ length: 5 }, () => hashPassword('secret', CHEAP)))
    expect(new Set(hashes.map((hash) => hash.split('$')[4])).size).toBe(5)
    expect(new Set(hashes.map((hash) => hash.split('$')[5])).size).toBe(5)
  })

  it('works at the default cost', async () => {
    expect(DEFAULT_PASSWORD_COST).toEqual({ n: 32_768, r: 8, p: 3 })
    const hash = await hashPassword('secret', DEFAULT_PASSWORD_COST)
    expect(hash.startsWith('scrypt$32768$8$3$')).toBe(true)
    expect(await verifyPassword('secret', hash)).toBe(true)
  })
})

describe('verifyPassword', () => {
  it('fits the password and no other', async () => {
    const hash = await hashPassword('secret', CHEAP)
    expect(await verifyPassword('secret', hash)).toBe(true)
    for (const wrong of ['', 'Secret', 'secret ', 'secre', 'SECRET', 'secrets']) {
      expect([wrong, await verifyPassword(wrong, hash)]).toEqual([wrong, false])
    }
  })

  it('takes a hash made elsewhere, at the cost it names', async () => {
    // The second test vector of RFC 7914, of which the first 32 bytes are the key for that length.
    const key = Buffer.from('fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162', 'hex')
    const hash = `scrypt$1024$8$16$${Buffer.from('NaCl').toString('base64url')}$${key.toString('base64url')}`
    expect(await verifyPassword('password', hash)).toBe(true)
    expect(await verifyPassword('passwort', hash)).toBe(false)
  })

  it('fits no password to a decoy, which has the form of a hash', async () => {
    const decoy = decoyHash({ n: 4, r: 2, p: 1 })
    expect(decoy).toMatch(/^scrypt\$4\$2\$1\$[\w-]{22}\$[\w-]{43}$/)
    expect(decoyHash({ n: 4, r: 2, p: 1 })).not.toBe(decoy)
    expect(await verifyPassword('', decoy)).toBe(false)
    expect(await verifyPassword('secret', decoy)).toBe(false)
  })

  it.each(['', 'secret', 'bcrypt$2$1$1$c2FsdA$a2V5', 'scrypt$2$1$1', 'scrypt$2$1$1$c2FsdA'])(
    'throws on %j, which is no hash',
    async (hash) => {
      await expect(verifyPassword('secret', hash)).rejects.toThrow('not of the form scrypt$n$r$p$salt$key')
    },
  )

  it.each(['scrypt$3$1$1$c2FsdA$a2V5', 'scrypt$x$1$1$c2FsdA$a2V5', 'scrypt$2$1$1$c2FsdA$a2V5', 'scrypt$2$1$1$$'])(
    'throws on %j, whose cost or key cannot be',
    async (hash) => {
      await expect(verifyPassword('secret', hash)).rejects.toThrow()
    },
  )
})
