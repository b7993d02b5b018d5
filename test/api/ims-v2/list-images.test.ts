import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { imsError, TOKEN_MISSING } from '../expected.ts'
import { runScenarios } from '../scenarios.ts'
import { startWorld, UNKNOWN_IMAGE, type World } from './world.ts'

// I12: GET /v2/cloudimages (contract 2.1, 2.5; D13, D27).

const PATH = '/v2/cloudimages'

let world: World
/** Ids by image name. */
const ids = new Map<string, string>()

/** Images of the default project, oldest first. The image `{image}` of the world is newer than all. */
const IMAGES: readonly (readonly [name: string, tags: string[], detail: object])[] = [
  ['old', ['env=prod', 'bare='], { created_at: '2018-09-06T14:03:27Z', __os_type: 'Linux', min_disk: 40, size: 5 }],
  ['middle', ['env=prod', 'x=a'], { created_at: '2019-01-01T00:00:00Z', status: 'queued', protected: true }],
  ['public', ['env=test'], { created_at: '2020-01-01T00:00:00Z', visibility: 'public', disk_format: 'raw', size: 30 }],
  [
    'odd',
    ['bare=1'],
    { created_at: '2021-01-01T00:00:00Z', note: '{"status":"killed"}', min_ram: 512, label: '"q": {x}' },
  ],
  [
    'late',
    [],
    { created_at: '2022-01-01T00:00:00.900Z', enterprise_project_id: 'e1', __imagetype: 'private', size: 7 },
  ],
]

beforeAll(async () => {
  world = await startWorld()
  for (const [name, tags, detail] of IMAGES) ids.set(name, await world.image(detail, tags, { resource_name: name }))
  ids.set('world', world.target.fills.image as string)
  ids.set('shared', await world.sharedImage('accepted', ['env=prod'], { created_at: '2019-06-01T00:00:00Z' }))
  ids.set('first shared', world.target.fills.shared as string)
  ids.set('pending', await world.sharedImage('pending', ['env=prod'], { created_at: '2017-01-01T00:00:00Z' }))
  ids.set('rejected', await world.sharedImage('rejected', [], { created_at: '2016-01-01T00:00:00Z' }))
})
afterAll(() => world.service.stop())

/** The names of the listed images, in order. */
async function found(query: string): Promise<string[]> {
  const { status, body } = await world.call('GET', `${PATH}?${query}`)
  expect([status, body]).toEqual([200, { images: expect.any(Array) }])
  const names = new Map([...ids].map(([name, id]) => [id, name]))
  return body.images.map(({ id }: { id: string }) => names.get(id) ?? id)
}

const OWN = ['world', 'late', 'odd', 'public', 'middle', 'old']

