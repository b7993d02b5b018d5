import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ADMIN_PASSWORD, type TestService } from '../../support/service.ts'
import { tagwerkError } from '../expected.ts'
import { image, makeUser, newImageId, READER_PASSWORD, startWithUsers } from '../fixtures.ts'
import { CONSOLE, consoleOf, cookieOf, logInToConsole } from './session-calls.ts'

// W80: POST /tagwerk/v1/session.

let service: TestService
beforeAll(async () => {
  service = await startWithUsers()
})
afterAll(() => service.stop())

describe('logging in to the console', () => {
  it('answers with who one is, the projects, and a cookie that no script can read', async () => {
    const answer = await logInToConsole(service, { user: 'admin', password: ADMIN_PASSWORD, domain: 'default' })
    expect([answer.status, answer.body]).toEqual([
      201,
      {
        user: { id: expect.any(String), name: 'admin' },
        domain: { id: expect.any(String), name: 'default' },
        expires_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        projects: expect.arrayContaining([{ id: service.project, name: 'default' }]),
      },
    ])
    expect(answer.headers.get('set-cookie')).toMatch(
      /^tagwerk-session=[\w-]+\.[\w-]+\.[\w-]+; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Strict$/,
    )
    expect(answer.text).not.toContain(cookieOf(answer).split('=')[1])
  })

  it('shows a user with a role in one project that project', async () => {
    const { body } = await logInToConsole(service, { user: 'reader', password: READER_PASSWORD })
    expect(body.projects).toEqual([{ id: service.project, name: 'default' }])
  })

  it('is refused to a user without a role anywhere', async () => {
    await makeUser(service, await service.tokenFor(undefined), 'stranger')
    const answer = await logInToConsole(service, { user: 'stranger', password: READER_PASSWORD })
    expect([answer.status, answer.body.error_code, answer.headers.get('set-cookie')]).toEqual([
      403,
      'scope-forbidden',
      null,
    ])
  })

  it('is refused with a wrong password, as for an unknown user and an unknown domain', async () => {
    for (const body of [
      { user: 'admin', password: 'not the password' },
      { user: 'nobody', password: ADMIN_PASSWORD },
      { user: 'admin', password: ADMIN_PASSWORD, domain: 'none' },
    ]) {
      const answer = await logInToConsole(service, body)
      expect([answer.status, answer.body.error_code]).toEqual([401, 'credentials-wrong'])
      expect(answer.headers.get('set-cookie')).toBeNull()
      expect(answer.text).not.toContain(body.password)
    }
  })

  it('is locked after ten wrong passwords, and so is a token then', async () => {
    await makeUser(service, await service.tokenFor(undefined), 'victim', { project: service.project, role: 'readonly' })
    for (let i = 0; i < 10; i++) await logInToConsole(service, { user: 'victim', password: 'wrong' })
    const answer = await logInToConsole(service, { user: 'victim', password: READER_PASSWORD })
    expect([answer.status, answer.body.error_code]).toEqual([429, 'throttled'])
    const identity = {
      methods: ['password'],
      password: { user: { name: 'victim', domain: { name: 'default' }, password: READER_PASSWORD } },
    }
    const token = await service.call('POST', '/v3/auth/tokens', { token: null, body: { auth: { identity } } })
    expect(token.status).toBe(429)
  })

  it.each([
    ['without the header of the console', { 'sec-fetch-site': 'same-origin' }],
    ['from another site', { ...CONSOLE, 'sec-fetch-site': 'cross-site' }],
  ])('is refused %s, so that no other page can log its visitor in', async (_, headers) => {
    const { status, body } = await logInToConsole(service, { user: 'admin', password: ADMIN_PASSWORD }, headers)
    const message = 'X-Tagwerk-Console: must be 1, in a request from a page of this service'
    expect({ status, body }).toEqual(tagwerkError(400, 'request-invalid', message))
  })

  it('refuses a member that it does not know, and shows no password', async () => {
    const { status, text } = await logInToConsole(service, { user: 'admin', pasword: ADMIN_PASSWORD, password: 'x' })
    expect(status).toBe(400)
    expect(text).toContain('pasword')
    expect(text).not.toContain(ADMIN_PASSWORD)
  })
})

