import { describe, expect, it } from 'vitest'
import { makeAccessKey, sendSigned } from '../../support/signing.ts'
import { runScenarios } from '../scenarios.ts'
import { needsToken, withWorld } from './world.ts'

// GET /v3/auth/catalog (contract 7: what the OTC Go SDK begins with).

const world = withWorld()
const PATH = '/v3/auth/catalog'

/** The services with a family of their own. */
const OWN = ['iam', 'identity', 'image', 'gaussdb', 'gaussdb-mysql', 'volumev2', 'tms']

type Entry = { type: string; id: string; name: string; endpoints: Record<string, string>[] }

it.each(['project', 'reader'])(
  'every service with a family of its own is shown first, with its address in the project of the token "%s"',
  async (token) => {
    const { ask, service, ids } = world()
    const { status, body } = await ask('GET', PATH, undefined, token)
    expect(status).toBe(200)
    expect(body.links).toEqual({ self: service.url + PATH })
    const urls = (body.catalog as Entry[]).map(({ type, endpoints }) => [type, endpoints[0]?.region, endpoints[0]?.url])
    expect(urls.slice(0, 7)).toEqual([
      ['iam', '*', `${service.url}/v3.0`],
      ['identity', '*', `${service.url}/v3`],
      ['image', 'default', service.url],
      ['gaussdb', 'default', `${service.url}/v3/${ids.project}`],
      ['gaussdb-mysql', 'default', `${service.url}/v3/${ids.project}`],
      ['volumev2', 'default', `${service.url}/v2/${ids.project}`],
      ['tms', '*', `${service.url}/tms/default/v1.0`],
    ])
  },
)

it('the identity service is also shown in the region, as openstackclient needs', async () => {
  const { body } = await world().ask('GET', PATH, undefined, 'project')
  const identity = (body.catalog as Entry[]).find(({ type }) => type === 'identity')
  expect(identity?.endpoints.map(({ region }) => region)).toEqual(['*', 'default'])
})

it('the addresses of databases lead to the database service as OTC clients use them', async () => {
  const { ask, service } = world()
  const { body } = await ask('GET', PATH, undefined, 'project')
  const addressOf = (type: string) => (body.catalog as Entry[]).find((entry) => entry.type === type)!.endpoints[0]!.url!
  // The OTC Go SDK replaces the first `v2` of the address (D37).
  for (const address of [addressOf('gaussdb-mysql'), addressOf('volumev2').replace('v2', 'mysql/v3')]) {
    const answer = await ask('GET', `${address.replace(service.url, '')}/instances`, undefined, 'project')
    expect([address, answer.status, answer.body]).toEqual([address, 200, { total_count: 0, instances: [] }])
  }
})

it.each(['project', 'domain'])('the catalogue is the same as in a token for a %s', async (name) => {
  const { service, ask, target } = world()
  const { status, body } = await ask('GET', PATH, undefined, name)
  const token = target.tokens[name] as string
  const validated = await service.call('GET', '/v3/auth/tokens', { token, headers: { 'x-subject-token': token } })
  expect([status, body.catalog]).toEqual([200, validated.body.token.catalog])
})

it('a signed request without a project sees global services, one with a project sees all', async () => {
  const { service, ids, target } = world()
  const key = await makeAccessKey(service.call, ids.admin as string, target.tokens.domain)
  const typesFor = async (headers: Record<string, string>) => {
    const { status, body } = await sendSigned(service.url, key, { method: 'GET', path: PATH, headers })
    const types = (body.catalog as Entry[]).map(({ type }) => type)
    return {
      status,
      own: types.filter((type) => OWN.includes(type)),
      global: types.includes('scm'),
      regional: types.includes('vpc'),
    }
  }
  const own = ['iam', 'identity', 'tms']
  expect(await typesFor({})).toEqual({ status: 200, own, global: true, regional: false })
  const inProject = await typesFor({ 'x-project-id': ids.project as string })
  expect(inProject).toEqual({ status: 200, own: OWN, global: true, regional: true })
})

describe('answers to GET', () => runScenarios(() => world().target, needsToken({ method: 'GET', path: PATH })))
