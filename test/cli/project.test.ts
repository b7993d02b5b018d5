import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestService, type TestService } from '../support/service.ts'
import { run, startProxy } from './run.ts'

const PASSWORD = 'a password of ann'
const IMAGE = { resource_type: 'images', resource_id: 'image', tags: [{ key: 'env', value: 'prod' }] }

const withPassword = { TAGWERK_PASSWORD: PASSWORD }

/** Creates a user with a role in some projects, and in no other scope. */
async function createUser(test: TestService, name: string, projects: readonly string[], role = 'te_admin') {
  const token = await test.tokenFor(undefined)
  const { body: roles } = await test.call('GET', '/v3/roles', { token })
  const { id: roleId } = roles.roles.find((each: { name: string }) => each.name === role)
  const user = await test.call('POST', '/v3/users', { token, body: { user: { name, password: PASSWORD } } })
  for (const project of projects) {
    const found = await test.call('GET', `/v3/projects?name=${project}`, { token })
    const path = `/v3/projects/${found.body.projects[0].id}/users/${user.body.user.id}/roles/${roleId}`
    expect((await test.call('PUT', path, { token })).status).toBe(204)
  }
}

async function createProject(test: TestService, name: string): Promise<string> {
  const token = await test.tokenFor(undefined)
  return (await test.call('POST', '/v3/projects', { token, body: { project: { name } } })).body.project.id
}

describe('a user with a role in one project only', () => {
  let test: TestService
  beforeAll(async () => {
    test = await startTestService({ flags: { region: 'eu-de' } })
    for (const name of ['tenant', 'second']) await createProject(test, name)
    await createUser(test, 'ann', ['tenant'])
    await createUser(test, 'bob', ['eu-de'])
    await createUser(test, 'eve', ['eu-de', 'tenant'])
  })
  afterAll(() => test.stop())

  const as = (user: string, argv: readonly string[], stdin?: string) =>
    run([...argv, '--user', user], { endpoint: test.url, env: withPassword, ...(stdin !== undefined && { stdin }) })

  it.each([
    ['ann', ['--project', 'tenant']],
    ['bob', []],
  ])('user %s uses every client command with %j', async (user, flags) => {
    const imported = await as(user, ['import', '-', ...flags], JSON.stringify(IMAGE))
    expect(imported).toMatchObject({ code: 0, stderr: '' })
    expect((await as(user, ['count', ...flags])).stdout).toBe('1\n')
    expect((await as(user, ['tag', 'image', 'env=test', ...flags])).code).toBe(0)
    expect((await as(user, ['tags', 'image', ...flags])).stdout).toContain('test')
    expect((await as(user, ['query', '--tag', 'env=test', ...flags])).stdout).toContain('image')
    const exported = await as(user, ['export', ...flags])
    expect(
      exported.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).resource_id),
    ).toEqual(['image'])
    expect((await as(user, ['projects', ...flags])).stdout).toMatch(
      user === 'ann' ? /^\w+ +tenant +\w+\n$/m : /^\w+ +eu-de +\w+\n$/m,
    )
    expect((await as(user, ['access-key', ...flags])).code).toBe(0)
    const token = await as(user, ['token', '--project', user === 'ann' ? 'tenant' : 'eu-de'])
    expect([token.code, token.stderr]).toEqual([0, ''])
  })

  it('lines of other projects are refused, and nothing else', async () => {
    const lines = ['tenant', 'second', 'new'].map((project, i) =>
      JSON.stringify({ ...IMAGE, resource_id: `i${i}`, project }),
    )
    const { code, stdout, stderr } = await as('ann', ['import', '-', '--project', 'tenant'], lines.join('\n'))
    expect(code).toBe(3)
    expect(stdout).toMatch(/^Resources: 1 created, 0 updated, 0 unchanged, 2 refused\./)
    expect(stderr).toMatch(/^-:2: project: must be one of "tenant"/)
  })

  it.each([['count'], ['tags'], ['export'], ['import', '-'], ['projects'], ['access-key'], ['token']])(
    'without a role in the domain and in the default project, %s asks for a project',
    async (...argv) => {
      const { code, stdout, stderr } = await as('ann', argv, '{}')
      expect([code, stdout]).toEqual([2, ''])
      expect(stderr).toMatch(
        /^error: user ann has no role in the domain.*name a project with --project or TAGWERK_PROJECT\n$/,
      )
    },
  )

  it('export does not leave out other projects of the user in silence', async () => {
    const { code, stdout, stderr } = await as('eve', ['export'])
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toBe(
      'error: user eve has no role in the domain: choose one of its projects with --project: eu-de, tenant\n',
    )
    expect((await as('eve', ['export', '--project', 'tenant'])).code).toBe(0)
  })

  it('a role in the project allows what the roles in the domain do not', async () => {
    await createUser(test, 'kim', ['tenant'])
    const token = await test.tokenFor(undefined)
    const { body: users } = await test.call('GET', '/v3/users?name=kim', { token })
    const { id: userId, domain_id: domain } = users.users[0]
    const { body: roles } = await test.call('GET', '/v3/roles', { token })
    const { id: roleId } = roles.roles.find((each: { name: string }) => each.name === 'readonly')
    await test.call('PUT', `/v3/domains/${domain}/users/${userId}/roles/${roleId}`, { token })
    const line = JSON.stringify({ ...IMAGE, resource_id: 'by-kim' })
    expect(await as('kim', ['import', '-', '--project', 'tenant'], line)).toMatchObject({ code: 0, stderr: '' })
    expect(await as('kim', ['import', '-'], line)).toMatchObject({ code: 1, stderr: expect.stringContaining('403') })
  })
})

