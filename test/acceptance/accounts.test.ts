import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Login } from './client.ts'
import { type Person, type Place, Stage } from './stage.ts'

// Permissions: granting and revoking roles of a user takes effect on the next request with an existing token. The steps
// depend on their order.

let stage: Stage
let home: Place
let other: Place
let image: string
let person: Person
/** The one token that the user requests and uses throughout. */
let login: Login

beforeAll(async () => {
  stage = await Stage.open()
  home = await stage.project('home')
  other = await stage.project('other')
  image = (await stage.client.call(home.token, 'POST', '/v2/images', { name: 'acceptance', tags: ['k=v'] })).body.id
})

afterAll(() => stage?.close())

const tagPath = () => `/v2/${home.projectId}/images/${image}/tags`
const databases = () => `/v3/${home.projectId}/instances`
const asPerson = (method: string, path: string, body?: unknown) => stage.client.call(login.token, method, path, body)
const logIn = (project?: string, password = person.password) => stage.client.as(person.name, password).logIn(project)
const read = async () => (await asPerson('GET', tagPath())).status
const write = async () => (await asPerson('POST', tagPath(), { tag: { key: 'k', value: 'v' } })).status
const rolePath = (role: string) => `/v3/projects/${home.projectId}/users/${person.id}/roles/${role}`
const give = async (role: string) => (await stage.admin('PUT', rolePath(role))).status
const take = async (role: string) => (await stage.admin('DELETE', rolePath(role))).status
const FORBIDDEN = {
  error: { code: 403, message: expect.stringMatching(/^You have no right to do this action/), title: 'Forbidden' },
}

describe('a new project', () => {
  it('a new project can be read and changed, and its name is unique', async () => {
    const path = `/v3/projects/${other.projectId}`
    const { body } = await stage.admin('GET', path)
    expect(body.project).toEqual({
      id: other.projectId,
      name: other.name,
      description: '',
      enabled: true,
      is_domain: false,
      domain_id: expect.any(String),
      parent_id: body.project.domain_id,
      tags: [],
      links: { self: expect.stringMatching(new RegExp(`${path}$`)) },
    })
    const changed = await stage.admin('PATCH', path, { project: { description: 'changed' } })
    expect(changed.body).toEqual({ project: { ...body.project, description: 'changed' } })
    const twin = await stage.admin('POST', '/v3/projects', { project: { name: other.name } })
    expect([twin.status, twin.body.error.title]).toEqual([409, 'Conflict'])
  })

  it('a project with resources cannot be deleted', async () => {
    const refused = await stage.admin('DELETE', `/v3/projects/${home.projectId}`)
    expect([refused.status, refused.body]).toEqual([
      409,
      { error: { code: 409, message: 'The project still has resources.', title: 'Conflict' } },
    ])
  })

  it('a disabled project issues no tokens, and its existing tokens are invalid', async () => {
    const path = `/v3/projects/${other.projectId}`
    const list = () => stage.client.call(other.token, 'GET', '/v2/images')
    expect((await list()).status).toBe(200)
    await stage.admin('PATCH', path, { project: { enabled: false } })
    expect([(await list()).status, (await stage.client.logIn(other.name)).status]).toEqual([401, 403])
    await stage.admin('PATCH', path, { project: { enabled: true } })
    expect((await stage.client.logIn(other.name)).status).toBe(201)
  })
})

describe('a new user', () => {
  it('a user without a role in a project gets no token for it', async () => {
    person = await stage.person('user')
    const refused = await logIn(home.name)
    expect([refused.status, refused.body]).toEqual([403, FORBIDDEN])
    const nowhere = await logIn(`nowhere-${stage.run}`)
    expect([nowhere.status, nowhere.body]).toEqual([403, FORBIDDEN])
  })

  it('a wrong password and an unknown user name get the same answer', async () => {
    const wrong = await logIn(home.name, 'another Passphrase 1')
    const nobody = await stage.client.as(`nobody-${stage.run}`, person.password).logIn(home.name)
    expect([wrong.status, wrong.body]).toEqual([
      401,
      { error: { code: 401, message: 'The username or password is wrong.', title: 'Unauthorized' } },
    ])
    expect([nobody.status, nobody.body]).toEqual([wrong.status, wrong.body])
  })
})

