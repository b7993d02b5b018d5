import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { DomainError } from '../../src/core/errors.ts'
import { Accounts } from '../../src/iam/accounts.ts'
import { isAdminPassword, newAccounts } from '../../src/iam/initial-accounts.ts'
import { verifyPassword } from '../../src/iam/password.ts'
import { SecretRing } from '../../src/iam/secret-ring.ts'
import { makeSigningKey, TokenSigner } from '../../src/iam/token.ts'
import type { Project, RoleAssignment, User } from '../../src/store/account-records.ts'
import type { AccountStore } from '../../src/store/account-store.ts'
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts'
import type { Store } from '../../src/store/store.ts'
import { createInitialAccounts } from '../support/initial-accounts.ts'

const CHEAP = { n: 2, r: 1, p: 1 }
const START_MS = Date.UTC(2026, 0, 1)
const HEX_32 = /^[0-9a-f]{32}$/

let folder: string
let store: Store
let nowMs: number

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagwerk-accounts-'))
  store = await openSqliteStore(folder, () => {})
  nowMs = START_MS
})

afterEach(async () => {
  vi.restoreAllMocks()
  await store.close()
  await rm(folder, { recursive: true, force: true })
})

const open = (accountStore: AccountStore = store) =>
  Accounts.open({
    store: accountStore,
    clock: () => nowMs,
    monotonicClock: () => nowMs,
    tokenTtlSeconds: 600,
    passwordCost: CHEAP,
    secrets: SecretRing.none,
  })

async function openInitialized(accountStore: AccountStore = store): Promise<Accounts> {
  await createInitialAccounts(store, 'secret', CHEAP, 'default')
  return open(accountStore)
}

async function codeOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => new Error('it was not refused'),
    (reason: unknown) => reason,
  )
  if (error instanceof DomainError) return error.code
  throw error
}

/** Forwards all calls to the store and records their names; `answers` replace some of them. */
function spyOn(calls: string[], answers: Partial<AccountStore> = {}): AccountStore {
  return new Proxy<AccountStore>(store, {
    get(target, name) {
      const member = Reflect.get(answers, name) ?? Reflect.get(target, name)
      if (typeof member !== 'function') return member
      return (...args: unknown[]) => {
        calls.push(String(name))
        return Reflect.apply(member, target, args)
      }
    },
  })
}

const ADMIN = { name: 'admin' }

async function records() {
  const { id: domainId, name: domainName } = (await store.getDomainByName('default'))!
  const domain = { id: domainId, name: domainName }
  const project = (await store.getProjectByName(domain.id, 'default'))!
  const user = (await store.getUserByName(domain.id, 'admin'))!
  return { domain, project, user }
}

