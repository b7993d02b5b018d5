import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ADMIN_PASSWORD, startTestService, type TestService } from '../../support/service.ts'
import { iamError, says } from '../expected.ts'
import { logIn, startWithUsers, targetOf } from '../fixtures.ts'
import { runScenarios, type Scenario, type Target } from '../scenarios.ts'
import { ID, passwordBody, TIME } from './accounts.ts'

// POST /v3/auth/tokens (contract 6.1).

const PATH = '/v3/auth/tokens'

let service: TestService
let target: Target
beforeAll(async () => {
  service = await startTestService()
  target = await targetOf(service, {}, false)
})
afterAll(() => service.stop())

function asked(name: string, body: unknown, expected: Omit<Scenario, 'name' | 'request'>, query = ''): Scenario {
  return { name, request: { method: 'POST', path: PATH + query, body, token: null }, ...expected }
}

const SUBJECT = { 'x-subject-token': expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/) }
const domain = { id: ID, name: 'default' }
const common = {
  methods: ['password'],
  ...{ expires_at: TIME, issued_at: TIME },
  user: { id: ID, name: 'admin', password_expires_at: '', domain },
  roles: [{ id: '0', name: 'te_admin' }],
}
const projectToken = { ...common, project: { id: ID, name: 'default', domain } }
const domainToken = { ...common, domain }

const forProject = (query = '?nocatalog=1') => ({
  status: 201,
  headers: SUBJECT,
  ...(query === '' ? {} : { body: { token: projectToken } }),
})
const forDomain = { status: 201, headers: SUBJECT, body: { token: domainToken } }

