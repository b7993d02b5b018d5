import { describe, expect, it } from 'vitest'
import { DomainError } from '../../src/core/errors.ts'
import { refusalOf, withAccounts } from './world.ts'

const world = withAccounts()

const logIn = (name: string, password: string) => world().accounts.logIn({ name }, password, {})

describe('a password', () => {
  const create = (password: string, own = {}) =>
    world().accounts.users.create(world().domain, { name: 'Passwort1', password, ...own }, '')

  it.each([
    ['abc-123', 'characters-min'],
    ['', 'characters-min'],
    ['😀😀😀a', 'characters-min'],
    ['abcdefgh', 'well-formed'],
    ['12345678', 'well-formed'],
    ['ABCDEFGH', 'well-formed'],
    ['--------', 'well-formed'],
    ['Passwort1', 'well-formed'],
    ['passwort1', 'well-formed'],
    ['1TROWSSAP', 'well-formed'],
  ])('the weak password %j is refused and not shown in the error', async (password, rule) => {
    const { code, facts } = await refusalOf(create(password))
    expect([code, facts.field, facts.rule?.name, facts.value]).toEqual([
      'password-weak',
      'user.password',
      rule,
      undefined,
    ])
    expect(await world().store.getUserByName(world().domain, 'Passwort1')).toBeUndefined()
  })

  it.each(['abc-1234', 'abcdefgh1', 'correct horse battery staple', 'Passwort12', 'ÄÖÜäöü1234', '密码密码密码密码a'])(
    'the password %j is accepted',
    async (password) => {
      await create(password)
      // The user has no role yet: the login passes the password check and fails at the scope.
      expect((await refusalOf(logIn('Passwort1', password))).code).toBe('scope-forbidden')
    },
  )

  it('a password that contains the e-mail address is refused', async () => {
    expect((await refusalOf(create('xx-Me@Home.de', { email: 'me@home.de' }))).code).toBe('password-weak')
    expect((await create('xx-Me@Home.de')).email).toBe('')
  })
})

describe('a user', () => {
  it('creating a user with a taken name computes no hash and changes nothing', async () => {
    const { accounts, calls, domain } = world()
    calls.length = 0
    const { code, facts } = await refusalOf(accounts.users.create(domain, { name: 'admin', password: 'abc-1234' }, ''))
    expect([code, facts.field]).toEqual(['name-taken', 'user.name'])
    expect(calls).toEqual(['getUserByName'])
  })

  it('a user without a password can neither log in nor change its password', async () => {
    const { accounts, domain } = world()
    const user = await accounts.users.create(domain, { name: 'robot' }, '')
    expect(user.passwordHash).toBe('')
    for (const password of ['', 'abc-1234']) {
      expect((await refusalOf(logIn('robot', password))).code).toBe('credentials-wrong')
      const refused = accounts.changePassword(user, password, 'other word 2', '')
      expect((await refusalOf(refused)).code).toBe('credentials-wrong')
    }
  })

  it('a user of another domain is not found', async () => {
    const { accounts, admin } = world()
    for (const refused of [
      accounts.users.get('other', admin),
      accounts.users.update('other', admin, { description: 'x' }, ''),
      accounts.users.remove('other', admin),
    ]) {
      expect((await refusalOf(refused)).code).toBe('resource-not-found')
    }
    expect(await accounts.users.list('other')).toEqual([])
    expect(await accounts.users.namesOf('other', [admin])).toEqual(new Map())
    expect(await accounts.users.idOf('other', 'admin')).toBeUndefined()
  })

  it('the names of users are read together, each once, and those that do not exist are left out', async () => {
    const { accounts, admin, domain, calls } = world()
    const before = calls.length
    const names = await accounts.users.namesOf(domain, [admin, 'gone', admin])
    expect([...names]).toEqual([[admin, 'admin']])
    expect(calls.slice(before)).toEqual(['getUser', 'getUser'])
    expect(await accounts.users.idOf(domain, 'admin')).toBe(admin)
  })

  it('changing a password revokes all tokens of the user', async () => {
    const { accounts, admin, domain } = world()
    const [one, two] = [await logIn('admin', 'secret'), await logIn('admin', 'secret')]
    const user = await accounts.users.get(domain, admin)
    expect((await refusalOf(accounts.changePassword(user, 'wrong', 'other word 2', ''))).code).toBe('credentials-wrong')
    expect((await accounts.authenticate(one.token)).principal).toEqual(one.principal)
    await accounts.changePassword(user, 'secret', 'other word 2', '')
    for (const { token } of [one, two]) {
      expect((await refusalOf(accounts.authenticate(token))).code).toBe('token-revoked')
    }
    // Issued in the same second as the change: the generation decides, not the time.
    const fresh = await logIn('admin', 'other word 2')
    expect((await accounts.authenticate(fresh.token)).claims).toEqual(fresh.claims)
  })

  it('a token issued during a change of the password is revoked', async () => {
    const { accounts, admin, domain } = world()
    const logins = Promise.all(Array.from({ length: 3 }, () => logIn('admin', 'secret')))
    await accounts.users.update(domain, admin, { password: 'other word 2' }, '')
    for (const { token } of await logins) {
      expect((await refusalOf(accounts.authenticate(token))).code).toBe('token-revoked')
    }
  })

  it('a change of one’s own password fails when the password was reset or the user disabled in the meantime', async () => {
    const { accounts, admin, domain, store } = world()
    const before = await accounts.users.get(domain, admin)
    await accounts.users.update(domain, admin, { password: 'reset word 3' }, '')
    const { code } = await refusalOf(accounts.changePassword(before, 'secret', 'other word 2', ''))
    expect(code).toBe('credentials-wrong')
    expect((await refusalOf(logIn('admin', 'other word 2'))).code).toBe('credentials-wrong')
    await logIn('admin', 'reset word 3')
    const other = await accounts.users.create(domain, { name: 'other', password: 'first word 1' }, '')
    for (const enabled of [false, true]) await accounts.users.update(domain, other.id, { enabled }, '')
    const late = accounts.changePassword(other, 'first word 1', 'other word 2', '')
    expect((await refusalOf(late)).code).toBe('credentials-wrong')
    expect((await store.getUser(other.id))?.passwordHash).toBe(other.passwordHash)
  })

  it('a user is not written when the caller lost its rights while the password was hashed', async () => {
    const { accounts, admin, domain, store } = world()
    const refuse = () => Promise.reject(new DomainError('token-revoked'))
    const input = { name: 'new', password: 'other word 2' }
    const before = await store.getUser(admin)
    for (const write of [
      () => accounts.users.create(domain, input, '', refuse),
      () => accounts.users.update(domain, admin, input, '', refuse),
    ]) {
      expect((await refusalOf(write())).code).toBe('token-revoked')
    }
    expect(await store.getUserByName(domain, 'new')).toBeUndefined()
    expect(await store.getUser(admin)).toEqual(before)
  })
})