describe('initial accounts', () => {
  it('the initial accounts are a domain, a project and an administrator with the given password', async () => {
    expect(await createInitialAccounts(store, 'secret', CHEAP, 'default')).toBeUndefined()
    const { domain, project, user } = await records()
    expect(domain).toEqual({ id: expect.stringMatching(HEX_32), name: 'default' })
    expect(project).toEqual({
      id: expect.stringMatching(HEX_32),
      domainId: domain.id,
      name: 'default',
      description: '',
      enabled: true,
      tags: [],
      limits: {},
      tokenGeneration: 0,
    })
    expect(user).toMatchObject({ id: expect.stringMatching(HEX_32), domainId: domain.id, name: 'admin', enabled: true })
    expect(await verifyPassword('secret', user.passwordHash)).toBe(true)
    expect(await store.listAssignments(user.id)).toEqual([
      { userId: user.id, scope: 'domain', scopeId: domain.id, role: 'te_admin' },
    ])
    expect(new Set([domain.id, project.id, user.id]).size).toBe(3)
  })

  it('the initial project has the name that the caller passes', async () => {
    await createInitialAccounts(store, 'secret', CHEAP, 'eu-de')
    const domain = (await store.getDomainByName('default'))!
    expect((await store.listProjects(domain.id)).map(({ name }) => name)).toEqual(['eu-de'])
  })

  it('a password is generated when none is given, and returned once', async () => {
    const password = await createInitialAccounts(store, undefined, CHEAP, 'default')
    expect(password).toMatch(/^[\w-]{20}$/)
    const { principal } = await (await open()).logIn(ADMIN, password as string, {})
    expect(principal.user.name).toBe('admin')
    expect(await createInitialAccounts(store, undefined, CHEAP, 'default')).toBeUndefined()
  })

  it('creating the initial accounts again changes neither password nor signing key', async () => {
    await createInitialAccounts(store, 'secret', CHEAP, 'default')
    const key = await store.listSigningKeys()
    const before = await records()
    expect(await createInitialAccounts(store, 'another', CHEAP, 'default')).toBeUndefined()
    expect([await records(), await store.listSigningKeys()]).toEqual([before, key])
    expect(await codeOf((await open()).logIn(ADMIN, 'another', {}))).toBe('credentials-wrong')
  })

  it('of two processes that create the initial accounts at once, one has a password, and that one is valid', async () => {
    const passwords = await Promise.all([
      createInitialAccounts(store, undefined, CHEAP, 'default'),
      createInitialAccounts(store, undefined, CHEAP, 'default'),
    ])
    const returned = passwords.filter((password) => password !== undefined)
    expect(returned.length).toBe(1)
    expect((await (await open()).logIn(ADMIN, returned[0] as string, {})).principal.roles).toEqual(['te_admin'])
  })

  it('making the initial accounts writes nothing', async () => {
    const accounts = await newAccounts(store, undefined, CHEAP, 'default', SecretRing.none)
    expect(accounts?.generatedPassword).toBeDefined()
    expect([await store.getAccountsRevision(), await store.getDomainByName('default')]).toEqual([0, undefined])
  })

  it('before the initial accounts exist, logins and tokens are answered with unavailable, and afterwards normally', async () => {
    const accounts = await open()
    expect(await codeOf(accounts.logIn(ADMIN, 'secret', {}))).toBe('unavailable')
    expect(await codeOf(accounts.authenticate('a.b.c'))).toBe('unavailable')
    await createInitialAccounts(store, 'secret', CHEAP, 'default')
    const { token } = await accounts.logIn(ADMIN, 'secret', {})
    expect((await accounts.authenticate(token)).principal.user.name).toBe('admin')
  })

  it('isAdminPassword compares with the password of the user admin', async () => {
    expect(await isAdminPassword(store, 'secret')).toBe(false)
    await createInitialAccounts(store, 'secret', CHEAP, 'default')
    expect([await isAdminPassword(store, 'secret'), await isAdminPassword(store, 'other')]).toEqual([true, false])
  })

  it('opening accounts deletes the revocations of expired tokens', async () => {
    await createInitialAccounts(store, 'secret', CHEAP, 'default')
    await store.revokeToken('old', START_MS - 1)
    await store.revokeToken('new', START_MS)
    await open()
    expect([await store.isTokenRevoked('old'), await store.isTokenRevoked('new')]).toEqual([false, true])
  })
})