describe('filters', () => {
  const q = encodeURIComponent
  it.each<readonly [query: string, names: readonly string[]]>([
    ['owner={project}', OWN],
    [`tag=${q('env=prod')}&owner={project}`, ['middle', 'old']],
    [`tag=${q('env=prod')}`, ['shared', 'middle', 'old']],
    [`tag=${q('env=prod')}&tag=bare`, ['old']],
    [`tag=${q('env=prod')}&tag=${q('env=test')}`, []],
    ['tag=bare', ['old']],
    ['tag=bare%3D', ['old']],
    [`tag=${q('bare=1')}`, ['odd']],
    [`tag=${q('x=a')}`, ['middle']],
    [`tag=${q('x=a=b')}`, []],
    ['tag=env', []],
    ['tag=none', []],
    ['name=middle', ['middle']],
    ['name=Middle', []],
    ['name=mid', []],
    ['id={old}', ['old']],
    ['id={shared}', ['shared']],
    ['id={pending}', []],
    [`id=${UNKNOWN_IMAGE}`, []],
    ['id={old}&name=middle', []],
    ['status=queued', ['middle']],
    ['status=active&owner={project}', ['world', 'late', 'odd', 'public', 'old']],
    ['status=killed', []],
    ['protected=true', ['middle']],
    ['protected=True', ['middle']],
    ['os_hidden=True', []],
    ['__isregistered=True&owner={project}', OWN],
    ['os_hidden=False&owner={project}', OWN],
    ['__whole_image=false&owner={project}', OWN],
    ['protected=false&owner={project}', ['world', 'late', 'odd', 'public', 'old']],
    ['__os_type=Linux', ['old']],
    ['min_disk=40', ['old']],
    ['min_disk=4', []],
    ['min_ram=512', ['odd']],
    ['min_ram=00512', ['odd']],
    ['disk_format=raw', ['public']],
    ['disk_format=zvhd2&owner={project}', ['world', 'late', 'odd', 'middle', 'old']],
    ['__isregistered=true&owner={project}', OWN],
    ['virtual_env_type=FusionCompute&owner={project}', OWN],
    ['virtual_env_type=Ironic', []],
    ['enterprise_project_id=e1', ['late']],
    ['enterprise_project_id=0&owner={project}', ['world', 'odd', 'public', 'middle', 'old']],
    ['enterprise_project_id=all_granted_eps&owner={project}', OWN],
    [`label=${q('"q": {x}')}`, ['odd']],
    ['label=', []],
    ['any_other=value', []],
    ['visibility=all&owner={project}', OWN],
    ['visibility=all&created_at=lt:2023-01-01T00:00:00Z', ['late', 'odd', 'public', 'shared', 'middle', 'old']],
    ['visibility=community', []],
    ['flavor_id=any&owner={project}', OWN],
    ['size_min=5&owner={project}', ['late', 'public', 'old']],
    ['size_min=6&owner={project}', ['late', 'public']],
    ['size_max=7&owner={project}', ['late', 'old']],
    ['size_max=6&owner={project}', ['old']],
    ['size_min=7&size_max=7', ['late']],
    ['size_min=31', []],
    ['__proto__=x', []],
    ['constructor=x', []],
    ['visibility=public', ['public']],
    ['__imagetype=gold', ['public']],
    ['visibility=private', ['world', 'late', 'odd', 'middle', 'old']],
    ['__imagetype=private', ['world', 'late', 'odd', 'middle', 'old']],
    ['__imagetype=market', []],
    ['visibility=shared', ['first shared', 'shared']],
    ['__imagetype=shared', ['first shared', 'shared']],
    ['owner={other}', ['first shared', 'shared']],
    ['owner=nobody', []],
    ['visibility=shared&member_status=pending', ['pending']],
    ['visibility=shared&member_status=rejected', ['rejected']],
    ['visibility=shared&member_status=accepted', ['first shared', 'shared']],
    ['visibility=shared&member_status=all', ['first shared', 'shared', 'pending', 'rejected']],
    ['created_at=gt:2019-01-01T00:00:00Z&owner={project}', ['world', 'late', 'odd', 'public']],
    ['created_at=gte:2019-01-01T00:00:00Z&owner={project}', ['world', 'late', 'odd', 'public', 'middle']],
    ['created_at=lt:2019-01-01T00:00:00Z', ['old']],
    ['created_at=lte:2019-01-01T00:00:00Z', ['middle', 'old']],
    ['created_at=eq:2022-01-01T00:00:00Z', ['late']],
    [`created_at=${q('eq:2022-01-01 00:00:00')}`, ['late']],
    ['created_at=neq:2022-01-01T00:00:00Z&owner={project}', ['world', 'odd', 'public', 'middle', 'old']],
    ['updated_at=lt:2023-01-01T00:00:00Z', []],
    ['updated_at=gt:2023-01-01T00:00:00Z&owner={project}', OWN],
  ])('the filter %s lists the matching images', async (query, names) => {
    const fills: Record<string, string> = { project: world.service.project, other: world.other }
    const filled = query.replace(/\{(\w+)\}/g, (_, name: string) => fills[name] ?? (ids.get(name) as string))
    expect(await found(filled)).toEqual(names)
  })

  it('without filters own and accepted images are listed, newest first', async () => {
    const all = await found('')
    expect(new Set(all)).toEqual(new Set([...OWN, 'shared', 'first shared']))
    expect(all.filter((name) => OWN.includes(name))).toEqual(OWN)
    expect(all.indexOf('shared')).toBe(all.indexOf('middle') - 1)
  })
})

