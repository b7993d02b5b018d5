import { describe, expect, it } from 'vitest'
import { DomainError } from '../../src/core/errors.ts'
import { COMMON_PASSWORD_HASHES, HASH_BYTES } from '../../src/iam/common-passwords.ts'
import { checkNewPassword } from '../../src/iam/password-rules.ts'

function refusalOf(password: string): unknown {
  try {
    checkNewPassword(password, { name: 'ann' })
    return undefined
  } catch (error) {
    if (error instanceof DomainError) return error.facts.rule
    throw error
  }
}

describe('the rules for new passwords', () => {
  it.each(['password1', 'Password', 'PASSWORD1', 'pAssword', '1q2w3e4r', 'trustno1', 'Football', 'Qwertyuiop'])(
    'the common password %s is refused in any spelling',
    (password) => {
      expect(refusalOf(password)).toEqual({ name: 'well-formed', what: 'none of the 3,000 most common passwords' })
    },
  )

  it.each(['password of ann', 'Trustno1 and no other', 'correct horse battery staple', 'xK3-9fQz'])(
    'the password %s, which at most contains a common one, is accepted',
    (password) => {
      expect(refusalOf(password)).toBeUndefined()
    },
  )

  it('the list has 3,000 different hashes', () => {
    const bytes = Buffer.from(COMMON_PASSWORD_HASHES, 'base64')
    expect(bytes.length).toBe(3000 * HASH_BYTES)
    const hashes = Array.from({ length: 3000 }, (_, i) =>
      bytes.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES).toString('hex'),
    )
    expect(new Set(hashes).size).toBe(3000)
  })
})
