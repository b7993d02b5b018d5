import type { MonotonicClock } from '../core/clock.ts'
import { DomainError } from '../core/errors.ts'
import type { User } from '../store/account-records.ts'
import { clientNetwork } from './client-network.ts'
import { Lockout } from './lockout.ts'
import type { LoginGate } from './login-gate.ts'
import { currentOrigin } from './origin.ts'
import { decoyHash, type PasswordCost, verifyPassword } from './password.ts'
import type { ReportEvent, SecurityEvent } from './security-event.ts'
import type { AccountReads } from './write-limit.ts'

/** Consecutive wrong passwords per user and client network, and how long that network is then locked. */
const LOGIN_LOCKOUT = { failuresMax: 10, lockedMs: 60_000 } as const

export type PasswordCheckOptions = {
  readonly store: Pick<AccountReads, 'getDomain'>
  readonly monotonicClock: MonotonicClock
  readonly passwordCost: PasswordCost
  readonly gate: LoginGate
  /** Receives failures and locks. */
  readonly report: ReportEvent
}

/** Checks the passwords of users, and locks a client network out after too many wrong ones. */
export class PasswordCheck {
  readonly #options: PasswordCheckOptions
  /** Verified for unknown users, so that the response time does not reveal which users exist. */
  readonly #decoyHash: string
  readonly #lockout: Lockout

  constructor(options: PasswordCheckOptions) {
    this.#options = options
    this.#decoyHash = decoyHash(options.passwordCost)
    this.#lockout = new Lockout(options.monotonicClock, LOGIN_LOCKOUT)
  }

  /**
   * Gives the user if the password is the right one and the user is enabled; undefined is an unknown user, whose failures count
   * for `name`. Throws `credentials-wrong`; `throttled` after too many of these for a user from one client network; `overloaded`.
   */
  async check(user: User | undefined, name: string, password: string, address: string): Promise<User> {
    const { store, gate, report } = this.#options
    // One counter per user and client network: with one per user, anyone who knows a name could lock its owner out.
    const counterKey = `${user?.id ?? name} ${clientNetwork(address)}`
    const retryAfterSeconds = this.#lockout.secondsLeft(counterKey)
    if (retryAfterSeconds > 0) throw new DomainError('throttled', { retryAfterSeconds })
    // No password matches the decoy hash, which replaces that of unknown users and of users without a password.
    const hash = user?.passwordHash || this.#decoyHash
    const isCorrect = await gate.pass(address, () => verifyPassword(password, hash))
    const isEnabled = user?.enabled && (await store.getDomain(user.domainId))?.enabled !== false
    if (isCorrect && user !== undefined && isEnabled) {
      this.#lockout.succeeded(counterKey)
      return user
    }
    const isLocked = this.#lockout.failed(counterKey)
    const reason = user === undefined ? 'unknown-user' : isCorrect ? 'disabled-user' : 'wrong-password'
    report(loginEvent(user, address, reason))
    if (isLocked) {
      const detail = { lockedSeconds: LOGIN_LOCKOUT.lockedMs / 1000, network: clientNetwork(address) }
      report({ event: 'login.locked', outcome: 'failure', ...userMembers(user, address), detail })
    }
    throw new DomainError('credentials-wrong')
  }

  /** Unlocks every user that too many wrong passwords have locked. */
  forgetFailures(): void {
    this.#lockout.clear()
  }
}

/** The event of a password that was checked; with a reason if it was refused. */
export function loginEvent(
  user: User | undefined,
  address: string,
  reason?: string,
  detail?: SecurityEvent['detail'],
): SecurityEvent {
  return {
    event: 'login',
    outcome: reason === undefined ? 'success' : 'failure',
    ...(reason !== undefined && { reason }),
    ...userMembers(user, address),
    ...(detail !== undefined && { detail }),
  }
}

/** The user of a log-in. The name of an unknown one is not logged: it may be a password in the wrong field. */
function userMembers(user: User | undefined, address: string) {
  const who = user !== undefined && { userId: user.id, userName: user.name }
  return { ...who, address, reqId: currentOrigin().requestId }
}