describe('logging in', () => {
  it('a login names the user by id, or by name in a domain by name or id, or in the default domain', async () => {
    const accounts = await openInitialized()
    const { domain, user } = await records()
    for (const name of [
      { name: 'admin' },
      { id: user.id },
      { name: 'admin', domain: { name: 'default' } },
      { name: 'admin', domain: { id: domain.id } },
    ]) {
      const { principal } = await accounts.logIn(name, 'secret', {})
      expect([name, principal.user]).toEqual([name, { id: user.id, name: 'admin', domain }])
    }
  })

  it('a wrong user and a wrong password are refused with the same error', async () => {
    const accounts = await openInitialized()
    const { user } = await records()
    for (const [name, password] of [
      [{ name: 'admin' }, 'Secret'],
      [{ name: 'admin' }, ''],
      [{ id: user.id }, 'wrong'],
      [{ name: 'nobody' }, 'secret'],
      [{ name: 'Admin' }, 'secret'],
      [{ id: 'nobody' }, 'secret'],
      [{ id: 'admin' }, 'secret'],
      [{}, 'secret'],
      [{ name: 'admin', domain: { name: 'other' } }, 'secret'],
      [{ name: 'admin', domain: { id: 'default' } }, 'secret'],
      [{ name: 'admin', domain: {} }, 'secret'],
    ] as const) {
      const refusal = await accounts.logIn(name, password, {}).catch((error: unknown) => error)
      expect([name, refusal]).toEqual([name, new DomainError('credentials-wrong')])
    }
  })

  it('a wrong password is refused before the scope is checked', async () => {
    const accounts = await openInitialized()
    expect(await codeOf(accounts.logIn(ADMIN, 'wrong', { project: { name: 'nowhere' } }))).toBe('credentials-wrong')
  })

  it('a token is scoped to the domain of the user by default, and to the project when both are requested', async () => {
    const accounts = await openInitialized()
    const { domain, project } = await records()
    const inProject = { kind: 'project', project: { id: project.id, name: 'default' }, domain }
    const inDomain = { kind: 'domain', domain }
    for (const [scope, expected] of [
      [{}, inDomain],
      [{ domain: { id: domain.id } }, inDomain],
      [{ domain: { name: 'default' } }, inDomain],
      [{ project: { id: project.id } }, inProject],
      [{ project: { name: 'default' } }, inProject],
      [{ project: { name: 'default' }, domain: { name: 'default' } }, inProject],
      [{ project: { name: 'default', domain: { name: 'default' } } }, inProject],
      [{ project: { id: project.id, domain: { id: domain.id } } }, inProject],
    ] as const) {
      const { principal, claims, token } = await accounts.logIn(ADMIN, 'secret', scope)
      expect([scope, principal.scope, principal.roles]).toEqual([scope, expected, ['te_admin']])
      const id = expected.kind === 'project' ? project.id : domain.id
      expect(claims).toMatchObject({ scope: { kind: expected.kind, id }, methods: ['password'] })
      expect(await accounts.authenticate(token)).toMatchObject({ principal, claims })
    }
  })

  it('an unknown scope and a scope without a role are refused with the same error', async () => {
    const accounts = await openInitialized()
    for (const scope of [
      { project: { name: 'nowhere' } },
      { project: { id: 'nowhere' } },
      { project: { name: 'default', domain: { name: 'nowhere' } } },
      { project: { name: 'default', domain: { id: 'nowhere' } } },
      { project: { name: 'default', domain: {} } },
      { project: {} },
      { project: { name: 'nowhere' }, domain: { name: 'default' } },
      { domain: { name: 'nowhere' } },
      { domain: { id: 'nowhere' } },
      { domain: {} },
    ]) {
      expect([scope, await codeOf(accounts.logIn(ADMIN, 'secret', scope))]).toEqual([scope, 'scope-forbidden'])
    }
  })

  it('a token expires after the configured time', async () => {
    const accounts = await openInitialized()
    const { claims } = await accounts.logIn(ADMIN, 'secret', {})
    expect([claims.issuedAtMs, claims.expiresAtMs]).toEqual([START_MS, START_MS + 600_000])
  })

  it('three password checks run, sixteen of one client network wait, and further ones are refused until those are done', async () => {
    const accounts = await openInitialized()
    const logins = await Promise.allSettled(Array.from({ length: 40 }, () => accounts.logIn(ADMIN, 'secret', {})))
    const refusals = logins.flatMap((login) => (login.status === 'rejected' ? [login.reason] : []))
    expect(refusals).toEqual(
      Array.from({ length: 40 - 3 - 16 }, () => new DomainError('overloaded', { retryAfterSeconds: 1 })),
    )
    expect(await codeOf(accounts.logIn(ADMIN, 'wrong', {}))).toBe('credentials-wrong')
    expect((await accounts.logIn(ADMIN, 'secret', {})).principal.user.name).toBe('admin')
  })

  it('a flood of logins from one client network does not lock out another', async () => {
    const accounts = await openInitialized()
    const flood = Array.from({ length: 100 }, () => codeOf(accounts.logIn(ADMIN, 'wrong', {}, '192.0.2.1')))
    expect((await accounts.logIn(ADMIN, 'secret', {}, '192.0.2.2')).principal.user.name).toBe('admin')
    const codes = await Promise.all(flood)
    expect(codes.filter((code) => code === 'credentials-wrong')).toHaveLength(3 + 16)
  })

  it('logins from many client networks are refused when 64 wait in total', async () => {
    const accounts = await openInitialized()
    const codes = await Promise.all(
      Array.from({ length: 100 }, (_, n) => codeOf(accounts.logIn(ADMIN, 'wrong', {}, `192.0.2.${n}`))),
    )
    expect(codes.filter((code) => code === 'overloaded')).toHaveLength(100 - 3 - 64)
  })

  it('wrong passwords release their permits', async () => {
    const accounts = await openInitialized()
    for (let round = 0; round < 2; round++) {
      const guesses = Array.from({ length: 19 }, (_, n) => accounts.logIn({ name: `guess-${round}-${n}` }, 'wrong', {}))
      const codes = await Promise.all(guesses.map(codeOf))
      expect(new Set(codes)).toEqual(new Set(['credentials-wrong']))
    }
  })
})

