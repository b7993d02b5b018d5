import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestService, type TestService } from '../../support/service.ts'
import { imsError, ROUTE_NOT_FOUND, TOKEN_MISSING, TOKEN_UNREADABLE } from '../expected.ts'
import { image, instance, newImageId, newInstanceId, projectNamed, tagOf, targetOf, texts } from '../fixtures.ts'
import { runScenarios, type Scenario, type Target } from '../scenarios.ts'

// I5: POST /v2/{project_id}/images/resource_instances/action (S1; contract 2.4; D2 to D4, D9, D15, D17, D24, D25, D28,
// D29). The vectors cover the meaning of the four lists; this file covers validation and paging.

const PATH = '/v2/{project}/images/resource_instances/action'
const LISTS = ['tags', 'tags_any', 'not_tags', 'not_tags_any'] as const

let service: TestService
let target: Target
const ids = Array.from({ length: 12 }, newImageId)

beforeAll(async () => {
  service = await startTestService()
  await service.register(
    ...ids.map((id, i) => image(id, `n=${i}`)),
    // No image query may find an instance.
    instance(newInstanceId(), 'n=0'),
  )
  target = await targetOf(service, {})
})
afterAll(() => service.stop())

function scenario(name: string, body: unknown, expected: Omit<Scenario, 'name' | 'request'>): Scenario {
  return { name, request: { method: 'POST', path: PATH, body }, ...expected }
}

const found = (total: number, shown: number): Omit<Scenario, 'name' | 'request'> => ({
  status: 200,
  body: { total_count: total, resources: Array(shown).fill(expect.any(Object)) },
})
const malformed = (...fragments: string[]) => imsError(400, 'IMG.0001', ...fragments)
const badTag = (...fragments: string[]) => imsError(400, 'IMG.0115', ...fragments)
const item = (key: unknown, ...values: unknown[]) => ({ key, values })
const named = (value: unknown) => ({ key: 'resource_name', value })

describe('action filter', () => {
  runScenarios(
    () => target,
    [
      scenario('filter without conditions returns the first ten of all images', { action: 'filter' }, found(12, 10)),
      scenario(
        'filter returns id, name, detail and all tags of an image',
        { action: 'filter', limit: '1', tags: [item('n', '3')] },
        {
          status: 200,
          get body() {
            const id = ids[3] as string
            return {
              total_count: 1,
              resources: [
                {
                  resource_id: id,
                  resource_name: `image ${id.slice(-4)}`,
                  resource_detail: { status: 'active' },
                  tags: [tagOf('n=3')],
                },
              ],
            }
          },
        },
      ),
      scenario('filter ignores unknown members (D28)', { action: 'filter', sys_tags: 7, order: null }, found(12, 10)),
      scenario(
        'filter ignores a member named constructor',
        { action: 'filter', constructor: { prototype: 1 } },
        found(12, 10),
      ),
      scenario('filter returns an empty page without matches', { action: 'filter', tags: [item('no')] }, found(0, 0)),
      {
        name: 'filter ignores limit and offset in the query string',
        request: { method: 'POST', path: `${PATH}?limit=1&offset=11&limit=x`, body: { action: 'filter' } },
        ...found(12, 10),
      },
    ],
  )
})

describe('action count', () => {
  const count = { status: 200, body: { total_count: 12 } }
  runScenarios(
    () => target,
    [
      scenario('count returns only the number', { action: 'count' }, count),
      scenario(
        'count returns the number of matching images',
        { action: 'count', tags: [item('n', '1', '2', '30')] },
        { status: 200, body: { total_count: 2 } },
      ),
      ...[0, -1, 1001, 1.5, '', '0', '1001', '-1', '+1', 'x', null, true, [], {}].flatMap((bad) => [
        scenario(`count ignores the limit ${JSON.stringify(bad)} (D17)`, { action: 'count', limit: bad }, count),
        scenario(`count ignores the offset ${JSON.stringify(bad)} (D17)`, { action: 'count', offset: bad }, count),
      ]),
      scenario(
        'count refuses other invalid members',
        { action: 'count', tags: [] },
        malformed('tags', 'at least 1', 'array of 0'),
      ),
    ],
  )
})

describe('action (D24)', () => {
  const allowed = ['action', '"filter"', '"count"']
  runScenarios(
    () => target,
    [
      scenario('a missing action is refused', {}, malformed('action', 'required')),
      scenario('the action null is refused', { action: null }, malformed('action', 'null')),
      scenario('a number as action is refused', { action: 1 }, malformed('action', '1')),
      ...['Filter', 'FILTER', 'Count', 'filter ', ' count', '', 'create', 'toString', '__proto__'].map((action) =>
        scenario(
          `the action ${JSON.stringify(action)} is refused`,
          { action },
          malformed(...allowed, JSON.stringify(action)),
        ),
      ),
    ],
  )
})