describe('architectures', () => {
  const DETAILS: readonly (readonly [name: string, detail: object])[] = [
    ['arm', { __support_arm: 'true' }],
    ['not arm', { __support_arm: 'false' }],
    ['plain', {}],
    ['named x86', { architecture: 'x86', __support_arm: 'true' }],
    ['named arm', { architecture: 'arm' }],
    ['named x86_64', { architecture: 'x86_64' }],
    ['nested', { note: '{"architecture":"x86_64"}' }],
  ]
  beforeAll(async () => {
    for (const [name, detail] of DETAILS) ids.set(name, await world.image(detail, ['arch=1'], { resource_name: name }))
  })
  afterAll(async () => {
    for (const [name] of DETAILS) await world.call('DELETE', `/v2/images/${ids.get(name)}`)
  })

  it.each([
    ['arm', ['arm', 'named arm']],
    ['x86', ['not arm', 'plain', 'named x86', 'nested']],
    ['x86_64', ['named x86_64']],
    ['ppc', []],
  ])('the filter architecture=%s lists the matching images', async (architecture, names) => {
    expect(await found(`architecture=${architecture}&tag=arch%3D1&sort_dir=asc`)).toEqual(names)
  })
})

describe('hidden images', () => {
  it('hidden images are listed by default, and alone with os_hidden=true', async () => {
    const id = await world.image({}, ['hidden=1'])
    const steps = [{ op: 'replace', path: '/os_hidden', value: true }]
    expect((await world.call('PATCH', `${PATH}/${id}`, { body: steps })).body.os_hidden).toBe(true)
    for (const query of ['tag=hidden%3D1', 'os_hidden=true']) expect(await found(query)).toEqual([id])
    expect(await found('tag=hidden%3D1&os_hidden=false')).toEqual([])
    await world.call('DELETE', `/v2/images/${id}`)
  })
})

describe('order', () => {
  const own = () => `owner=${world.service.project}&`
  it.each<readonly [query: string, names: readonly string[]]>([
    ['sort_dir=asc', OWN.toReversed()],
    ['sort=created_at:asc', OWN.toReversed()],
    ['sort=size:asc,nothing:at-all&sort_key=name', ['middle', 'odd', 'world', 'old', 'late', 'public']],
    ['sort=status', ['middle', 'world', 'late', 'odd', 'public', 'old']],
    ['sort_key=status%20&sort_dir=asc', ['old', 'public', 'odd', 'late', 'world', 'middle']],
    ['sort_key=created_at', OWN],
    ['sort_key=created_at&sort_dir=asc', OWN.toReversed()],
    ['sort_key=status&sort_dir=asc', ['old', 'public', 'odd', 'late', 'world', 'middle']],
    ['sort_key=status', ['middle', 'world', 'late', 'odd', 'public', 'old']],
    ['sort_key=disk_format&sort_dir=asc', ['public', 'old', 'middle', 'odd', 'late', 'world']],
    ['sort_key=size&sort_dir=asc', ['middle', 'odd', 'world', 'old', 'late', 'public']],
    ['sort_key=container_format', OWN],
  ])('images are sorted by ?%s', async (query, names) => {
    expect(await found(own() + query)).toEqual(names)
  })

  it('names and ids are sorted by code point, in both directions', async () => {
    const byName = await world.call('GET', `${PATH}?${own()}sort_key=name&sort_dir=asc`)
    const names = byName.body.images.map(({ name }: { name: string }) => name)
    expect(names).toEqual(names.toSorted())
    expect((await found(`${own()}sort_key=name`)).length).toBe(OWN.length)
    const byId = await world.call('GET', `${PATH}?${own()}sort_key=id&sort_dir=desc`)
    const seen = byId.body.images.map(({ id }: { id: string }) => id)
    expect(seen).toEqual(
      OWN.map((name) => ids.get(name))
        .toSorted()
        .toReversed(),
    )
  })
})

