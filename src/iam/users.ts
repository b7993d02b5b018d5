import { type DomainError, invalid } from '../core/errors.ts'
import { NO_ATTRIBUTES, type User, type UserAttributes } from '../store/account-records.ts'
import type { UserChanges } from '../store/account-store.ts'
import { quotaExceeded, throwUnlessDone } from './account-verdict.ts'
import type { LoginGate } from './login-gate.ts'
import { newId } from './new-id.ts'
import { notFound } from './not-found.ts'
import { hashPassword, type PasswordCost } from './password.ts'
import { checkNewPassword, weak } from './password-rules.ts'
import type { AccountReads, AccountWrites } from './write-limit.ts'

export type { User, UserAttributes } from '../store/account-records.ts'

/** The properties of a user that an administrator sets. */
export type UserInput = {
  readonly name: string
  /** A user without a password cannot log in; an administrator can create access keys for it. */
  readonly password?: string
  readonly description?: string
  readonly email?: string
  readonly enabled?: boolean
  readonly attributes?: Partial<UserAttributes>
}

/** Users whose names are read side by side. */
const NAMES_AT_ONCE = 32

/** Manages the users of a domain. */
export class Users {
  readonly #store: AccountReads
  readonly #writes: AccountWrites
  readonly #cost: PasswordCost
  readonly #gate: LoginGate
  readonly #usersMax: number

  constructor(
    store: AccountReads,
    writes: AccountWrites,
    cost: PasswordCost,
    gate: LoginGate,
    usersMax = Number.MAX_SAFE_INTEGER,
  ) {
    this.#store = store
    this.#writes = writes
    this.#cost = cost
    this.#gate = gate
    this.#usersMax = usersMax
  }

  /** Lists the users of a domain, ordered by name. */
  list(domainId: string): Promise<readonly User[]> {
    return this.#store.listUsers(domainId)
  }

  /** Gives a user of a domain. Throws `resource-not-found`. */
  async get(domainId: string, id: string): Promise<User> {
    const user = await this.#store.getUser(id)
    if (user === undefined || user.domainId !== domainId) throw userNotFound(id)
    return user
  }

  /** Gives the names of some users of a domain by their ids; those of other domains and deleted users are left out. */
  async namesOf(domainId: string, ids: Iterable<string>): Promise<ReadonlyMap<string, string>> {
    const names = new Map<string, string>()
    const wanted = [...new Set(ids)]
    for (let i = 0; i < wanted.length; i += NAMES_AT_ONCE) {
      const some = wanted.slice(i, i + NAMES_AT_ONCE).map((id) => this.#store.getUser(id))
      for (const user of await Promise.all(some)) if (user?.domainId === domainId) names.set(user.id, user.name)
    }
    return names
  }

  /** Gives the id of the user of a domain with a name; undefined when there is none. */
  async idOf(domainId: string, name: string): Promise<string | undefined> {
    return (await this.#store.getUserByName(domainId, name))?.id
  }

  /**
   * Creates a user. Calls `reauthorize` after hashing the password, because hashing may wait in a queue. Throws
   * `password-weak`, `name-taken`, `domain-quota-exceeded`, `overloaded`.
   */
  async create(domainId: string, input: UserInput, address: string, reauthorize?: () => Promise<void>): Promise<User> {
    const user = await this.prepare(domainId, input, address, reauthorize)
    throwUnlessDone(await this.#writes.createUser(user, this.#usersMax), {
      taken: nameTaken(user.name),
      full: quotaExceeded('users of the domain', this.#usersMax),
    })
    return user
  }

  /** Makes the record of a new user without storing it. Throws what `create` throws. */
  async prepare(domainId: string, input: UserInput, address: string, reauthorize?: () => Promise<void>): Promise<User> {
    const { name, password, description = '', email = '', enabled = true } = input
    if (password !== undefined) checkNewPassword(password, { name, email, phone: input.attributes?.phone })
    // Checked before hashing, which is expensive; the store checks again in its transaction.
    if ((await this.#store.getUserByName(domainId, name)) !== undefined) throw nameTaken(name)
    const passwordHash = password === undefined ? '' : await this.#hash(password, address, reauthorize)
    const attributes = { ...NO_ATTRIBUTES, ...input.attributes }
    const texts = { name, passwordHash, description, email }
    return { id: newId(), domainId, ...texts, enabled, tokenGeneration: 0, attributes }
  }

  /**
   * Updates a user; undefined members do not change. A new password and disabling the user revoke all of its tokens. Calls
   * `reauthorize` after hashing a password, because hashing may wait in a queue. Throws `resource-not-found`,
   * `password-weak`, `name-taken`, `last-administrator`, `overloaded`.
   */
  async update(
    domainId: string,
    id: string,
    input: Partial<UserInput>,
    address: string,
    reauthorize?: () => Promise<void>,
  ): Promise<User> {
    const user = await this.get(domainId, id)
    const { password, ...others } = input
    const changes: UserChanges = others
    const phone = input.attributes?.phone ?? user.attributes.phone
    if (password !== undefined) checkNewPassword(password, { ...user, ...others, phone })
    const passwordHash = password === undefined ? undefined : await this.#hash(password, address, reauthorize)
    const all = passwordHash === undefined ? changes : { ...changes, passwordHash }
    const verdict = await this.#writes.updateUser(id, all)
    throwUnlessDone(verdict, { absent: userNotFound(id), taken: nameTaken(input.name ?? '') })
    return this.get(domainId, id)
  }

  /**
   * Gives a user who has proved the original password another one, and revokes all tokens of the user. Throws `password-weak`,
   * `resource-not-found`, `overloaded`, and `credentials-wrong` when the password was reset or the user disabled in the meantime.
   */
  async replacePassword(user: User, original: string, password: string, address: string): Promise<void> {
    checkNewPassword(password, { ...user, ...user.attributes })
    if (password === original) throw weak({ name: 'well-formed', what: 'another than the original password' })
    const passwordHash = await this.#hash(password, address)
    const changes = { passwordHash, attributes: { shouldChangePassword: false } }
    const verdict = await this.#writes.updateUser(user.id, changes, user.tokenGeneration)
    throwUnlessDone(verdict, { absent: userNotFound(user.id) })
  }

  /** Deletes a user with its roles and access keys. Throws `resource-not-found`, `last-administrator`. */
  async remove(domainId: string, id: string): Promise<void> {
    await this.get(domainId, id)
    throwUnlessDone(await this.#writes.deleteUser(id), { absent: userNotFound(id) })
  }

  async #hash(password: string, address: string, reauthorize?: () => Promise<void>): Promise<string> {
    const hash = await this.#gate.pass(address, () => hashPassword(password, this.#cost))
    await reauthorize?.()
    return hash
  }
}

function userNotFound(id: string): DomainError {
  return notFound('user_id', 'the id of a user of the domain', id)
}

function nameTaken(name: string): DomainError {
  return invalid('user.name', { name: 'unique' }, name, 'name-taken')
}
