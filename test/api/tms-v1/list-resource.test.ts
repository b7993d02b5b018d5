import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { image, instance, newImageId, newInstanceId, texts } from '../fixtures.ts'
import { runScenarios, type Scenario } from '../scenarios.ts'
import { accessScenarios, badBodies, type DomainWorld, startDomainWorld } from './domain-world.ts'
import { tmsError } from './tms-errors.ts'

// T8: POST /v1.0/resource-instances/filter (contract 5; 4.2; D16, D29).

const PATH = '/v1.0/resource-instances/filter'

let world: DomainWorld
let other: string
const i1 = newImageId()
const i2 = newImageId()
const i3 = newImageId()
const d1 = newInstanceId()
const d2 = newInstanceId()
const o1 = newImageId()
const o2 = newInstanceId()
const NAMES: Readonly<Record<string, string>> = {
  [i1]: 'i1',
  [i2]: 'i2',
  [i3]: 'i3',
  [d1]: 'd1',
  [d2]: 'd2',
  [o1]: 'o1',
  [o2]: 'o2',
}

beforeAll(async () => {
  world = await startDomainWorld()
  await world.service.register(
    image(i1, 'env=dev', 'test=test'),
    image(i2, 'env=prod'),
    image(i3),
    instance(d1, 'env=dev', 'test='),
    instance(d2),
  )
  other = await world.inProject('another', image(o1, 'env=dev', 'test=test'), instance(o2, 'Env=dev'))
})
afterAll(() => world.service.stop())

const filter = (key: string, ...values: string[]) => ({ key, values })
const find = (body: Record<string, unknown>, token?: string) => world.ask('POST', PATH, body, token)
const BOTH = ['images', 'gaussdb']

/** Short names of the resources found. */
async function found(body: Record<string, unknown>): Promise<string[]> {
  const answer = await find({ resource_types: BOTH, ...body })
  expect(answer.status).toBe(200)
  expect(answer.body.errors).toEqual([])
  expect(answer.body.total_count).toBe(answer.body.resources.length)
  return answer.body.resources.map(({ resource_id }: { resource_id: string }) => NAMES[resource_id])
}

describe('finds resources', () => {
  it('resources are shown with project, type, detail and all tags', async () => {
    const detail = { status: 'active', min_disk: 10 }
    const id = newImageId()
    const project = await world.inProject('shown', { ...image(id, 'shown=1', 'more=2'), resource_detail: detail })
    const body = { project_id: project, resource_types: ['images'], tags: [filter('shown', '1')], offset: 0, limit: 10 }
    const answer = await find(body)
    expect([answer.status, answer.body]).toEqual([
      200,
      {
        resources: [
          {
            project_id: project,
            project_name: 'shown',
            resource_type: 'images',
            resource_id: id,
            resource_name: `image ${id.slice(-4)}`,
            resource_detail: expect.objectContaining(detail),
            tags: [
              { key: 'shown', value: '1' },
              { key: 'more', value: '2' },
            ],
          },
        ],
        errors: [],
        total_count: 1,
      },
    ])
  })

  it.each([
    ['one key', { tags: [filter('env', 'dev')] }, ['i1', 'd1']],
    ['one of several values', { tags: [filter('env', 'dev', 'prod')] }, ['i1', 'i2', 'd1']],
    ['every key (D16)', { tags: [filter('env', 'dev', 'prod'), filter('test', 'test')] }, ['i1']],
    ['any value', { tags: [filter('test')] }, ['i1', 'd1']],
    ['the empty value', { tags: [filter('test', '')] }, ['d1']],
    ['a key in another letter case', { tags: [filter('ENV')] }, []],
    ['a value with a star in front, literally', { tags: [filter('env', '*dev')] }, []],
    ['no tag', { without_any_tag: true }, ['i3', 'd2']],
    ['no tag, whatever tags say (D16)', { without_any_tag: true, tags: [filter('env')] }, ['i3', 'd2']],
    ['no tag, with tags that are none', { without_any_tag: true, tags: 'x' }, ['i3', 'd2']],
    ['tags when without_any_tag is false', { without_any_tag: false, tags: [filter('env', 'prod')] }, ['i2']],
    ['10 keys of 10 values', { tags: texts('k', 10).map((key) => filter(key, ...texts('v', 10))) }, []],
    ['a key of 127 and a value of 255 characters (D29)', { tags: [filter('*'.repeat(127), '<'.repeat(255))] }, []],
  ])('by %s', async (_name, body, expected) => {
    expect(await found({ project_id: world.project, ...body })).toEqual(expected)
  })

  it('without a project id, all projects are searched, ordered by type, then project name', async () => {
    expect(await found({ tags: [filter('env', 'dev')] })).toEqual(['o1', 'i1', 'd1'])
    expect(await found({ resource_types: ['gaussdb', 'images'], tags: [filter('env', 'dev')] })).toEqual([
      'd1',
      'o1',
      'i1',
    ])
  })

  it.each([
    [['private_image'], ['private_image']],
    [['instances'], ['instances']],
    [
      ['gaussdb', 'private_image'],
      ['gaussdb', 'private_image'],
    ],
    // A type is listed once, under the first of its given names.
    [
      ['private_image', 'images', 'gaussdb', 'instances', 'gaussdb'],
      ['private_image', 'gaussdb'],
    ],
  ])('of the types %j under the names asked for (D16)', async (resource_types, names) => {
    const body = { project_id: world.project, resource_types, tags: [filter('env', 'dev')] }
    const { body: answer } = await find(body)
    expect(answer.resources.map(({ resource_type }: { resource_type: string }) => resource_type)).toEqual(names)
    expect(answer.total_count).toBe(names.length)
  })

  it('a filter reflects a change at once', async () => {
    const tags = [{ key: 'now', value: '1' }]
    const resources = [{ resource_id: i3, resource_type: 'images' }]
    await world.ask('POST', '/v1.0/resource-tags/batch-create', { project_id: world.project, resources, tags })
    expect(await found({ tags: [filter('now', '1')] })).toEqual(['i3'])
    await world.ask('POST', '/v1.0/resource-tags/batch-delete', { project_id: world.project, resources, tags })
    expect(await found({ tags: [filter('now', '1')] })).toEqual([])
  })
})

