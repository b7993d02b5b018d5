import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { image, instance, newImageId, newInstanceId } from '../fixtures.ts'
import { runScenarios, type Scenario } from '../scenarios.ts'
import { accessScenarios, type DomainWorld, startDomainWorld } from './domain-world.ts'
import { tmsError } from './tms-errors.ts'

// T13: GET /v1.0/tags (contract 5).

const PATH = '/v1.0/tags'

let world: DomainWorld
beforeAll(async () => {
  world = await startDomainWorld()
  await world.service.register(
    image(newImageId(), 'team=b', 'empty='),
    image(newImageId(), 'team=B', '键=值'),
    image(newImageId(), 'team=b'),
    instance(newInstanceId(), 'team=a', 'db=1'),
  )
  await world.inProject('another', image(newImageId(), 'elsewhere=1'))
})
afterAll(() => world.service.stop())

const list = (resourceTypes: string, project = world.project) =>
  world.ask('GET', `${PATH}?resource_types=${resourceTypes}&project_id=${project}&tag_types=resource`)

const IMAGE_TAGS = [
  { key: 'empty', values: [''] },
  { key: 'team', values: ['B', 'b'] },
  { key: '键', values: ['值'] },
]
const INSTANCE_TAGS = [
  { key: 'db', values: ['1'] },
  { key: 'team', values: ['a'] },
]

describe('the tags of a project', () => {
  it.each([
    ['images', IMAGE_TAGS],
    ['private_image', IMAGE_TAGS],
    ['instances', INSTANCE_TAGS],
    ['gaussdb', INSTANCE_TAGS],
  ])('of the type %s are listed once each, ascending by code point', async (type, tags) => {
    const { status, body } = await list(type)
    expect({ status, body }).toStrictEqual({ status: 200, body: { tags, errors: [] } })
  })

  it.each(['images,instances', 'instances,images', 'images%2Cinstances', 'images,images,gaussdb'])(
    'of the types %s are merged by key',
    async (types) => {
      expect((await list(types)).body.tags).toEqual([
        { key: 'db', values: ['1'] },
        { key: 'empty', values: [''] },
        { key: 'team', values: ['B', 'a', 'b'] },
        { key: '键', values: ['值'] },
      ])
    },
  )

  it('do not contain those of another project', async () => {
    const another = await world.inProject('another')
    expect((await list('images', another)).body.tags).toEqual([{ key: 'elsewhere', values: ['1'] }])
    expect((await list('instances', another)).body).toEqual({ tags: [], errors: [] })
  })
})

describe('refuses', () => {
  const asked = (name: string, query: string, code: string, ...fragments: string[]): Scenario => ({
    name,
    request: { method: 'GET', path: `${PATH}?${query}`, token: 'domain' },
    ...tmsError(400, code, ...fragments),
  })
  const project = 'project_id={project}'
  const tagTypes = 'tag_types=resource'
  runScenarios(
    () => world.target({}),
    [
      asked('no type', `${project}&${tagTypes}`, 'TMS.5027', 'resource_types', 'is required'),
      asked('an empty type', `resource_types=&${project}&${tagTypes}`, 'TMS.5027', 'resource_types'),
      asked('an unknown type', `resource_types=robot&${project}&${tagTypes}`, 'TMS.5027', 'resource_types', 'robot'),
      asked(
        'an unknown type among others',
        `resource_types=images,Images&${project}&${tagTypes}`,
        'TMS.5027',
        'resource_types[1]',
        'Images',
      ),
      asked('no project', `resource_types=images&${tagTypes}`, 'TMS.2011', 'project_id', 'is required'),
      asked('an unknown project', `resource_types=images&project_id=x&${tagTypes}`, 'TMS.2011', 'project_id', 'x'),
      asked('a foreign project', `resource_types=images&project_id={foreign}&${tagTypes}`, 'TMS.2011', 'project_id'),
      asked('no type of tags', `resource_types=images&${project}`, 'TMS.0002', 'tag_types', 'is required'),
      asked(
        'an unknown type of tags',
        `resource_types=images&${project}&tag_types=predefine`,
        'TMS.0002',
        'tag_types',
        'resource',
      ),
      asked(
        'a type that is given twice',
        `resource_types=images&resource_types=gaussdb&${project}&${tagTypes}`,
        'TMS.5027',
        'resource_types',
      ),
    ],
  )
})

describe('access control: answers', () => {
  const request = { method: 'GET', path: `${PATH}?resource_types=images&project_id={project}&tag_types=resource` }
  runScenarios(() => world.target({}), accessScenarios(request, 'reads', { status: 200 }))
})