describe('limit and offset (D17)', () => {
  const good: readonly (readonly [limit: unknown, shown: number])[] = [
    ['1', 1],
    ['11', 11],
    ['1000', 12],
    ['01', 1],
    ['0000000000000000000000005', 5],
    [1, 1],
    [1000, 12],
  ]
  const texts = [
    '',
    ' ',
    '-1',
    '+1',
    '1.0',
    '1,0',
    '1e1',
    '0x1',
    ' 1',
    '1 ',
    '1\n',
    '١',
    '１',
    'one',
    'null',
    'Infinity',
  ]
  const wrong: readonly unknown[] = [...texts, 1.5, -0.5, true, false, null, [], ['1'], { value: '1' }]
  runScenarios(
    () => target,
    [
      ...good.map(([limit, shown]) =>
        scenario(`the limit ${JSON.stringify(limit)} is accepted`, { action: 'filter', limit }, found(12, shown)),
      ),
      ...['0', '000', '1001', '99999999999999999999', '9'.repeat(400), 0, -1, 1001, 1e300].map((limit) =>
        scenario(
          `the limit ${JSON.stringify(limit).slice(0, 24)} is refused as out of range`,
          { action: 'filter', limit },
          malformed('limit: must not be', JSON.stringify(limit).slice(0, 40)),
        ),
      ),
      ...wrong.map((limit) =>
        scenario(
          `the limit ${JSON.stringify(limit)} is refused`,
          { action: 'filter', limit },
          malformed('limit', ...(typeof limit === 'object' && limit !== null ? [] : [JSON.stringify(limit)])),
        ),
      ),
      ...(
        [
          ['0', 10],
          ['00', 10],
          ['3', 9],
          ['011', 1],
          [0, 10],
          [11, 1],
          [12, 0],
          ['12', 0],
          ['1000000', 0],
          ['99999999999999999999', 0],
          ['9'.repeat(400), 0],
          [1e300, 0],
        ] as const
      ).map(([offset, shown]) =>
        scenario(
          `the offset ${JSON.stringify(offset).slice(0, 24)} is accepted and returns ${shown} images`,
          { action: 'filter', offset },
          found(12, shown),
        ),
      ),
      ...wrong.map((offset) =>
        scenario(
          `the offset ${JSON.stringify(offset)} is refused`,
          { action: 'filter', offset },
          malformed('offset', ...(typeof offset === 'object' && offset !== null ? [] : [JSON.stringify(offset)])),
        ),
      ),
      scenario('the offset -1 is refused', { action: 'filter', offset: -1 }, malformed('offset', 'below 0', '-1')),
    ],
  )
})

