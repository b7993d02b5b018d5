import { createHash } from 'node:crypto'
import { type DomainError, invalid, type Rule } from '../core/errors.ts'
import { countCodePoints } from '../core/text.ts'
import { COMMON_PASSWORD_HASHES, HASH_BYTES } from './common-passwords.ts'

/** Own choice: longer than any real password, and short enough that its length does not affect the cost of hashing. */
export const PASSWORD_CHARACTERS_MAX = 1024
/** The vendor requires 6 and lets each account require more. */
const PASSWORD_CHARACTERS_MIN = 8
const CHARACTER_CLASSES = [/\p{Lu}/u, /\p{Ll}/u, /\p{Nd}/u, /[^\p{Lu}\p{Ll}\p{Nd}]/u]

/** What a password must not repeat. */
export type PasswordOwner = { readonly name: string; readonly email?: string; readonly phone?: string | undefined }

/**
 * Checks the rules for new passwords: the vendor's (OTC IAM API, "Creating a User"), with a minimum of eight characters
 * and no maximum, so that passphrases fit; and none of the most common ones (OWASP ASVS 5.0, 6.2.4). Throws
 * `password-weak`, without the password in its facts.
 */
export function checkNewPassword(password: string, { name, email = '', phone = '' }: PasswordOwner): void {
  if (countCodePoints(password) < PASSWORD_CHARACTERS_MIN) {
    throw weak({ name: 'characters-min', limit: PASSWORD_CHARACTERS_MIN })
  }
  if (CHARACTER_CLASSES.filter((pattern) => pattern.test(password)).length < 2) {
    const what = 'made of at least two of: upper case letters, lower case letters, digits, other characters'
    throw weak({ name: 'well-formed', what })
  }
  const secret = password.toLowerCase()
  const userName = name.toLowerCase()
  if (secret === userName || secret === [...userName].reverse().join('')) {
    throw weak({ name: 'well-formed', what: 'another than the user name, also spelled backwards' })
  }
  if (email !== '' && secret.includes(email.toLowerCase())) {
    throw weak({ name: 'well-formed', what: 'free of the e-mail address' })
  }
  if (phone !== '' && secret.includes(phone)) throw weak({ name: 'well-formed', what: 'free of the phone number' })
  if (isCommon(secret)) throw weak({ name: 'well-formed', what: 'none of the 3,000 most common passwords' })
}

/** The error for a password that a rule forbids. */
export function weak(rule: Rule): DomainError {
  return invalid('user.password', rule, undefined, 'password-weak')
}

let common: ReadonlySet<string> | undefined

/** Says whether a password in lower case is one of the most common ones. The list is read at the first call. */
function isCommon(password: string): boolean {
  common ??= readCommon()
  return common.has(
    createHash('sha256')
      .update(password)
      .digest('hex')
      .slice(0, 2 * HASH_BYTES),
  )
}

function readCommon(): ReadonlySet<string> {
  const hex = Buffer.from(COMMON_PASSWORD_HASHES, 'base64').toString('hex')
  return new Set(hex.match(new RegExp(`.{${2 * HASH_BYTES}}`, 'g')))
}