describe('the roles of a user', () => {
  let readonly: string
  let policy: string
  const allow = { Effect: 'Allow', Action: ['ims:images:*'] }
  const deny = { Effect: 'Deny', Action: ['ims:images:update'] }
  const role = (Statement: readonly object[]) => ({
    role: {
      display_name: `acceptance-${stage.run}`,
      type: 'XA',
      description: 'for one run',
      policy: { Version: '1.1', Statement },
    },
  })

  it('the role `readonly` allows all reads and no writes', async () => {
    const { body } = await stage.admin('GET', '/v3/roles')
    readonly = body.roles.find(({ name }: { name: string }) => name === 'readonly').id
    expect(await give(readonly)).toBe(204)
    login = await logIn(home.name)
    expect(login).toMatchObject({
      status: 201,
      body: { token: { project: { id: home.projectId }, roles: [{ id: expect.any(String), name: 'readonly' }] } },
    })
    expect([await read(), (await asPerson('GET', databases())).status]).toEqual([200, 200])
    const refused = await asPerson('POST', tagPath(), { tag: { key: 'k', value: 'v' } })
    expect([refused.status, refused.body.error.code]).toEqual([403, 'IMG.0026'])
    const denied = await asPerson('DELETE', `${databases()}/${randomUUID().replaceAll('-', '')}in07`)
    expect([denied.status, denied.body.error_code]).toEqual([403, 'DBS.200010'])
  })

  it('a role in one project gives no access to another', async () => {
    const elsewhere = await asPerson('GET', `/v3/${other.projectId}/tags`)
    expect([elsewhere.status, elsewhere.body.error_code]).toEqual([403, 'DBS.200044'])
    expect((await logIn(other.name)).status).toBe(403)
    const mine = await asPerson('GET', '/v3/auth/projects')
    expect(mine.body.projects.map(({ id }: { id: string }) => id)).toEqual([home.projectId])
    for (const [method, path] of [
      ['POST', '/v3/users'],
      ['GET', '/v1.0/predefine_tags'],
    ] as const) {
      expect((await asPerson(method, path, method === 'POST' ? { user: { name: 'x' } } : undefined)).status).toBe(403)
    }
  })

  it('a custom policy takes effect on the next request with the same token', async () => {
    const made = await stage.admin('POST', '/v3.0/OS-ROLE/roles', role([allow]))
    expect(made.status).toBe(201)
    policy = made.body.role.id
    stage.removeLater('DELETE', `/v3.0/OS-ROLE/roles/${policy}`)
    expect(made.body.role).toMatchObject({ ...role([allow]).role, name: expect.any(String), catalog: 'CUSTOMED' })
    expect(await write()).toBe(403)
    expect(await give(policy)).toBe(204)
    expect(await write()).toBe(204)
    expect((await stage.admin('HEAD', rolePath(policy))).status).toBe(204)
    const { body } = await stage.admin('GET', rolePath(policy).replace(/\/[^/]*$/, ''))
    expect(body.roles.map(({ id }: { id: string }) => id).sort()).toEqual([readonly, policy].sort())
  })

  it('a Deny overrides every Allow until it is removed', async () => {
    const path = `/v3.0/OS-ROLE/roles/${policy}`
    expect((await stage.admin('PATCH', path, role([allow, deny]))).status).toBe(200)
    expect([await read(), await write()]).toEqual([200, 403])
    expect((await stage.admin('PATCH', path, role([allow]))).status).toBe(200)
    expect([await read(), await write()]).toEqual([200, 204])
  })

  it('a policy that is assigned to a user cannot be deleted', async () => {
    const refused = await stage.admin('DELETE', `/v3.0/OS-ROLE/roles/${policy}`)
    expect([refused.status, refused.body]).toEqual([
      409,
      { error: { code: 409, message: 'The role is still assigned.', title: 'Conflict' } },
    ])
  })

  it('revoking roles one by one revokes access to databases first, then to everything', async () => {
    expect((await asPerson('GET', databases())).status).toBe(200)
    expect(await take(readonly)).toBe(204)
    const refused = await asPerson('GET', databases())
    expect([refused.status, refused.body.error_code]).toEqual([403, 'DBS.200010'])
    expect([await read(), await write()]).toEqual([200, 204])
    expect(await take(policy)).toBe(204)
    const ended = await asPerson('GET', tagPath())
    expect([ended.status, ended.body.error_code]).toEqual([401, 'APIGW.0307'])
    expect(await take(policy), 'there is nothing to take any more').toBe(404)
    expect((await logIn(home.name)).status).toBe(403)
  })

  it('a policy with a condition is refused', async () => {
    const refused = await stage.admin('POST', '/v3.0/OS-ROLE/roles', role([{ ...allow, Condition: { Bool: {} } }]))
    expect([refused.status, refused.body.error.message]).toEqual([400, expect.stringContaining('Condition')])
  })
})

describe('a password that is changed', () => {
  it('changing a password revokes all tokens of the user', async () => {
    const { body } = await stage.admin('GET', '/v3/roles')
    await give(body.roles.find(({ name }: { name: string }) => name === 'te_admin').id)
    login = await logIn(home.name)
    expect([await read(), await write()]).toEqual([200, 204])
    const path = `/v3/users/${person.id}/password`
    const fresh = `Another one: ${randomUUID()}`
    const wrong = await asPerson('POST', path, { user: { original_password: 'not it', password: fresh } })
    expect(wrong.status).toBe(401)
    const changed = await asPerson('POST', path, { user: { original_password: person.password, password: fresh } })
    expect(changed.status).toBe(204)
    expect([await read(), (await logIn(home.name)).status]).toEqual([401, 401])
    person = { ...person, password: fresh }
    login = await logIn(home.name)
    expect(await read()).toBe(200)
  })
})

describe('a user that is disabled or deleted', () => {
  it('a disabled or deleted user is refused at the next request', async () => {
    expect(await read()).toBe(200)
    const path = `/v3/users/${person.id}`
    expect((await stage.admin('PATCH', path, { user: { enabled: false } })).status).toBe(200)
    expect([await read(), (await logIn(home.name)).status]).toEqual([401, 401])
    expect((await stage.admin('PATCH', path, { user: { enabled: true } })).status).toBe(200)
    login = await logIn(home.name)
    expect(await read()).toBe(200)
    expect((await stage.admin('DELETE', path)).status).toBe(204)
    expect([await read(), (await logIn(home.name)).status]).toEqual([401, 401])
    expect((await stage.admin('GET', path)).status).toBe(404)
  })
})
