import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { RESOURCE_TYPE_ROWS, SERVICE_ROWS } from '../../../src/core/resource-type-rows.ts'
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

const SERVICES = Object.keys(SERVICE_ROWS).length

it('every registered type is listed once, with its region unless it is global', async () => {
  const { url, tokens } = world.target({})
  const answer = await fetch(`${url}${PATH}?limit=200`, { headers: { 'x-auth-token': tokens.domain as string } })
  type Service = {
    readonly provider: string
    readonly resource_types: readonly {
      readonly resource_type: string
      readonly regions: readonly string[]
      readonly global: boolean
    }[]
  }
  const services = ((await answer.json()) as { readonly providers: readonly Service[] }).providers
  const listed = services.flatMap(({ provider, resource_types }) =>
    resource_types.map(({ resource_type, regions, global }) => [provider, resource_type, regions.length, global]),
  )
  const expected = RESOURCE_TYPE_ROWS.map(({ service, name, tmsName = name, isGlobal = false }) => [
    service,
    tmsName,
    isGlobal ? 0 : 1,
    isGlobal,
  ])
  expect(listed.toSorted()).toEqual(expected.toSorted())
})

describe('lists the services', () => {
  runScenarios(
    () => world.target({}),
    [
      asked('?limit=2', page(SERVICES, IMS, GAUSSDB)),
      asked('?locale=en-us&limit=2', page(SERVICES, IMS, GAUSSDB)),
      asked('?locale=zh-cn&limit=2', page(SERVICES, ...IN_CHINESE)),
      asked('?limit=1', page(SERVICES, IMS)),
      asked('?limit=1&offset=1', page(SERVICES, GAUSSDB)),
      asked(`?offset=${SERVICES}`, page(SERVICES)),
      asked('?offset=1000000', page(SERVICES)),
      asked('?provider=ims', page(1, IMS)),
      asked('?provider=gaussdb&offset=1', page(1)),
      asked('?provider=IMS', page(0)),
      asked('?provider=robots', page(0)),
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