describe('pages', () => {
  const paged = { resource_types: BOTH, tags: [filter('page')] }
  const all: string[] = []
  beforeAll(async () => {
    const made: { project: string; type: string; id: string }[] = []
    for (const project of ['p1', 'p2']) {
      for (const type of BOTH) {
        const ids = texts('', 5).map(type === 'images' ? newImageId : newInstanceId)
        await world.inProject(project, ...ids.map((id) => (type === 'images' ? image : instance)(id, 'page=1')))
        made.push(...ids.map((id) => ({ project, type, id })))
      }
    }
    for (const type of BOTH) all.push(...made.filter((each) => each.type === type).map(({ id }) => id))
  })

  it.each([1, 3, 5, 7, 19, 20, 200])(
    'pages of %i across types and projects return every resource once, in order',
    async (limit) => {
      const seen: string[] = []
      for (let offset = 0; ; offset += limit) {
        const { body } = await find({ ...paged, limit, offset })
        expect(body.total_count).toBe(20)
        if (body.resources.length === 0) break
        expect(body.resources.length).toBe(Math.min(limit, 20 - offset))
        seen.push(...body.resources.map(({ resource_id }: { resource_id: string }) => resource_id))
      }
      expect(seen).toEqual(all)
    },
  )

  it('a page has 200 resources by default and is empty past the end', async () => {
    await world.inProject('p9', ...texts('', 201).map(() => image(newImageId(), 'many=1')))
    const many = { resource_types: ['images'], tags: [filter('many')] }
    const { body } = await find(many)
    expect([body.total_count, body.resources.length]).toEqual([201, 200])
    expect((await find({ ...many, offset: 201 })).body).toEqual({ resources: [], errors: [], total_count: 201 })
    expect((await find({ ...many, offset: 1e15 })).body.total_count).toBe(201)
  })
})