describe('the lockout of logins', () => {
  const guess = (accounts: Accounts, name = ADMIN, address = '192.0.2.1') =>
    codeOf(accounts.logIn(name, 'wrong', {}, address))
  const guessOften = async (accounts: Accounts, times: number, name = ADMIN) => {
    for (let i = 0; i < times; i++) expect(await guess(accounts, name)).toBe('credentials-wrong')
  }

  it('ten consecutive wrong passwords lock the client network for a minute, also for the correct password', async () => {
    const accounts = await openInitialized()
    await guessOften(accounts, 10)
    const error = await accounts.logIn(ADMIN, 'secret', {}, '192.0.2.1').catch((reason) => reason)
    expect(error).toEqual(new DomainError('throttled', { retryAfterSeconds: 60 }))
    nowMs += 59_999
    expect(await guess(accounts)).toBe('throttled')
    nowMs += 1
    expect((await accounts.logIn(ADMIN, 'secret', {}, '192.0.2.1')).principal.user.name).toBe('admin')
  })

  it('a wall clock that is set back does not prolong a lockout', async () => {
    await createInitialAccounts(store, 'secret', CHEAP, 'default')
    let wallMs = START_MS
    const options = { store, tokenTtlSeconds: 600, passwordCost: CHEAP, secrets: SecretRing.none }
    const accounts = await Accounts.open({ ...options, clock: () => wallMs, monotonicClock: () => nowMs })
    await guessOften(accounts, 10)
    wallMs -= 86_400_000
    nowMs += 60_000
    expect((await accounts.logIn(ADMIN, 'secret', {}, '192.0.2.1')).principal.user.name).toBe('admin')
  })

  it('a lockout affects neither other client networks nor other users', async () => {
    const accounts = await openInitialized()
    await guessOften(accounts, 10)
    expect((await accounts.logIn(ADMIN, 'secret', {}, '192.0.2.2')).principal.user.name).toBe('admin')
    expect(await guess(accounts, { name: 'nobody' })).toBe('credentials-wrong')
  })

  it('a correct password resets the count, and unknown users are locked like known ones', async () => {
    const accounts = await openInitialized()
    await guessOften(accounts, 9)
    await accounts.logIn(ADMIN, 'secret', {}, '192.0.2.1')
    await guessOften(accounts, 9)
    await guessOften(accounts, 10, { name: 'nobody' })
    expect(await guess(accounts, { name: 'nobody' })).toBe('throttled')
  })
})