describe('a session', () => {
  it('has the roles of its user in the project of the path, and in no other', async () => {
    const asReader = await consoleOf(service, 'reader', READER_PASSWORD)
    const resources = `/tagwerk/v1/${service.project}/resources`
    expect((await asReader('GET', resources)).status).toBe(200)
    const plan = { select: { resource_types: ['images'] }, actions: [{ remove: { keys: ['x'] } }] }
    const refused = await asReader('POST', `/tagwerk/v1/${service.project}/plans`, { body: plan })
    expect([refused.status, refused.body.error_code]).toEqual([403, 'action-forbidden'])
    const guests = (await service.call('GET', '/v3/projects?name=guests', { token: await service.tokenFor(undefined) }))
      .body
    const other = await asReader('GET', `/tagwerk/v1/${guests.projects[0].id}/resources`)
    expect([other.status, other.body.error_code]).toEqual([403, 'scope-forbidden'])
    expect((await asReader('GET', '/tagwerk/v1/account-log')).status).toBe(403)
  })

  it('of an administrator works in every project and on the domain, and its writes are the administrator\u2019s', async () => {
    const asAdmin = await consoleOf(service, 'admin', ADMIN_PASSWORD)
    const id = newImageId()
    await service.register(image(id, 'a=b'))
    const path = `/tagwerk/v1/${service.project}/resources/images/${id}`
    const changed = await asAdmin('POST', `${path}/tags`, {
      body: { action: 'create', tags: [{ key: 'c', value: 'd' }] },
    })
    expect(changed.status).toBeLessThan(300)
    const history = await asAdmin('GET', `${path}/history`)
    expect(history.body.changes[0].actor.name).toBe('admin')
    expect((await asAdmin('GET', '/tagwerk/v1/account-log')).status).toBe(200)
  })

  it('counts only in requests of the console', async () => {
    const asAdmin = await consoleOf(service, 'admin', ADMIN_PASSWORD)
    const path = `/tagwerk/v1/${service.project}/resources`
    for (const headers of [
      { 'x-tagwerk-console': '0' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'none' },
    ]) {
      const answer = await asAdmin('GET', path, { headers })
      expect([answer.status, answer.body.error_code]).toEqual([401, 'token-missing'])
    }
  })

  it('does not count in the calls of the vendors', async () => {
    const asAdmin = await consoleOf(service, 'admin', ADMIN_PASSWORD)
    for (const path of [
      '/v3/auth/projects',
      `/v2/${service.project}/images/tags`,
      '/v1.0/predefine_tags',
      '/v2/images',
    ]) {
      expect([path, (await asAdmin('GET', path)).status]).toEqual([path, 401])
    }
  })

  it('gives way to a token: a broken one is refused', async () => {
    const asAdmin = await consoleOf(service, 'admin', ADMIN_PASSWORD)
    const answer = await asAdmin('GET', `/tagwerk/v1/${service.project}/resources`, { token: 'broken' })
    expect([answer.status, answer.body.error_code]).toEqual([401, 'token-unreadable'])
  })

  it('ends when its user gets another password', async () => {
    const token = await service.tokenFor(undefined)
    const id = await makeUser(service, token, 'changing', { project: service.project, role: 'readonly' })
    const asUser = await consoleOf(service, 'changing', READER_PASSWORD)
    expect((await asUser('GET', '/tagwerk/v1/session')).status).toBe(200)
    await service.call('PATCH', `/v3/users/${id}`, { token, body: { user: { password: 'another password 2' } } })
    expect((await asUser('GET', '/tagwerk/v1/session')).status).toBe(401)
    expect((await asUser('GET', `/tagwerk/v1/${service.project}/resources`)).status).toBe(401)
  })
})

it('behind a proxy with https, the cookie is for this host and https alone, and counts', async () => {
  const secure = await startWithUsers({ flags: { 'public-url': 'https://tags.example' } })
  try {
    const answer = await logInToConsole(secure, { user: 'admin', password: ADMIN_PASSWORD })
    expect(answer.headers.get('set-cookie')).toMatch(/^__Host-tagwerk-session=.*; Path=\/; .*; Secure$/)
    const asAdmin = await consoleOf(secure, 'admin', ADMIN_PASSWORD)
    expect((await asAdmin('GET', '/tagwerk/v1/session')).status).toBe(200)
  } finally {
    await secure.stop()
  }
})
