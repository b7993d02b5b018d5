import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'

/** Work factors of scrypt: cost (a power of two), block size, parallelism. */
export type PasswordCost = { readonly n: number; readonly r: number; readonly p: number }

/** OWASP's recommendation for 32 MiB of memory; about 0.2 s on one core. */
export const DEFAULT_PASSWORD_COST: PasswordCost = { n: 2 ** 15, r: 8, p: 3 }

const SALT_BYTES = 16
const KEY_BYTES = 32

/** Hashes a password. The format `scrypt$n$r$p$salt$key`, with salt and key in base64url, describes itself. */
export async function hashPassword(password: string, cost: PasswordCost): Promise<string> {
  const salt = randomBytes(SALT_BYTES)
  const key = await deriveKey(password, salt, cost)
  return ['scrypt', cost.n, cost.r, cost.p, salt.toString('base64url'), key.toString('base64url')].join('$')
}

/** Gives a hash that no password matches, for checks that must take constant time even without a stored hash. */
export function decoyHash(cost: PasswordCost): string {
  const random = (bytes: number) => randomBytes(bytes).toString('base64url')
  return ['scrypt', cost.n, cost.r, cost.p, random(SALT_BYTES), random(KEY_BYTES)].join('$')
}

/** Says whether a password matches a hash, in constant time. Throws when the hash is malformed. */
export async function verifyPassword(password: string, hash: string): Promise<boolean> {
  const [scheme, n, r, p, salt, key] = hash.split('$')
  if (scheme !== 'scrypt' || salt === undefined || key === undefined) {
    throw new Error('a stored password hash is not of the form scrypt$n$r$p$salt$key')
  }
  const expected = Buffer.from(key, 'base64url')
  const cost = { n: Number(n), r: Number(r), p: Number(p) }
  return timingSafeEqual(await deriveKey(password, Buffer.from(salt, 'base64url'), cost), expected)
}

function deriveKey(password: string, salt: Buffer, cost: PasswordCost): Promise<Buffer> {
  const { n, r, p } = cost
  const options: ScryptOptions = { N: n, r, p, maxmem: 256 * n * r + 2 ** 20 }
  return new Promise((resolve, reject) => {
    scrypt(password, salt, KEY_BYTES, options, (error, key) => (error === null ? resolve(key) : reject(error)))
  })
}