describe('the principal of a token', () => {
  const assign = (...assignments: Omit<RoleAssignment, 'userId'>[]): Partial<AccountStore> => ({
    listAssignments: async (userId) => assignments.map((each) => ({ ...each, userId })),
  })

  it('a disabled user is refused like an unknown one, and its tokens are revoked', async () => {
    const { token } = await (await openInitialized()).logIn(ADMIN, 'secret', {})
    const disabled = (user: User | undefined) => user && { ...user, enabled: false }
    const accounts = await open(
      spyOn([], {
        getUser: async (id) => disabled(await store.getUser(id)),
        getUserByName: async (domainId, name) => disabled(await store.getUserByName(domainId, name)),
      }),
    )
    expect(await codeOf(accounts.logIn(ADMIN, 'secret', {}))).toBe('credentials-wrong')
    expect(await codeOf(accounts.authenticate(token))).toBe('token-revoked')
  })

  it('a token of a deleted user is revoked', async () => {
    const { token } = await (await openInitialized()).logIn(ADMIN, 'secret', {})
    const accounts = await open(spyOn([], { getUser: async () => undefined }))
    expect(await codeOf(accounts.authenticate(token))).toBe('token-revoked')
  })

  it('tokens of a project stay revoked when the project is disabled and enabled again', async () => {
    const accounts = await openInitialized()
    const { domain, project } = await records()
    const logIn = () => accounts.logIn(ADMIN, 'secret', { project: { id: project.id } })
    const { token } = await logIn()
    await accounts.projects.update(domain.id, project.id, { enabled: false })
    await accounts.projects.update(domain.id, project.id, { enabled: true })
    expect(await codeOf(accounts.authenticate(token))).toBe('token-revoked')
    expect((await accounts.authenticate((await logIn()).token)).principal.scope).toMatchObject({ kind: 'project' })
  })

  it('a disabled project is refused as a scope and revokes its tokens', async () => {
    const scope = { project: { name: 'default' } }
    const { token, principal } = await (await openInitialized()).logIn(ADMIN, 'secret', scope)
    const disabled = (project: Project | undefined) => project && { ...project, enabled: false }
    const accounts = await open(
      spyOn([], {
        getProject: async (id) => disabled(await store.getProject(id)),
        listProjects: async (id) => (await store.listProjects(id)).map((project) => ({ ...project, enabled: false })),
      }),
    )
    expect(await codeOf(accounts.logIn(ADMIN, 'secret', scope))).toBe('scope-forbidden')
    expect(await codeOf(accounts.authenticate(token))).toBe('token-revoked')
    expect(await accounts.projects.listForUser(principal.user.domain.id, principal.user.id)).toEqual([])
  })

  it('a role in one project does not apply to other scopes', async () => {
    await openInitialized()
    const { domain, project } = await records()
    const other = await (await open()).projects.ensure(domain.id, 'other')
    const answers = assign({ scope: 'project', scopeId: project.id, role: 'readonly' })
    const accounts = await open(spyOn([], answers))
    const { principal } = await accounts.logIn(ADMIN, 'secret', { project: { id: project.id } })
    expect(principal.roles).toEqual(['readonly'])
    expect(await codeOf(accounts.logIn(ADMIN, 'secret', { project: { id: other.id } }))).toBe('scope-forbidden')
    expect(await codeOf(accounts.logIn(ADMIN, 'secret', {}))).toBe('scope-forbidden')
    expect(
      (await accounts.projects.listForUser(principal.user.domain.id, principal.user.id)).map(({ id }) => id),
    ).toEqual([project.id])
  })

  it('the roles of a domain and of a project are united without duplicates', async () => {
    await openInitialized()
    const { domain, project } = await records()
    const answers = assign(
      { scope: 'domain', scopeId: domain.id, role: 'readonly' },
      { scope: 'project', scopeId: project.id, role: 'readonly' },
      { scope: 'project', scopeId: project.id, role: 'te_admin' },
      { scope: 'project', scopeId: domain.id, role: 'stranger' },
      { scope: 'domain', scopeId: project.id, role: 'stranger' },
    )
    const accounts = await open(spyOn([], answers))
    const roles = async (scope: object) => (await accounts.logIn(ADMIN, 'secret', scope)).principal.roles
    expect(await roles({ project: { id: project.id } })).toEqual(['readonly', 'te_admin'])
    expect(await roles({})).toEqual(['readonly'])
  })

  it('a project whose domain is deleted is refused as a scope', async () => {
    await openInitialized()
    const { project } = await records()
    let domainReads = 0
    const accounts = await open(spyOn([], { getDomain: async () => void domainReads++ as undefined }))
    expect(await codeOf(accounts.logIn(ADMIN, 'secret', { project: { id: project.id } }))).toBe('scope-forbidden')
    expect(domainReads).toBeGreaterThan(0)
  })
})

