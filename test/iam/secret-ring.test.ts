import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { SecretRing, SecretUnreadable } from '../../src/iam/secret-ring.ts'

const [ONE, TWO] = [randomBytes(32).toString('base64'), randomBytes(32).toString('base64')]
const PLACE = 'access key A'

describe('secrets at rest', () => {
  it('a secret is stored encrypted, differently each time, and decrypted with the same key', () => {
    const ring = SecretRing.parse(ONE)
    const [a, b] = [ring.seal('secret ü', PLACE), ring.seal('secret ü', PLACE)]
    expect(a).toMatch(/^aes-256-gcm\$[0-9a-f]{12}\$[\w-]{16}\$[\w-]+$/)
    expect(a).not.toBe(b)
    expect([ring.unseal(a, PLACE), SecretRing.parse(ONE).unseal(b, PLACE)]).toEqual(['secret ü', 'secret ü'])
  })

  it('without keys secrets are stored in clear, and a ring with keys reads those', () => {
    expect(SecretRing.none.seal('secret', PLACE)).toBe('secret')
    expect(SecretRing.none.unseal('secret', PLACE)).toBe('secret')
    expect(SecretRing.parse(ONE).unseal('secret', PLACE)).toBe('secret')
  })

  it('the first key encrypts and every key decrypts', () => {
    const old = SecretRing.parse(ONE).seal('secret', PLACE)
    const ring = SecretRing.parse(`${TWO}\n${ONE}\n`)
    expect(ring.unseal(old, PLACE)).toBe('secret')
    expect(SecretRing.parse(TWO).unseal(ring.seal('secret', PLACE), PLACE)).toBe('secret')
    expect([ring.isCurrent(old), ring.isCurrent('secret'), ring.isCurrent(ring.seal('s', PLACE))]).toEqual([
      false,
      false,
      true,
    ])
    expect([SecretRing.none.isCurrent(old), SecretRing.none.isCurrent('secret')]).toEqual([false, true])
  })

  it('a missing key and a wrong key are named with what to do', () => {
    const sealed = SecretRing.parse(ONE).seal('secret', PLACE)
    const id = sealed.split('$')[1]
    const messageOf = (ring: SecretRing) => {
      try {
        return ring.unseal(sealed, PLACE)
      } catch (error) {
        expect(error).toBeInstanceOf(SecretUnreadable)
        return (error as Error).message
      }
    }
    expect(messageOf(SecretRing.none)).toBe(
      `secrets in the store are encrypted with the key ${id}, and no key is given: put that key into the file of ` +
        '--secret-key-file or into TAGWERK_SECRET_KEY',
    )
    expect(messageOf(SecretRing.parse(TWO))).toMatch(/and the given keys are [0-9a-f]{12}: put that key into the file/)
  })

  it('a secret that was changed or moved to another place is refused', () => {
    const ring = SecretRing.parse(ONE)
    const sealed = ring.seal('secret', PLACE)
    expect(() => ring.unseal(sealed, 'access key B')).toThrow('the secret of access key B is damaged')
    expect(() => ring.unseal(`${sealed.slice(0, -6)}AAAAAA`, PLACE)).toThrow('is damaged')
    expect(() => ring.unseal(sealed.slice(0, -20), PLACE)).toThrow('is damaged')
    expect(() => ring.unseal(sealed.split('$').slice(0, 2).join('$'), PLACE)).toThrow('is damaged')
  })

  it.each([
    ['', 'holds no key'],
    ['short', 'key 1 must be 32 bytes in base64'],
    [`${ONE}\n${randomBytes(31).toString('base64')}`, 'key 2 must be 32 bytes in base64'],
    [randomBytes(32).toString('hex'), 'key 1 must be 32 bytes in base64'],
  ])('the text %j is refused as keys, without any part of it in the message', (text, message) => {
    const error = (() => {
      try {
        return SecretRing.parse(text)
      } catch (reason) {
        return reason as Error
      }
    })() as Error
    expect(error.message).toContain(message)
    if (text !== '') expect(error.message).not.toContain(text)
  })
})