describe('refuses', () => {
  const good = { resource_types: ['images'], tags: [filter('k', 'v')] }
  const withTags = (...tags: unknown[]) => ({ ...good, tags })
  const cases: readonly (readonly [name: string, body: unknown, code: string, ...fragments: string[]])[] = [
    ['no types', { tags: good.tags }, 'TMS.5027', 'resource_types', 'required'],
    ['an empty list of types', { ...good, resource_types: [] }, 'TMS.5027', 'resource_types', 'at least 1'],
    ['an unknown type', { ...good, resource_types: ['images', 'robot'] }, 'TMS.5027', 'resource_types[1]', '"robot"'],
    ['a type in another letter case', { ...good, resource_types: ['Images'] }, 'TMS.5027', '"Images"'],
    [
      'a type with the name of what objects have',
      { ...good, resource_types: ['constructor'] },
      'TMS.5027',
      '"constructor"',
    ],
    ['a type that is no text', { ...good, resource_types: [1] }, 'TMS.0002', 'resource_types[0]', 'a string'],
    ['types that are no list', { ...good, resource_types: 'images' }, 'TMS.0002', 'resource_types', 'an array'],
    ['an unknown project', { ...good, project_id: 'none' }, 'TMS.2011', 'project_id', '"none"'],
    ['an empty project', { ...good, project_id: '' }, 'TMS.2011', 'project_id'],
    ['the name of a project', { ...good, project_id: 'default' }, 'TMS.2011', '"default"'],
    ['a project that is no text', { ...good, project_id: 1 }, 'TMS.0002', 'project_id', 'a string'],
    ['no tags', { resource_types: ['images'] }, 'TMS.0012', 'tags', 'required'],
    ['no tags with without_any_tag false', { resource_types: ['images'], without_any_tag: false }, 'TMS.0012', 'tags'],
    ['an empty list of tags', withTags(), 'TMS.0012', 'tags', 'at least 1'],
    ['a tag without members', withTags({}), 'TMS.0013', 'tags[0]'],
    ['11 keys', withTags(...texts('k', 11).map((key) => filter(key))), 'TMS.0002', 'tags', 'at most 10'],
    ['a key twice', withTags(filter('k', 'a'), filter('k', 'b')), 'TMS.0009', 'tags[1].key', 'twice'],
    ['no key', withTags({ values: [] }), 'TMS.0009', 'tags[0].key', 'required'],
    ['a blank key', withTags(filter(' ')), 'TMS.0009', 'tags[0].key', 'blank'],
    ['a key of 128 characters', withTags(filter('k'.repeat(128))), 'TMS.0009', '127', '128'],
    ['values that are no list', withTags({ key: 'k', values: 'v' }), 'TMS.0002', 'tags[0].values', 'an array'],
    ['11 values', withTags(filter('k', ...texts('v', 11))), 'TMS.0016', 'tags[0].values', 'at most 10'],
    ['a value twice', withTags(filter('k', 'a', 'b', 'a')), 'TMS.0010', 'tags[0].values[2]', 'twice'],
    [
      'a value of 256 characters',
      withTags(filter('k', 'v'.repeat(256))),
      'TMS.0010',
      'tags[0].values[0]',
      '255',
      '256',
    ],
    ['a value that is null', withTags({ key: 'k', values: [null] }), 'TMS.0002', 'tags[0].values[0]', 'a string'],
    ['a value instead of values', withTags({ key: 'k', value: 'v', values: [] }), 'TMS.0002', 'tags[0].value'],
    ['without_any_tag that is a text', { ...good, without_any_tag: 'true' }, 'TMS.0002', 'without_any_tag'],
    ['a limit of 0', { ...good, limit: 0 }, 'TMS.0007', 'limit', '1'],
    ['a limit of 201', { ...good, limit: 201 }, 'TMS.0007', 'limit', '200', '201'],
    ['an offset below 0', { ...good, offset: -1 }, 'TMS.0017', 'offset', '-1'],
    // Integers only, unlike the image service.
    ['a limit that is a text', { ...good, limit: '10' }, 'TMS.0002', 'limit', 'an integer'],
    ['an offset that is a fraction', { ...good, offset: 0.5 }, 'TMS.0002', 'offset', 'an integer'],
    ['an unknown member', { ...good, matches: [] }, 'TMS.0002', 'matches', 'known member'],
  ]
  runScenarios(
    () => world.target({}),
    [
      ...badBodies('POST', PATH),
      ...cases.map(
        ([name, body, code, ...fragments]): Scenario => ({
          name,
          request: { method: 'POST', path: PATH, body, token: 'domain' },
          ...tmsError(400, code, ...fragments),
        }),
      ),
      ...[undefined, null].map(
        (values): Scenario => ({
          name: `values that are ${values}`,
          request: { method: 'POST', path: PATH, body: withTags(filter('a'), { key: 'k', values }), token: 'domain' },
          ...tmsError(409, 'TMS.0014', 'tags[1].values', 'required'),
        }),
      ),
      {
        name: 'not the edges of limit and offset',
        request: { method: 'POST', path: PATH, body: { ...good, limit: 1, offset: 0 }, token: 'domain' },
        status: 200,
      },
    ],
  )
})

describe('keeps domains apart', () => {
  it('a filter answers a project of another domain like an unknown one', async () => {
    const body = { resource_types: ['images'], tags: [filter('secret')] }
    const answer = await find({ ...body, project_id: world.foreign.project })
    expect(answer).toMatchObject(tmsError(400, 'TMS.2011', JSON.stringify(world.foreign.project)))
    expect((await find(body)).body).toEqual({ resources: [], errors: [], total_count: 0 })
    expect((await find(body, world.tokens.stranger)).body.total_count).toBe(1)
    expect(await find({ ...body, project_id: other }, world.tokens.stranger)).toMatchObject({ status: 400 })
  })

  it('a filter leaves out disabled projects', async () => {
    const id = await world.inProject('off', image(newImageId(), 'off=1'))
    const body = { resource_types: ['images'], tags: [filter('off')] }
    expect((await find(body)).body.total_count).toBe(1)
    const changed = await world.ask('PATCH', `/v3/projects/${id}`, { project: { enabled: false } })
    expect(changed.status).toBe(200)
    expect((await find(body)).body.total_count).toBe(0)
    expect(await find({ ...body, project_id: id })).toMatchObject(tmsError(400, 'TMS.2011', 'project_id'))
  })
})

describe('access control: answers', () => {
  const body = { resource_types: ['images'], tags: [filter('k', 'v')] }
  runScenarios(() => world.target({}), accessScenarios({ method: 'POST', path: PATH, body }, 'reads', { status: 200 }))
})