describe('gives a token', () => {
  const wanted = (name: string, body: unknown, expected: Omit<Scenario, 'name' | 'request'>) =>
    asked(name, body, expected, '?nocatalog=1')
  const byName = { project: { name: 'default' } }
  runScenarios(
    () => target,
    [
      wanted('for a project by name', passwordBody(byName), forProject()),
      wanted('for a domain by name', passwordBody({ domain: { name: 'default' } }), forDomain),
      wanted("for the user's domain without scope", passwordBody(), forDomain),
      wanted("for the user's domain with an empty scope", passwordBody({}), forDomain),
      wanted(
        'for the project when both are given',
        passwordBody({ ...byName, domain: { name: 'default' } }),
        forProject(),
      ),
      wanted(
        'for a project with its domain inside, as keystoneauth writes it',
        passwordBody({ project: { name: 'default', domain: { name: 'default' } } }),
        forProject(),
      ),
      wanted(
        'to a user without domain, who is looked for in the default one',
        passwordBody(byName, { name: 'admin' }),
        forProject(),
      ),
      wanted('whatever unknown members say', { ...passwordBody(byName), other: 1, constructor: null }, forProject()),
      asked('whatever value nocatalog has', passwordBody(byName), forProject(), '?nocatalog='),
    ],
  )

  it('for ids in place of names', async () => {
    const { body } = await service.call('POST', PATH, {
      body: passwordBody({ project: { name: 'default' } }),
      token: null,
    })
    const { user, project } = body.token
    const byId = passwordBody({ project: { id: project.id } }, { id: user.id })
    const again = await service.call('POST', `${PATH}?nocatalog=1`, { body: byId, token: null })
    expect(again.body.token).toMatchObject({ user: { id: user.id }, project: { id: project.id } })
    const ofDomain = (id: string) => passwordBody({ project: { id: project.id, domain: { id } } }, { id: user.id })
    expect((await service.call('POST', PATH, { body: ofDomain(user.domain.id), token: null })).status).toBe(201)
    expect((await service.call('POST', PATH, { body: ofDomain('no'), token: null })).status).toBe(403)
    const inDomain = passwordBody({ domain: { id: user.domain.id } }, { name: 'admin', domain: { id: user.domain.id } })
    expect((await service.call('POST', PATH, { body: inDomain, token: null })).body.token.domain.id).toBe(
      user.domain.id,
    )
  })

  it('that works, for 24 hours', async () => {
    const answer = await service.call('POST', PATH, {
      body: passwordBody({ project: { name: 'default' } }),
      token: null,
    })
    const { issued_at, expires_at } = answer.body.token
    expect(Date.parse(expires_at) - Date.parse(issued_at)).toBe(24 * 3600 * 1000)
    const token = answer.headers.get('x-subject-token') as string
    expect((await service.call('GET', `/v3/${service.project}/tags`, { token })).status).toBe(200)
  })

  it('with a catalogue whose endpoints lead back to the service', async () => {
    const answer = await service.call('POST', PATH, {
      body: passwordBody({ project: { name: 'default' } }),
      token: null,
    })
    const { catalog } = answer.body.token as { catalog: { type: string; endpoints: Record<string, string>[] }[] }
    const urls = Object.fromEntries(catalog.map(({ type, endpoints }) => [type, endpoints[0]]))
    expect(urls.image).toMatchObject({ interface: 'public', region: 'local', region_id: 'local', url: service.url })
    expect(urls.gaussdb).toMatchObject({ url: `${service.url}/v3/${service.project}` })
    expect(urls.identity).toMatchObject({ region: '*', region_id: '*', url: `${service.url}/v3` })
    for (const entry of catalog) expect(Object.keys(entry).sort()).toEqual(['endpoints', 'id', 'name', 'type'])
  })

  it('with the global services only in the catalogue of a domain', async () => {
    const { body } = await service.call('POST', PATH, { body: passwordBody(), token: null })
    const { catalog } = body.token as { catalog: { type: string }[] }
    expect(catalog.map(({ type }) => type)).toEqual(['iam', 'identity', 'tms'])
  })

  it('whose address of tms takes the paths that SDKs append', async () => {
    const { body, headers } = await service.call('POST', PATH, { body: passwordBody(), token: null })
    const { catalog } = body.token as { catalog: { type: string; endpoints: { url: string }[] }[] }
    const tms = catalog.find(({ type }) => type === 'tms')?.endpoints[0]?.url
    expect(tms).toBe(`${service.url}/tms/local/v1.0`)
    const token = headers.get('x-subject-token') as string
    expect((await service.call('GET', '/tms/local/v1.0/predefine_tags', { token })).status).toBe(200)
  })

  it('each time another one', async () => {
    const take = async () => {
      const answer = await service.call('POST', PATH, { body: passwordBody(), token: null })
      return answer.headers.get('x-subject-token')
    }
    expect(new Set(await Promise.all([take(), take(), take()])).size).toBe(3)
  })
})