describe('a token', () => {
  it('an unreadable token and a token of another service are refused as unreadable', async () => {
    const accounts = await openInitialized()
    expect(await codeOf(accounts.authenticate('nonsense'))).toBe('token-unreadable')
    const stranger = await open(
      spyOn([], { listSigningKeys: async () => [{ ...(await makeSigningKey()), verifiesUntilMs: undefined }] }),
    )
    const { token } = await stranger.logIn(ADMIN, 'secret', {})
    expect(await codeOf(accounts.authenticate(token))).toBe('token-unreadable')
  })

  it('a token expires whether or not it is cached', async () => {
    const accounts = await openInitialized()
    const { token, claims } = await accounts.logIn(ADMIN, 'secret', {})
    nowMs = claims.expiresAtMs - 1
    expect((await accounts.authenticate(token)).claims).toEqual(claims)
    nowMs = claims.expiresAtMs
    for (const each of [accounts, await open()]) {
      const refusal = await each.authenticate(token).catch((error: unknown) => error)
      expect(refusal).toEqual(new DomainError('token-expired', { expiredAt: '2026-01-01T00:10:00.000000Z' }))
    }
  })

  it('a revoked token is refused at once by every node on the store, and other tokens stay valid', async () => {
    const [one, another] = [await openInitialized(), await open()]
    const { token, claims } = await one.logIn(ADMIN, 'secret', {})
    const other = await one.logIn(ADMIN, 'secret', {})
    for (const accounts of [one, another]) await accounts.authenticate(token)
    await one.revoke(claims)
    for (const accounts of [another, one, await open()]) {
      expect(await codeOf(accounts.authenticate(token))).toBe('token-revoked')
      expect(await codeOf(accounts.authenticate(token))).toBe('token-revoked')
      expect((await accounts.authenticate(other.token)).claims).toEqual(other.claims)
    }
    await another.revoke(claims)
    expect(await codeOf(one.authenticate(token))).toBe('token-revoked')
  })

  it('every node uses a new signing key from the next request on, and a token is refused once its key has ended', async () => {
    const [one, another] = [await openInitialized(), await open()]
    const first = await one.logIn(ADMIN, 'secret', {})
    for (const accounts of [one, another]) await accounts.authenticate(first.token)
    const rotate = async (verifiesUntilMs: number) =>
      store.rotateSigningKey(await makeSigningKey(), verifiesUntilMs, nowMs)
    await rotate(nowMs + 60_000)
    const second = await one.logIn(ADMIN, 'secret', {})
    for (const accounts of [another, one, await open()]) {
      expect((await accounts.authenticate(first.token)).claims.tokenId).toBe(first.claims.tokenId)
      expect((await accounts.authenticate(second.token)).claims).toEqual(second.claims)
    }
    nowMs += 60_000
    for (const accounts of [another, one]) {
      expect(await codeOf(accounts.authenticate(first.token))).toBe('token-expired')
      expect((await accounts.authenticate(second.token)).claims).toEqual(second.claims)
    }
    await rotate(nowMs)
    for (const accounts of [another, one, await open()]) {
      expect(await codeOf(accounts.authenticate(second.token))).toBe('token-unreadable')
    }
  })

  it('a token stays valid after a restart of the service', async () => {
    const { token, principal, claims } = await (await openInitialized()).logIn(ADMIN, 'secret', {})
    await store.close()
    store = await openSqliteStore(folder, () => {})
    expect(await (await open()).authenticate(token)).toMatchObject({ principal, claims })
  })
})