describe('the four lists', () => {
  const every = <T>(make: (list: (typeof LISTS)[number]) => T[]) => LISTS.flatMap(make)
  const keys = (count: number) => texts('k', count).map((key) => item(key))
  runScenarios(
    () => target,
    every((list) => {
      const fine = { status: 200, partial: { total_count: expect.any(Number) } }
      const ask = (name: string, value: unknown, expected: Omit<Scenario, 'name' | 'request'>) =>
        scenario(
          `the list ${list} ${expected === fine ? 'accepts' : 'refuses'} ${name}`,
          { action: 'count', [list]: value },
          expected,
        )
      return [
        ask('ten keys', keys(10), fine),
        ask('eleven keys', keys(11), malformed(list, 'at most 10', 'array of 11')),
        ask('ten values', [item('k', ...texts('v', 10))], fine),
        ask('eleven values', [item('k', ...texts('v', 11))], malformed(`${list}[0].values`, 'at most 10', '11')),
        ask('no value, which matches any', [item('n')], fine),
        ask('an empty list', [], malformed(list, 'at least 1', 'array of 0')),
        ask('null', null, malformed(list, 'array', 'null')),
        ask('an object', item('k'), malformed(list, 'array', 'object')),
        ask('a string', 'n=1', malformed(list, 'array', '"n=1"')),
        ask('an item that is a string', ['n'], malformed(`${list}[0]`, 'object', '"n"')),
        ask('an item that is null', [null], malformed(`${list}[0]`, 'object', 'null')),
        ask('a repeated key', [item('k'), item('j'), item('k', 'v')], malformed(`${list}[2].key`, 'twice', '"k"')),
        ask('a repeated value', [item('k', 'v', 'w', 'v')], malformed(`${list}[0].values[`, 'twice', '"v"')),
        ask('keys that differ in letter case', [item('k'), item('K')], fine),
        ask('no key', [{ values: [] }], malformed(`${list}[0].key`, 'required')),
        ask('a key that is null', [item(null)], malformed(`${list}[0].key`, 'string', 'null')),
        ask('a key that is a number', [item(1)], malformed(`${list}[0].key`, 'string', '1')),
        ask('no values member', [{ key: 'k' }], malformed(`${list}[0].values`, 'required')),
        ask('values that are null', [{ key: 'k', values: null }], malformed(`${list}[0].values`, 'array', 'null')),
        ask('values that are a string', [{ key: 'k', values: 'v' }], malformed(`${list}[0].values`, 'array', '"v"')),
        ask('a value that is null', [item('k', null)], malformed(`${list}[0].values[0]`, 'string', 'null')),
        ask('a value that is a number', [item('k', 'v', 1)], malformed(`${list}[0].values[1]`, 'string', '1')),
        ask('an empty key', [item('')], badTag(`${list}[0].key`, 'empty or blank', '""')),
        ask('a blank key', [item(' \t')], badTag(`${list}[0].key`, 'empty or blank')),
        ask('a key of 127 characters', [item('k'.repeat(127))], fine),
        ask('a key of 127 characters above U+FFFF', [item('😀'.repeat(127))], fine),
        ask('a key of 128 characters', [item('k'.repeat(128))], badTag(`${list}[0].key`, '127', '128')),
        ask(
          'a key of 128 characters above U+FFFF',
          [item('😀'.repeat(128))],
          badTag(`${list}[0].key`, '127', 'has 128'),
        ),
        ask('a value of 255 characters', [item('k', 'v'.repeat(255))], fine),
        ask('a value of 255 characters above U+FFFF', [item('k', '😀'.repeat(255))], fine),
        ask('a value of 256 characters', [item('k', 'v'.repeat(256))], badTag(`${list}[0].values[0]`, '255', '256')),
        ask('characters that tags cannot contain', [item(' a=b*/"\n😀', '@ *', '')], fine),
        ask('keys named like object members', [item('__proto__'), item('constructor'), item('toString')], fine),
        ask(
          'an unknown member of an item',
          [{ ...item('n'), operator: 'ne' }],
          malformed(`${list}[0].operator`, 'known'),
        ),
        ask('value instead of values', [{ ...item('n'), value: 'v' }], malformed(`${list}[0].value`, '"values"')),
      ]
    }),
  )
})

describe('members that would widen the selection if they were ignored are refused (D28)', () => {
  const near = ['not_tag', 'Tags', 'tag', 'tagsAny', 'NOT_TAGS_ANY', 'tags-any', 'matchs', 'without_any_tags']
  runScenarios(
    () => target,
    [
      ...near.map((name) =>
        scenario(
          `a query with ${name} is refused`,
          { action: 'filter', [name]: [] },
          malformed(name, 'not a known member, use'),
        ),
      ),
      scenario(
        'a match with an unknown member is refused',
        { action: 'count', matches: [{ key: 'resource_id', value: 'x', operator: 'ne' }] },
        malformed('matches[0].operator', 'not a known member'),
      ),
    ],
  )
})

describe('without_any_tag', () => {
  runScenarios(
    () => target,
    [
      scenario(
        'without_any_tag false is ignored',
        { action: 'count', without_any_tag: false },
        { status: 200, body: { total_count: 12 } },
      ),
      scenario(
        'without_any_tag true matches images without tags',
        { action: 'count', without_any_tag: true },
        { status: 200, body: { total_count: 0 } },
      ),
      scenario(
        'without_any_tag refuses a string',
        { action: 'count', without_any_tag: 'true' },
        malformed('without_any_tag', 'true or false'),
      ),
      scenario(
        'without_any_tag refuses a number',
        { action: 'count', without_any_tag: 1 },
        malformed('without_any_tag', 'true or false', '1'),
      ),
      scenario(
        'without_any_tag refuses null',
        { action: 'count', without_any_tag: null },
        malformed('without_any_tag', 'true or false', 'null'),
      ),
    ],
  )
})

