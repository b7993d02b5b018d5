import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { callSample, SAMPLES } from '../support/samples/all.ts'
import { makeWorld, type World } from '../support/samples/sample.ts'
import { PASSWORD } from '../support/samples/values.ts'
import { startTestService, type TestService } from '../support/service.ts'

// Every operation is called by the administrator of one domain with the ids of another domain, the first one.

let service: TestService
let world: World
let tokens: Readonly<Record<'project' | 'domain', string>>
beforeAll(async () => {
  service = await startTestService({ flags: { faults: 'on' } })
  world = await makeWorld(service)
  const domain = { name: 'acme', administrator: { name: 'boss', password: PASSWORD } }
  await world.made('POST', '/v3/domains', { domain })
  tokens = { project: await logIn({ project: { name: 'default' } }), domain: await logIn({ domain: { name: 'acme' } }) }
  for (const token of Object.values(tokens)) {
    expect((await service.call('GET', '/v3/auth/projects', { token })).body.projects).toHaveLength(1)
  }
})
afterAll(() => service.stop())

async function logIn(scope: object): Promise<string> {
  const user = { name: 'boss', password: PASSWORD, domain: { name: 'acme' } }
  const auth = { identity: { methods: ['password'], password: { user } }, scope }
  const { headers } = await service.call('POST', '/v3/auth/tokens', { token: null, body: { auth } })
  return headers.get('x-subject-token') as string
}

/** Names in paths whose values are records of a domain. The others are the same in every domain. */
const OF_DOMAIN = [
  'access_key',
  'domain_id',
  'image_id',
  'instance_id',
  'job_id',
  'member',
  'project_id',
  'resource_id',
  'role_id',
  'user_id',
]

/** Needs no token, or looks at none: the session of the console is proved by its cookie. */
const OPEN = ['POST /v3/auth/tokens', ...['POST', 'GET', 'DELETE'].map((method) => `${method} /tagwerk/v1/session`)]

const CALLS = Object.keys(SAMPLES)
  .filter((operation) => !OPEN.includes(operation))
  .flatMap((operation) => (['project', 'domain'] as const).map((scope) => [operation, scope] as const))

describe('the administrator of another domain', () => {
  it.each(CALLS)(
    '%s with a token for a %s of another domain neither shows nor changes a record',
    async (operation, scope) => {
      const filled = await SAMPLES[operation]!.fill(world)
      const before = await stateOf()
      const answer = await callSample(operation, world, filled, tokens[scope])
      const foreign = [world.domainId, world.projectId, world.otherProjectId, world.adminId, ...idsIn(filled.path)]
      const namesRecord = OF_DOMAIN.some((name) => operation.includes(`{${name}}`)) || filled.headers !== undefined
      if (namesRecord) expect([400, 401, 403, 404]).toContain(answer.status)
      if (answer.status < 300) for (const id of foreign) expect(answer.text).not.toContain(id)
      expect(await stateOf()).toEqual(before)
    },
  )

  it('the records of both domains are separate, and only the first domain lists all domains', async () => {
    const list = async (path: string, token: string) => (await service.call('GET', path, { token })).body
    const names = (records: readonly { name: string }[]) => records.map(({ name }) => name)
    expect(names((await list('/v3/users', tokens.domain)).users)).toContain('boss')
    expect(names((await list('/v3/users', tokens.domain)).users)).not.toContain('admin')
    expect(names((await list('/v3/domains', tokens.domain)).domains)).toEqual(['acme'])
    expect(names((await list('/v3/domains', world.domainToken)).domains)).toEqual(
      expect.arrayContaining(['acme', 'default']),
    )
    expect(names((await list('/v3/users', world.domainToken)).users)).not.toContain('boss')
  })
})

/** What a call of another domain must not change: users, projects, roles, predefined tags, and the revision of resources. */
async function stateOf(): Promise<unknown> {
  const ask = (path: string) => service.call('GET', path, { token: world.domainToken })
  const lists = ['/v3/users', '/v3/projects', '/v3/roles', '/v1.0/predefine_tags', '/v3/role_assignments']
  const answers = await Promise.all(lists.map(async (path) => (await ask(path)).body))
  const tags = await service.call('GET', `/v3/${world.projectId}/tags`)
  return [...answers, tags.headers.get('x-tagwerk-revision')]
}

function idsIn(path: Readonly<Record<string, string>> = {}): readonly string[] {
  return Object.entries(path).flatMap(([name, value]) => (OF_DOMAIN.includes(name) ? [value] : []))
}
