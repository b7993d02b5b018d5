import { afterAll, beforeAll, describe } from 'vitest'
import { runScenarios, type Scenario } from '../scenarios.ts'
import { accessScenarios, type DomainWorld, startDomainWorld } from './domain-world.ts'
import { tmsError } from './tms-errors.ts'

// T5: GET /v1.0/tms/providers (contract 5).

const PATH = '/v1.0/tms/providers'

let world: DomainWorld
beforeAll(async () => {
  world = await startDomainWorld({ flags: { region: 'eu-de' } })
})
afterAll(() => world.service.stop())

const provider = (id: string, name: string, type: string, typeName: string) => ({
  provider: id,
  provider_i18n_display_name: name,
  resource_types: [
    { resource_type: type, resource_type_i18n_display_name: typeName, regions: ['eu-de'], global: false },
  ],
})
const IMS = provider('ims', 'Image Management Service', 'private_image', 'Private image')
const GAUSSDB = provider('gaussdb', 'TaurusDB', 'gaussdb', 'DB instance')
const IN_CHINESE = [
  provider('ims', '镜像服务', 'private_image', '私有镜像'),
  provider('gaussdb', '云数据库 TaurusDB', 'gaussdb', '数据库实例'),
]

const asked = (query: string, expected: Omit<Scenario, 'name' | 'request'>): Scenario => ({
  name: query || 'all',
  request: { method: 'GET', path: PATH + query, token: 'domain' },
  ...expected,
})
const page = (total_count: number, ...providers: object[]) => ({ status: 200, body: { providers, total_count } })

describe('lists the services', () => {
  runScenarios(
    () => world.target({}),
    [
      asked('', page(2, IMS, GAUSSDB)),
      asked('?locale=en-us&limit=200', page(2, IMS, GAUSSDB)),
      asked('?locale=zh-cn', page(2, ...IN_CHINESE)),
      asked('?limit=1', page(2, IMS)),
      asked('?limit=1&offset=1', page(2, GAUSSDB)),
      asked('?offset=2', page(2)),
      asked('?offset=1000000', page(2)),
      asked('?provider=ims', page(1, IMS)),
      asked('?provider=gaussdb&offset=1', page(1)),
      asked('?provider=IMS', page(0)),
      asked('?provider=ecs', page(0)),
    ],
  )
})

describe('refuses', () => {
  runScenarios(
    () => world.target({}),
    [
      ...['0', '-1', '201', 'x', ''].map((limit) => asked(`?limit=${limit}`, tmsError(400, 'TMS.0007', 'limit'))),
      ...['-1', 'x', '1.5', ''].map((offset) => asked(`?offset=${offset}`, tmsError(400, 'TMS.0017', 'offset'))),
      asked('?locale=de-de', tmsError(400, 'TMS.0002', 'locale', '"de-de"')),
    ],
  )
})

describe('access control: answers', () => {
  runScenarios(() => world.target({}), accessScenarios({ method: 'GET', path: PATH }, 'reads', { status: 200 }))
})