describe('the default project', () => {
  it('is named after the region of the service, for every command', async () => {
    const test = await startTestService({ flags: { region: 'eu-de' } })
    await createProject(test, 'default')
    const ask = (argv: readonly string[], stdin = '') => run(argv, { endpoint: test.url, stdin })
    expect((await ask(['import', '-'], JSON.stringify(IMAGE))).stdout).toMatch(/^Resources: 1 created/)
    expect((await ask(['count'])).stdout).toBe('1\n')
    expect((await ask(['count', '--project', 'eu-de'])).stdout).toBe('1\n')
    expect((await ask(['count', '--project', 'default'])).stdout).toBe('0\n')
    await test.stop()
  })

  it('is the only project if none is named after the region, and otherwise has to be named', async () => {
    const test = await startTestService({ flags: { region: 'eu-de' } })
    const token = await test.tokenFor(undefined)
    const ask = (argv: readonly string[], stdin = '') => run(argv, { endpoint: test.url, stdin })
    const rename = { project: { name: 'only' } }
    expect((await test.call('PATCH', `/v3/projects/${test.project}`, { token, body: rename })).status).toBe(200)
    expect((await ask(['import', '-'], JSON.stringify(IMAGE))).stdout).toMatch(/^Resources: 1 created/)
    expect((await ask(['count'])).stdout).toBe('1\n')
    for (let i = 0; i < 12; i++) await createProject(test, `p${String(i).padStart(2, '0')}`)
    expect(await ask(['count'])).toMatchObject({
      code: 2,
      stderr:
        'error: there are several projects, and none of them is named after the region "eu-de": choose one of only, ' +
        'p00, p01, p02, p03, p04, p05, p06, p07, p08 and 3 more ("tagwerk projects" lists them) with --project or ' +
        'TAGWERK_PROJECT\n',
    })
    const imported = await ask(['import', '-'], JSON.stringify(IMAGE))
    expect(imported.code).toBe(3)
    expect(imported.stderr).toMatch(
      /^-:1: project: is required\.\nLines without a project need --project or TAGWERK_PROJECT here/,
    )
    expect((await ask(['import', '-', '--project', 'p00'], JSON.stringify(IMAGE))).code).toBe(0)
    await test.stop()
  })
})

describe('an unknown project', () => {
  let test: TestService
  beforeAll(async () => {
    test = await startTestService()
    for (const name of ['staging', 'production']) await createProject(test, name)
    await createUser(test, 'ann', ['default', 'staging'])
    await createUser(test, 'joe', ['staging'])
  })
  afterAll(() => test.stop())

  it.each([['count'], ['query'], ['tags'], ['tag', 'i', 'k=v'], ['token'], ['export']])(
    'is reported by %s with the projects of the user',
    async (...argv) => {
      const ask = (name: string) => run([...argv, '--project', name], { endpoint: test.url })
      const head = (name: string) => `error: there is no project of the name "${name}" for user admin.`
      const typo = await ask('stagin')
      expect([typo.code, typo.stdout]).toEqual([1, ''])
      expect(typo.stderr).toBe(
        `${head('stagin')} Did you mean "staging"? Its projects are: default, production, staging\n`,
      )
      expect((await ask('xyz')).stderr).toBe(`${head('xyz')} Its projects are: default, production, staging\n`)
    },
  )

  it('is reported with the projects in which a user without a role in the domain has one', async () => {
    const ask = (user: string) =>
      run(['count', '--project', 'production', '--user', user], { endpoint: test.url, env: withPassword })
    const head = (user: string) => `error: there is no project of the name "production" for user ${user}`
    expect(await ask('ann')).toMatchObject({ code: 1, stderr: `${head('ann')}. Its projects are: default, staging\n` })
    expect(await ask('joe')).toMatchObject({ code: 1, stderr: `${head('joe')}\n` })
  })

  it('a proxy that answers 403 is reported as such', async () => {
    const proxy = await startProxy(test.url, (request, response) => {
      if (!request.url?.startsWith('/v3/auth/tokens')) return false
      response.writeHead(403, { 'content-type': 'text/html' }).end('<html>')
      return true
    })
    const { code, stderr } = await run(['count'], { endpoint: proxy.url })
    await proxy.stop()
    expect([code, stderr]).toEqual([1, expect.stringContaining('does not come from Tagwerk')])
  })
})
