import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestService, type TestService } from '../../support/service.ts'
import { runScenarios } from '../scenarios.ts'

// T12: GET / (contract 5; contract 7 for openstackclient).

let service: TestService
beforeAll(async () => {
  service = await startTestService({ flags: { 'public-url': 'https://tags.example.com' } })
})
afterAll(() => service.stop())

const ORIGIN = 'https://tags.example.com'
const self = (href: string) => [{ rel: 'self', href }]

/** The version that openstackclient requires at the endpoint of the image service. */
const IMAGE_API = { id: 'v2.7', status: 'CURRENT', links: self(`${ORIGIN}/v2/`) }

/** The version that keystoneauth requires if only the root is configured; without it, it uses v2.0 as Keystone. */
const IDENTITY_API = { id: 'v3.6', status: 'stable', links: self(`${ORIGIN}/v3/`) }

const VERSIONS = [
  {
    id: 'v1.0',
    links: self(`${ORIGIN}/v1.0`),
    version: '',
    status: 'CURRENT',
    updated: '2016-12-09T00:00:00Z',
    min_version: '',
  },
  { id: 'v2.0', links: self(`${ORIGIN}/v2.0`), version: '', status: 'SUPPORTED', updated: '', min_version: '' },
  IMAGE_API,
  IDENTITY_API,
]

describe('lists the versions at the root', () => {
  const target = () => ({ url: service.url, tokens: { project: service.token }, fills: {}, hasRevisions: false })
  const answer = { status: 200, body: { versions: VERSIONS } }
  runScenarios(target, [
    { name: 'without a token', request: { method: 'GET', path: '/', token: null }, ...answer },
    { name: 'with one', request: { method: 'GET', path: '/' }, ...answer },
    { name: 'with a query', request: { method: 'GET', path: '/?x=1', token: null }, ...answer },
    {
      name: 'under the prefix of the tag service',
      request: { method: 'GET', path: '/tms/default/', token: null },
      ...answer,
    },
  ])
})

it('the identity API is listed with the id and status of its own version page', async () => {
  const { body } = await service.call('GET', '/v3', { token: null })
  expect(body.version).toMatchObject(IDENTITY_API)
})