describe('refuses', () => {
  const wrong = iamError(401, 'Unauthorized', 'The username or password is wrong.')
  const forbidden = iamError(403, 'Forbidden', 'You have no right to do this action')
  const bad = (...fragments: string[]) =>
    iamError(400, 'Bad Request', says('The request body is invalid', ...fragments))
  const user = (own: object) => passwordBody({ project: { name: 'default' } }, own)
  runScenarios(
    () => target,
    [
      asked('a wrong password', user({ name: 'admin', password: 'no' }), wrong),
      asked('an empty password', user({ name: 'admin', password: '' }), wrong),
      asked('a password of 1024 characters', user({ name: 'admin', password: 'x'.repeat(1024) }), wrong),
      asked('an unknown user, with the same answer', user({ name: 'nobody', password: 'no' }), wrong),
      asked('an unknown user by id', user({ id: 'no' }), wrong),
      asked('an unknown domain of the user', user({ name: 'admin', domain: { name: 'no' } }), wrong),
      asked('a name in another letter case', user({ name: 'Admin' }), wrong),
      asked('a user without name and id', user({}), bad('auth.identity.password.user:', 'id or a name')),
      asked(
        'a domain of the user that names nothing',
        user({ name: 'admin', domain: {} }),
        bad('auth.identity.password.user.domain', 'id or a name'),
      ),
      asked('a user named __proto__', user({ name: '__proto__' }), wrong),
      asked('an unknown project', passwordBody({ project: { name: 'no' } }), forbidden),
      asked('an unknown project by id', passwordBody({ project: { id: 'no' } }), forbidden),
      asked('an unknown domain', passwordBody({ domain: { name: 'no' } }), forbidden),
      asked('a project that names nothing', passwordBody({ project: {} }), bad('auth.scope.project:', 'id or a name')),
      asked(
        'a project that only names its domain',
        passwordBody({ project: { domain: { name: 'default' } } }),
        bad('auth.scope.project:', 'id or a name'),
      ),
      asked('a domain that names nothing', passwordBody({ domain: {} }), bad('auth.scope.domain', 'id or a name')),
      asked(
        'a domain of the project that names nothing',
        passwordBody({ project: { name: 'default', domain: {} } }),
        bad('auth.scope.project.domain', 'id or a name'),
      ),
      asked(
        'a project in another domain by name',
        passwordBody({ project: { name: 'default', domain: { name: 'other' } } }),
        forbidden,
      ),
      asked(
        'a project in another domain by id',
        passwordBody({ project: { name: 'default', domain: { id: 'other' } } }),
        forbidden,
      ),
      asked(
        'a wrong password before a project in another domain',
        passwordBody({ project: { name: 'default', domain: { name: 'other' } } }, { name: 'admin', password: 'no' }),
        wrong,
      ),
      asked(
        'a wrong password before an unknown project',
        passwordBody({ project: { name: 'no' } }, { name: 'admin', password: 'no' }),
        wrong,
      ),
      asked('no auth', {}, bad('auth', 'required')),
      asked('no identity', { auth: {} }, bad('auth.identity', 'required')),
      asked('no methods', { auth: { identity: { password: {} } } }, bad('auth.identity.methods', 'required')),
      asked(
        'another method',
        { auth: { identity: { methods: ['token'], token: { id: 'x' } } } },
        iamError(400, 'Bad Request', expect.stringMatching(/^The request body is invalid /)),
      ),
      asked(
        'a user that is a text',
        { auth: { identity: { methods: ['password'], password: { user: 'admin' } } } },
        bad('user', 'an object'),
      ),
      asked('a name that is a number', user({ name: 7 }), bad('auth.identity.password.user.name', 'a string')),
      asked('a scope that is a text', passwordBody('project'), bad('auth.scope', 'an object')),
      asked('null', 'null', bad('body', 'an object')),
      asked('an array', '[]', bad('body', 'an object')),
      asked('no JSON', '{', bad('body', 'JSON')),
      asked('an empty body', '', iamError(400, 'Bad Request', 'The request body is invalid')),
    ],
  )

  it('a password that is too long or no text without showing it', async () => {
    for (const password of ['geheim'.repeat(200), ['geheim'], { geheim: 1 }]) {
      const answer = await service.call('POST', PATH, { body: user({ name: 'admin', password }), token: null })
      expect(answer.status).toBe(400)
      expect(answer.body.error.message).toContain('auth.identity.password.user.password')
      expect(answer.text).not.toContain('geheim')
    }
  })

  it('a project of which the user has no role, with the answer for one that does not exist', async () => {
    const strict = await startWithUsers()
    try {
      const none = (await logIn(strict, 'guest', 'default')).answer
      const unknown = (await logIn(strict, 'guest', 'no')).answer
      expect([none.status, none.text]).toEqual([403, unknown.text])
      expect((await logIn(strict, 'guest', 'guests')).answer.status).toBe(201)
      // No role in the domain itself.
      expect((await logIn(strict, 'guest', undefined)).answer.status).toBe(403)
    } finally {
      await strict.stop()
    }
  })
})

it('shows neither password nor token in any answer body', async () => {
  const answer = await service.call('POST', PATH, { body: passwordBody(), token: null })
  expect(answer.text).not.toContain(ADMIN_PASSWORD)
  expect(answer.text).not.toContain(answer.headers.get('x-subject-token') as string)
})