describe('matches', () => {
  const none = { status: 200, body: { total_count: 0 } }
  const ask = (name: string, matches: unknown, expected: Omit<Scenario, 'name' | 'request'>) =>
    scenario(`matches ${expected === none ? 'accepts' : 'refuses'} ${name}`, { action: 'count', matches }, expected)
  runScenarios(
    () => target,
    [
      ask('a name of 255 characters', [named('x'.repeat(255))], none),
      ask('a name of 255 characters above U+FFFF', [named('😀'.repeat(255))], none),
      ask('a name of 256 characters', [named('x'.repeat(256))], malformed('matches[0].value', '255', '256')),
      ask('an empty name, which is exact (D3)', [named('')], none),
      ask(
        'an empty id (D3)',
        [{ key: 'resource_id', value: '' }],
        malformed('matches[0].value', 'empty or blank', '""'),
      ),
      ask('an unknown id', [{ key: 'resource_id', value: 'no' }], none),
      ask('no value (D3)', [{ key: 'resource_name' }], malformed('matches[0].value', 'required')),
      ask('a value that is null (D3)', [named(null)], malformed('matches[0].value', 'string', 'null')),
      ask('a value that is a number', [named(1)], malformed('matches[0].value', 'string', '1')),
      ask('no key', [{ value: 'x' }], malformed('matches[0].key', 'required')),
      ask(
        'an unknown key',
        [{ key: 'instance_name', value: 'x' }],
        malformed('matches[0].key', '"resource_name"', '"resource_id"', '"instance_name"'),
      ),
      ask('a key in the wrong letter case', [{ key: 'Resource_Name', value: 'x' }], malformed('matches[0].key')),
      ask('a repeated key', [named('a'), named('b')], malformed('matches[1].key', 'twice', '"resource_name"')),
      ask('an empty list', [], malformed('matches', 'at least 1')),
      ask('null', null, malformed('matches', 'array', 'null')),
      ask('an object', named('a'), malformed('matches', 'array', 'object')),
    ],
  )
})

describe('statuses', () => {
  const body = { action: 'count' }
  runScenarios(
    () => target,
    [
      scenario('a query with an empty body is answered with 400 IMG.0007 (D25)', '', imsError(400, 'IMG.0007')),
      scenario('a query with the body null is answered with 400 IMG.0001', 'null', malformed('body', 'object', 'null')),
      scenario(
        'a query with an array as body is answered with 400 IMG.0001',
        '[]',
        malformed('body', 'object', 'array'),
      ),
      scenario(
        'a query with a string as body is answered with 400 IMG.0001',
        '"filter"',
        malformed('body', 'object', '"filter"'),
      ),
      scenario('a query with invalid JSON is answered with 400 IMG.0001', 'action=filter', malformed('body', 'JSON')),
      {
        name: 'a query in another project is answered with 403 IMG.0030 (D15)',
        request: { method: 'POST', path: '/v2/{other}/images/resource_instances/action', body },
        ...imsError(403, 'IMG.0030'),
      },
      {
        name: 'a query with a token of the domain is answered with 403 IMG.0030',
        request: { method: 'POST', path: PATH, body, token: 'domain' },
        ...imsError(403, 'IMG.0030'),
      },
      {
        name: 'a query without a token is answered with 401',
        request: { method: 'POST', path: PATH, body, token: null },
        ...TOKEN_MISSING,
      },
      {
        name: 'a query with an invalid token is answered with 401',
        request: { method: 'POST', path: PATH, body, headers: { 'x-auth-token': 'x' } },
        ...TOKEN_UNREADABLE,
      },
    ],
  )
  runScenarios(
    () => ({ ...target, hasRevisions: false }),
    [
      {
        name: 'GET is answered with 405 APIGW.0101',
        request: { method: 'GET', path: PATH },
        ...ROUTE_NOT_FOUND,
        status: 405,
      },
    ],
  )
})