describe('paging', () => {
  it.each(['', 'sort_dir=asc', 'sort_key=name', 'sort_key=status&sort_dir=asc', 'sort_key=size'])(
    'pages of every size list all images once: ?%s',
    async (query) => {
      const whole = await found(query)
      for (const limit of [1, 2, 3, whole.length]) {
        const walked: string[] = []
        for (let marker = ''; ; ) {
          const page = await found(`${query}&limit=${limit}${marker}`)
          if (page.length === 0) break
          expect(page.length).toBeLessThanOrEqual(limit)
          walked.push(...page)
          marker = `&marker=${ids.get(page.at(-1) as string)}`
        }
        expect(walked).toEqual(whole)
      }
    },
  )

  it('the marker need not match the filter', async () => {
    expect(await found(`tag=bare&marker=${ids.get('middle')}`)).toEqual(['old'])
    expect(await found(`tag=bare&marker=${ids.get('old')}`)).toEqual([])
  })

  it('paging neither repeats nor skips an image that stays while others are created or stop matching', async () => {
    const walk = await startWorld()
    const lasting = new Set<string>()
    for (let i = 0; i < 12; i++) lasting.add(await walk.image({}, ['walk=1']))
    const seen: string[] = []
    for (let marker = ''; ; ) {
      const { body } = await walk.call('GET', `${PATH}?tag=walk%3D1&limit=2${marker}`)
      if (body.images.length === 0) break
      seen.push(...body.images.map(({ id }: { id: string }) => id))
      const last = seen.at(-1) as string
      marker = `&marker=${last}`
      await walk.image({}, ['walk=1'])
      await walk.call('DELETE', `/v2/images/${last}/tags/walk%3D1`)
    }
    await walk.service.stop()
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen.filter((id) => lasting.has(id))).toHaveLength(12)
  })

  it('a page has at most 1000 images, and 500 by default', async () => {
    const many = await startWorld()
    const lines = Array.from({ length: 1001 }, (_, i) => ({ resource_type: 'images', resource_id: `many-${i}` }))
    await many.service.register(...lines)
    const count = async (query: string) => (await many.call('GET', `${PATH}?${query}`)).body.images.length
    expect([await count(''), await count('limit=1000'), await count('limit=501')]).toEqual([500, 1000, 501])
    await many.service.stop()
  })
})

describe('the response', () => {
  it('an image shows its stored attributes, its tags as strings and the defaults', async () => {
    const id = ids.get('odd')
    const { body } = await world.call('GET', `${PATH}?id=${id}`)
    expect(body.images).toEqual([
      {
        id,
        name: 'odd',
        owner: world.service.project,
        status: 'active',
        visibility: 'private',
        tags: ['bare=1'],
        protected: false,
        min_disk: 0,
        min_ram: 512,
        disk_format: 'zvhd2',
        container_format: 'bare',
        created_at: '2021-01-01T00:00:00Z',
        updated_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
        self: `/v2/images/${id}`,
        file: `/v2/images/${id}/file`,
        schema: '/v2/schemas/image',
        __imagetype: 'private',
        __isregistered: 'true',
        __image_source_type: 'uds',
        virtual_env_type: 'FusionCompute',
        note: '{"status":"killed"}',
        label: '"q": {x}',
      },
    ])
  })

  it('a shared image has visibility shared and its owner', async () => {
    const { body } = await world.call('GET', `${PATH}?id=${ids.get('shared')}`)
    expect(body.images[0]).toMatchObject({
      owner: world.other,
      visibility: 'shared',
      __imagetype: 'shared',
      tags: ['env=prod'],
    })
  })
})

