import { describe, expect, it } from 'vitest'
import { runScenarios } from '../scenarios.ts'
import { asked, FORBIDDEN, needsToken, withWorld } from './world.ts'

// GET /v3/auth/catalog (contract 7: what the OTC Go SDK begins with).

const world = withWorld()
const PATH = '/v3/auth/catalog'

type Entry = { type: string; id: string; name: string; endpoints: Record<string, string>[] }

it.each(['project', 'reader'])('shows every service with its address in the project of %s', async (token) => {
  const { ask, service, ids } = world()
  const { status, body } = await ask('GET', PATH, undefined, token)
  expect(status).toBe(200)
  expect(body.links).toEqual({ self: service.url + PATH })
  const urls = (body.catalog as Entry[]).map(({ type, endpoints }) => [type, endpoints[0]?.region, endpoints[0]?.url])
  expect(urls).toEqual([
    ['iam', '*', `${service.url}/v3.0`],
    ['identity', '*', `${service.url}/v3`],
    ['image', 'local', service.url],
    ['gaussdb', 'local', `${service.url}/v3/${ids.project}`],
    ['tms', '*', `${service.url}/tms/local`],
  ])
})

it('shows the identity service in the region too, where openstackclient looks for it', async () => {
  const { body } = await world().ask('GET', PATH, undefined, 'project')
  const identity = (body.catalog as Entry[]).find(({ type }) => type === 'identity')
  expect(identity?.endpoints.map(({ region }) => region)).toEqual(['*', 'local'])
})

it('is the catalogue of the token', async () => {
  const { service, ask } = world()
  const token = await ask('GET', '/v3/auth/catalog', undefined, 'project')
  const headers = { 'x-subject-token': service.token }
  const validated = await service.call('GET', '/v3/auth/tokens', { headers })
  expect(token.body.catalog).toEqual(validated.body.token.catalog)
})

describe('answers', () =>
  runScenarios(
    () => world().target,
    [...needsToken({ method: 'GET', path: PATH }), asked('403 to a token of a domain', 'GET', PATH, FORBIDDEN)],
  ))