describe('paging', () => {
  type Page = { readonly total_count: number; readonly resources: readonly { readonly resource_id: string }[] }

  /** Creates a project with images, and functions that page through it. */
  async function walker(project: string, count: number) {
    const all = Array.from({ length: count }, newImageId)
    await service.register(...all.map((id, i) => ({ ...image(id, `mod=${i % 3}`), project })))
    const { id, token } = await projectNamed(service, project)
    const page = async (offset: number, limit: number, query: object = {}): Promise<Page> => {
      const body = { action: 'filter', limit: String(limit), offset: String(offset), ...query }
      return (await service.call('POST', `/v2/${id}/images/resource_instances/action`, { body, token })).body
    }
    /** Reads pages until one is empty, as Terraform does. */
    const walk = async (
      limit: number,
      query: object = {},
      between: (offset: number) => Promise<unknown> = async () => {},
    ) => {
      const seen: string[] = []
      for (let offset = 0; ; offset += limit) {
        const { resources } = await page(offset, limit, query)
        seen.push(...resources.map(({ resource_id }) => resource_id))
        if (resources.length === 0) return seen
        await between(offset)
      }
    }
    return { all, page, walk, project: id, token }
  }

  it('pages of every size list all images once, in order of creation (D9)', async () => {
    const { all, walk, page } = await walker('sizes', 47)
    for (const limit of [1, 2, 3, 7, 10, 46, 47, 48, 1000]) expect(await walk(limit)).toEqual(all)
    for (const offset of [0, 1, 46, 47, 48]) expect((await page(offset, 1)).total_count).toBe(47)
  })

  it('pages of a query are in order of creation, with the total of all matches (D9)', async () => {
    const { all, walk, page } = await walker('queries', 47)
    const wanted = all.filter((_, i) => i % 3 !== 1)
    const query = { not_tags_any: [item('mod', '1')] }
    for (const limit of [1, 2, 5, 31, 32, 1000]) expect(await walk(limit, query)).toEqual(wanted)
    expect(await page(30, 5, query)).toMatchObject({ total_count: wanted.length })
  })

  it('paging neither repeats nor skips an image while others are created and tags change (D9)', async () => {
    const { all, walk, project, token } = await walker('busy', 20)
    const made: string[] = []
    const seen = await walk(3, {}, async (offset) => {
      if (made.length < 5) {
        const id = newImageId()
        made.push(id)
        await service.register({ ...image(id), project: 'busy' })
      }
      const touched = all[(offset * 7) % 20] as string
      const body = { tag: { key: 'touched', value: String(offset) } }
      await service.call('POST', `/v2/${project}/images/${touched}/tags`, { body, token })
    })
    expect(seen).toEqual([...all, ...made])
  })

  it('an image that is registered again keeps its position, one deleted and created again is last', async () => {
    const { all, walk, project, token } = await walker('again', 5)
    await service.register({ ...image(all[1] as string, 'other=1'), project: 'again' })
    expect(await walk(2)).toEqual(all)
    await service.call('DELETE', `/tagwerk/v1/${project}/resources/images/${all[0]}`, { token })
    await service.register({ ...image(all[0] as string), project: 'again' })
    expect(await walk(2)).toEqual([...all.slice(1), all[0]])
  })

  it('a page has at most 1000 images', async () => {
    const { page, all } = await walker('thousand', 1003)
    expect((await page(0, 1000)).resources).toHaveLength(1000)
    expect((await page(1000, 1000)).resources.map(({ resource_id }) => resource_id)).toEqual(all.slice(1000))
  })
})

it('a count includes every acknowledged write, at the revision of the write', async () => {
  const [first] = ids
  for (const value of texts('fresh', 10)) {
    const path = `/v2/${service.project}/images/${first}/tags`
    const written = await service.call('POST', path, { body: { tag: { key: 'fresh', value } } })
    const body = { action: 'count', tags: [{ key: 'fresh', values: [value] }] }
    const counted = await service.call('POST', `/v2/${service.project}/images/resource_instances/action`, { body })
    expect(counted.body).toEqual({ total_count: 1 })
    expect(counted.headers.get('x-tagwerk-revision')).toBe(written.headers.get('x-tagwerk-revision'))
  }
})

it('unknown detail members and the status of an import are returned', async () => {
  const id = newImageId()
  await service.register({
    ...image(id),
    resource_detail: { status: 'queued', __os_type: 'Linux', mine: '{"a":[1]}' },
  })
  const body = { action: 'filter', matches: [{ key: 'resource_id', value: id }] }
  const answer = await service.call('POST', `/v2/${service.project}/images/resource_instances/action`, { body })
  expect(answer.body.resources[0].resource_detail).toEqual({ status: 'queued', __os_type: 'Linux', mine: '{"a":[1]}' })
})

describe('without_any_tag', () => {
  it('without_any_tag ignores the four lists, even invalid ones (S1)', async () => {
    const path = `/v2/${service.project}/images/resource_instances/action`
    const ask = async (more: object) =>
      (await service.call('POST', path, { body: { action: 'count', without_any_tag: true, ...more } })).body
    const plain = await ask({})
    expect(plain).toEqual({ total_count: expect.any(Number) })
    expect(await ask({ tags: [], tags_any: [{ key: '' }], not_tags: 'x', not_tags_any: null })).toEqual(plain)
    expect(await ask({ tags: [{ key: 'absent', values: [] }] })).toEqual(plain)
  })

  it('without_any_tag false does not ignore the lists', async () => {
    const path = `/v2/${service.project}/images/resource_instances/action`
    const body = { action: 'count', without_any_tag: false, tags: [] }
    expect((await service.call('POST', path, { body })).status).toBe(400)
  })
})