describe('a cached token', () => {
  it('a cached token costs one read of the accounts revision until the accounts change', async () => {
    const calls: string[] = []
    const accounts = await openInitialized(spyOn(calls))
    const { token } = await accounts.logIn(ADMIN, 'secret', { project: { name: 'default' } })
    calls.length = 0
    const first = await accounts.authenticate(token)
    expect(calls).toEqual(['getAccountsRevision'])
    calls.length = 0
    const again = await accounts.authenticate(token)
    expect(calls).toEqual(['getAccountsRevision'])
    expect(again).toBe(first)

    await store.ensureProject({ ...(await records()).project, id: 'new', name: 'new' })
    calls.length = 0
    const checked = await accounts.authenticate(token)
    expect(calls).toContain('getUser')
    expect(calls).toContain('isTokenRevoked')
    expect(checked).not.toBe(first)
    expect([checked.principal, checked.claims]).toEqual([first.principal, first.claims])
    calls.length = 0
    expect(await accounts.authenticate(token)).toBe(checked)
    expect(calls).toEqual(['getAccountsRevision'])
  })

  it('the signature of a token is verified once, also when the accounts change', async () => {
    const { token } = await (await openInitialized()).logIn(ADMIN, 'secret', {})
    const accounts = await open(store)
    const read = vi.spyOn(TokenSigner.prototype, 'read')
    for (const name of ['one', 'two', 'three']) {
      await accounts.authenticate(token)
      await accounts.authenticate(token)
      await accounts.projects.ensure((await records()).domain.id, name)
    }
    await accounts.authenticate(token)
    expect(read).toHaveBeenCalledTimes(1)
  })

  it('a cached token is evicted after ten thousand newer ones', async () => {
    await openInitialized()
    const { domain, user } = await records()
    const assignment: RoleAssignment = { userId: user.id, scope: 'domain', scopeId: domain.id, role: 'readonly' }
    const accounts = await open(
      spyOn([], {
        getAccountsRevision: async () => 1,
        isTokenRevoked: async () => false,
        getUser: async () => user,
        getDomain: async () => ({ ...domain, description: '', enabled: true }),
        listAssignments: async () => [assignment],
      }),
    )
    const read = vi.spyOn(TokenSigner.prototype, 'read').mockImplementation(async (tokenId) => ({
      tokenId,
      userId: user.id,
      scope: { kind: 'domain', id: domain.id },
      methods: ['password'],
      generation: 0,
      scopeGeneration: 0,
      issuedAtMs: START_MS,
      expiresAtMs: START_MS + 1000,
    }))
    for (let n = 0; n <= 10_000; n++) await accounts.authenticate(`token-${n}`)
    expect(read).toHaveBeenCalledTimes(10_001)
    for (const n of [1, 5000, 10_000]) await accounts.authenticate(`token-${n}`)
    expect(read).toHaveBeenCalledTimes(10_001)
    await accounts.authenticate('token-0')
    expect(read).toHaveBeenCalledTimes(10_002)
  })

  it('a cached token loses a role as soon as the role is removed', async () => {
    await openInitialized()
    const { domain } = await records()
    let roles = ['te_admin', 'readonly']
    let revision = 1
    const accounts = await open(
      spyOn([], {
        getAccountsRevision: async () => revision,
        listAssignments: async (userId) => roles.map((role) => ({ userId, scope: 'domain', scopeId: domain.id, role })),
      }),
    )
    const { token } = await accounts.logIn(ADMIN, 'secret', {})
    const rolesNow = async () => (await accounts.authenticate(token)).principal.roles
    expect(await rolesNow()).toEqual(['te_admin', 'readonly'])
    roles = ['readonly']
    expect(await rolesNow()).toEqual(['te_admin', 'readonly'])
    revision++
    expect(await rolesNow()).toEqual(['readonly'])
    roles = []
    revision++
    expect(await codeOf(accounts.authenticate(token))).toBe('token-revoked')
  })
})

describe('projects', () => {
  it('concurrent calls create a project of one name once', async () => {
    const accounts = await openInitialized()
    const { domain, project } = await records()
    expect(await accounts.projects.ensure(domain.id, 'default')).toEqual(project)
    const made = await Promise.all(Array.from({ length: 10 }, () => accounts.projects.ensure(domain.id, 'new')))
    expect(made[0]).toEqual({
      id: expect.stringMatching(HEX_32),
      domainId: domain.id,
      name: 'new',
      description: '',
      enabled: true,
      tags: [],
      limits: {},
      tokenGeneration: 0,
    })
    expect(new Set(made.map(({ id }) => id)).size).toBe(1)
    expect(await accounts.projects.ensure(domain.id, 'new')).toEqual(made[0])
    expect(await accounts.projects.find(domain.id, 'new')).toEqual(made[0])
    expect(await accounts.projects.find(domain.id, 'New')).toBeUndefined()
  })

  it('ensuring an existing project does not write', async () => {
    const calls: string[] = []
    const accounts = await openInitialized(spyOn(calls))
    const { domain } = await records()
    calls.length = 0
    await accounts.projects.ensure(domain.id, 'default')
    expect(calls).toEqual(['getProjectByName'])
  })

  it('the projects of a user are ordered by name', async () => {
    const accounts = await openInitialized()
    const { domain } = await records()
    for (const name of ['b', '\u{10000}', 'B', '\uffff']) await accounts.projects.ensure(domain.id, name)
    const { principal } = await accounts.logIn(ADMIN, 'secret', {})
    const names = (await accounts.projects.listForUser(principal.user.domain.id, principal.user.id)).map(
      ({ name }) => name,
    )
    expect(names).toEqual(['B', 'b', 'default', '\uffff', '\u{10000}'])
  })

  it('a project that was created after a token was issued can be used with a new token', async () => {
    const accounts = await openInitialized()
    const { domain } = await records()
    const project = await accounts.projects.ensure(domain.id, 'late')
    const { principal } = await accounts.logIn(ADMIN, 'secret', { project: { name: 'late' } })
    expect(principal.scope).toEqual({ kind: 'project', project: { id: project.id, name: 'late' }, domain })
  })
})