describe('invalid requests', () => {
  const bad = (query: string, code: string, ...fragments: string[]) => ({
    name: `listing images is refused with ?${query.slice(0, 60)}`,
    request: { method: 'GET', path: `${PATH}?${query}` },
    ...imsError(400, code, ...fragments),
  })
  runScenarios(
    () => world.target,
    [
      ...['0', '1001', '-1', 'x', '1.5', ''].map((limit) => bad(`limit=${limit}`, 'IMG.0001', 'limit')),
      bad('limit=1&limit=2', 'IMG.0001', 'limit'),
      bad('sort_key=owner', 'IMG.0001', 'sort_key', 'created_at'),
      bad('sort=owner:asc', 'IMG.0001', 'sort', 'created_at', 'owner'),
      bad('sort=name:up', 'IMG.0001', 'sort', 'asc', 'up'),
      bad('sort=name:asc:desc', 'IMG.0001', 'sort', 'asc'),
      bad('sort=', 'IMG.0001', 'sort', 'created_at'),
      bad('size_min=big', 'IMG.0001', 'size_min', 'whole number', 'big'),
      bad('size_max=-1', 'IMG.0001', 'size_max', 'whole number', '-1'),
      bad('os_hidden=maybe', 'IMG.0001', 'os_hidden', 'maybe'),
      bad('sort_dir=down', 'IMG.0001', 'sort_dir', 'asc', 'down'),
      bad(`marker=${UNKNOWN_IMAGE}`, 'IMG.0001', 'marker', UNKNOWN_IMAGE),
      bad('marker=', 'IMG.0001', 'marker'),
      bad('marker={imageOfOther}', 'IMG.0001', 'marker'),
      bad('visibility=secret', 'IMG.0001', 'visibility', 'private'),
      bad('member_status=maybe', 'IMG.0001', 'member_status', 'accepted'),
      bad('__imagetype=secret', 'IMG.0024', '__imagetype', 'gold'),
      bad('status=a&status=b', 'IMG.0001', 'status'),
      bad('any_other=a&any_other=b', 'IMG.0001', 'any_other'),
      bad('protected=maybe', 'IMG.0001', 'protected', 'maybe'),
      bad('min_disk=big', 'IMG.0001', 'min_disk', 'big'),
      bad('created_at=2018-10-28T10:00:00Z', 'IMG.0001', 'created_at'),
      bad('created_at=after:2018-10-28T10:00:00Z', 'IMG.0001', 'created_at', 'after'),
      bad('created_at=constructor:2018-10-28T10:00:00Z', 'IMG.0001', 'created_at'),
      bad('created_at=gt:yesterday', 'IMG.0001', 'created_at', 'yesterday'),
      bad('created_at=gt:2018-02-30T10:00:00Z', 'IMG.0001', 'created_at'),
      bad('updated_at=gt', 'IMG.0001', 'updated_at'),
      bad('tag=', 'IMG.0115', 'tag', 'empty'),
      bad('tag=%3Dv', 'IMG.0115', 'tag', 'empty'),
      bad(`tag=${'k'.repeat(128)}`, 'IMG.0115', 'tag', '127', '128'),
      bad(`tag=k%3D${'v'.repeat(256)}`, 'IMG.0115', 'tag', '255', '256'),
    ],
  )
  runScenarios(
    () => world.target,
    [
      {
        name: 'the filter tag accepts the longest key and value',
        request: { method: 'GET', path: `${PATH}?tag=${'k'.repeat(127)}%3D${'v'.repeat(255)}` },
        status: 200,
        body: { images: [] },
      },
      {
        name: 'listing images is refused without a token',
        request: { method: 'GET', path: PATH, token: null },
        ...TOKEN_MISSING,
      },
      {
        name: 'listing images is refused with a token of the domain',
        request: { method: 'GET', path: PATH, token: 'domain' },
        ...imsError(403, 'IMG.0030'),
      },
    ],
  )
})

it('a project lists only images that it owns or that are shared with it', async () => {
  const { body } = await world.call('GET', `${PATH}?limit=1000`, world.asOther)
  const owners = new Set(body.images.map(({ owner }: { owner: string }) => owner))
  expect([...owners]).toEqual([world.other])
})
