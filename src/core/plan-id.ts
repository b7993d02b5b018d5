/** Crockford's base 32: no letters that are mistaken for digits. */
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const TIME_DIGITS = 10
const RANDOM_DIGITS = 16

/**
 * Gives an id of a plan, as a ULID: ids are ordered by time of creation. `random` are at least 16 hexadecimal digits that
 * nobody can guess.
 */
export function toPlanId(atMs: number, random: string): string {
  let time = ''
  for (let rest = atMs; time.length < TIME_DIGITS; rest = Math.floor(rest / DIGITS.length)) {
    time = DIGITS.charAt(rest % DIGITS.length) + time
  }
  const bits = BigInt(`0x${random}`)
  let text = ''
  for (let i = 0n; i < RANDOM_DIGITS; i++) text += DIGITS.charAt(Number((bits >> (i * 5n)) & 31n))
  return time + text
}

/** What ids of plans look like. */
export const PLAN_ID_PATTERN = `^[${DIGITS}]{${TIME_DIGITS + RANDOM_DIGITS}}$`
