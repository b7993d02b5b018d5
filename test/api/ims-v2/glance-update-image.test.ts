import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { imsError } from '../expected.ts'
import { texts } from '../fixtures.ts'
import { runScenarios, type Scenario } from '../scenarios.ts'
import { startWorld, turnsAway, type World } from './world.ts'

// I17: PATCH /v2/images/{image_id} (contract 2.1, 2.5; D2, D12, D13).

const PATH = '/v2/images/{image}'
const NEW = 'application/openstack-images-v2.1-json-patch'
const OLD = 'application/openstack-images-v2.0-json-patch'

let world: World
beforeAll(async () => {
  world = await startWorld()
})
afterAll(() => world.service.stop())

const patch = (id: string, steps: unknown, type = NEW) =>
  world.call('PATCH', `/v2/images/${id}`, { body: steps, headers: { 'content-type': type } })

describe('takes both forms', () => {
  it.each([
    [NEW, [{ op: 'replace', path: '/name', value: 'test01' }]],
    [`${NEW};charset=utf-8`, [{ op: 'replace', path: '/name', value: 'test01' }]],
    [NEW.toUpperCase(), [{ op: 'replace', path: '/name', value: 'test01' }]],
    ['application/json', [{ op: 'replace', path: '/name', value: 'test01' }]],
    ['application/json-patch+json', [{ op: 'add', path: '/name', value: 'test01' }]],
    [OLD, [{ replace: '/name', value: 'test01' }]],
    [`${OLD}; charset=utf-8`, [{ add: '/name', value: 'test01' }]],
  ])('%s', async (type, steps) => {
    const id = await world.image({ status: 'queued' }, ['a=1'])
    const before = (await world.call('GET', `/v2/images/${id}`)).body
    const { status, body } = await patch(id, steps, type)
    expect([status, body]).toEqual([200, { ...before, name: 'test01', updated_at: expect.any(String) }])
  })

  it('and takes an attribute away in the older one', async () => {
    const id = await world.image({ mine: 'x' })
    const { body } = await patch(id, [{ add: '/other', value: 'y' }, { remove: '/mine' }], OLD)
    expect(body).toMatchObject({ other: 'y' })
    expect(body).not.toHaveProperty('mine')
  })

  it('but nothing that is not JSON', async () => {
    const { status, body } = await patch(await world.image(), [], 'text/plain')
    expect([status, body.error.code]).toEqual([415, 'IMG.0001'])
  })
})

describe('changes attributes, one step after the other', () => {
  type Case = readonly [name: string, detail: object, steps: readonly object[], after: object, gone: readonly string[]]
  const step = (op: string, path: string, value?: unknown) => ({ op, path, ...(value !== undefined && { value }) })
  it.each<Case>([
    [
      'takes a number and a boolean as texts',
      {},
      [step('add', '/n', 7), step('add', '/b', true)],
      { n: '7', b: 'true' },
      [],
    ],
    ['adds one', {}, [step('add', '/mine', 'x')], { mine: 'x' }, []],
    ['overwrites one by add', { mine: 'x' }, [step('add', '/mine', 'y')], { mine: 'y' }, []],
    ['replaces one', { mine: 'x' }, [step('replace', '/mine', 'y')], { mine: 'y' }, []],
    ['takes one away', { mine: 'x' }, [step('remove', '/mine')], {}, ['mine']],
    ['takes away what it added', {}, [step('add', '/mine', 'x'), step('remove', '/mine')], {}, ['mine']],
    ['adds what it took away', { mine: 'x' }, [step('remove', '/mine'), step('add', '/mine', 'y')], { mine: 'y' }, []],
    ['replaces what it added', {}, [step('add', '/mine', 'x'), step('replace', '/mine', 'y')], { mine: 'y' }, []],
    ['takes names with a slash, a tilde and capitals', {}, [step('add', '/A~1b~0~01', 'x')], { 'A/b~~1': 'x' }, []],
    ['takes names of what objects inherit', {}, [step('add', '/constructor', 'x')], { constructor: 'x' }, []],
    ['replaces what every image has', {}, [step('replace', '/min_ram', 512)], { min_ram: 512 }, []],
    ['hides', {}, [step('replace', '/os_hidden', true)], { os_hidden: true }, []],
    ['shows again', { os_hidden: true }, [step('add', '/os_hidden', 'false')], { os_hidden: false }, []],
    ['gives it a description', {}, [step('replace', '/description', 'd')], { description: 'd' }, []],
    ['protects', {}, [step('replace', '/protected', true)], { protected: true }, []],
    ['makes an image shared', {}, [step('replace', '/visibility', 'shared')], { visibility: 'shared' }, []],
    ['empties the name', {}, [step('replace', '/name', '')], { name: '' }, []],
    [
      'takes a name of 255 characters',
      {},
      [step('replace', '/name', '名'.repeat(255))],
      { name: '名'.repeat(255) },
      [],
    ],
    ['takes a description of 1024', {}, [step('add', '/description', 'd'.repeat(1024))], {}, []],
    ['takes the largest number', {}, [step('add', '/min_disk', 2 ** 31 - 1)], { min_disk: 2 ** 31 - 1 }, []],
  ])('%s', async (_name, detail, steps, after, gone) => {
    const id = await world.image(detail)
    const { status, body } = await patch(id, steps)
    expect([status, body]).toEqual([200, expect.objectContaining(after)])
    for (const name of gone) expect(Object.hasOwn(body, name)).toBe(false)
    expect((await world.call('GET', `/v2/images/${id}`)).body).toEqual(body)
  })
})

describe('replaces all tags (D12)', () => {
  const tags = (value: unknown, op = 'add') => [{ op, path: '/tags', value }]
  it.each<readonly [name: string, steps: readonly object[], after: readonly string[]]>([
    ['as clients of Debian do', tags(['k1=v1', 'T']), ['k1=v1', 'T=']],
    ['by replace', tags(['T', 'a=2'], 'replace'), ['T=', 'a=2']],
    ['with none', tags([]), []],
    ['with ten', tags(texts('k', 10)), texts('k', 10).map((key) => `${key}=`)],
    ['with an empty value written out', tags(['k=']), ['k=']],
    ['the last list counts', [...tags(['x']), ...tags(['y'])], ['y=']],
  ])('%s', async (_name, steps, after) => {
    const id = await world.image({}, ['a=1', 'b='])
    const { status, body } = await patch(id, steps)
    expect([status, body.tags]).toEqual([200, after.map((tag) => tag.replace(/=$/, ''))])
    expect(await world.tagsOf(id)).toEqual(after)
  })

  it('but not with eleven, and then changes nothing else either', async () => {
    const id = await world.image({}, ['a=1'])
    const before = (await world.call('GET', `/v2/images/${id}`)).body
    const answer = await patch(id, [{ op: 'replace', path: '/name', value: 'new' }, ...tags(texts('k', 11))])
    expect(answer).toMatchObject(imsError(400, 'IMG.0116', 'tags', '10', '11'))
    expect((await world.call('GET', `/v2/images/${id}`)).body).toEqual(before)
  })
})

function refused(name: string, body: unknown, code: string, ...fragments: string[]): Scenario {
  const request = { method: 'PATCH', path: PATH, body, headers: { 'content-type': NEW } }
  return { name, request, ...imsError(400, code, ...fragments) }
}

describe('refuses what is no patch or no value', () => {
  const add = (path: string, value: unknown = 'x') => [{ op: 'add', path, value }]
  runScenarios(
    () => world.target,
    [
      refused('no list', {}, 'IMG.0001', 'body', 'array'),
      refused('no objects', ['x'], 'IMG.0001', '[0]', 'object'),
      refused('the older form', [{ replace: '/name', value: 'x' }], 'IMG.0001', '[0].op', 'required'),
      refused('an unknown operation', [{ op: 'test', path: '/x', value: 1 }], 'IMG.0001', '[0].op', 'add', 'test'),
      refused('no path', [{ op: 'add', value: 'x' }], 'IMG.0001', '[0].path', 'required'),
      ...['', '/', 'name', '/a/b', '/tags/-', '/a~', '/a~2', '//'].map((path) =>
        refused(`the path ${JSON.stringify(path)}`, add(path), 'IMG.0001', '[0].path', 'name of an attribute'),
      ),
      refused('the path /__proto__', add('/__proto__'), 'IMG.0001', '[0].path', 'not a known member'),
      refused('256 characters of a name of an attribute', add(`/${'n'.repeat(256)}`), 'IMG.0001', '[0].path', '255'),
      refused('no value to replace', [{ op: 'replace', path: '/name' }], 'IMG.0001', '[0].value', 'required'),
      refused('a name that is no text', add('/name', 1), 'IMG.0001', '[0].value', 'string'),
      refused('256 characters of a name', add('/name', 'n'.repeat(256)), 'IMG.0001', '[0].value', '255', '256'),
      refused('1025 characters of a description', add('/__description', 'd'.repeat(1025)), 'IMG.0001', '1024', '1025'),
      refused('an angle bracket in a description', add('/description', '<b>'), 'IMG.0001', '[0].value', '<b>'),
      refused('a line break in a description', add('/__description', 'a\nb'), 'IMG.0001', '[0].value'),
      refused('a value of an own attribute that is no text', add('/mine', { a: 1 }), 'IMG.0001', '[0].value', 'string'),
      refused('null for a value', add('/mine', null), 'IMG.0001', '[0].value', 'string'),
      refused('a protection that is neither', add('/protected', 'maybe'), 'IMG.0001', '[0].value', 'true or false'),
      refused('hidden or not', add('/os_hidden', 'maybe'), 'IMG.0001', '[0].value', 'true or false'),
      refused('memory that is no number', add('/min_ram', 'much'), 'IMG.0001', '[0].value', 'integer'),
      refused('memory below zero', add('/min_ram', -1), 'IMG.0001', '[0].value', '0'),
      refused('a disk beyond all bounds', add('/min_disk', 2 ** 31), 'IMG.0001', '[0].value', '2147483647'),
      refused('an image for everybody', add('/visibility', 'public'), 'IMG.0001', '[0].value', 'private'),
      refused('tags that are no list', add('/tags', 'a=1'), 'IMG.0001', '[0].value', 'array'),
      refused('tags that are no texts', add('/tags', ['a', { key: 'k' }]), 'IMG.0001', '[0].value[1]', 'string'),
      refused('a key twice (D12)', add('/tags', ['a=1', 'b', 'a']), 'IMG.0001', '[0].value[2]', 'twice'),
      refused('an empty tag', add('/tags', ['']), 'IMG.0115', '[0].value[0].key'),
      refused('a tag without a key', add('/tags', ['=v']), 'IMG.0115', '[0].value[0].key'),
      refused('a dot in a key', add('/tags', ['a.b=1']), 'IMG.0115', '[0].value[0].key', 'a.b'),
      refused('37 characters of a key', add('/tags', ['k'.repeat(37)]), 'IMG.0115', '[0].value[0].key', '36'),
      refused(
        '44 characters of a value',
        add('/tags', [`k=${'v'.repeat(44)}`]),
        'IMG.0115',
        '[0].value[0].value',
        '43',
      ),
      refused('an empty body', '', 'IMG.0007'),
    ],
  )

  it.each([
    ['none of the three', [{ value: 'x' }], '[0].replace'],
    ['two of the three', [{ add: '/x', remove: '/y', value: 'x' }], '[0].remove'],
    ['a path that is no text', [{ replace: 1, value: 'x' }], '[0].replace'],
  ])('in the older form: %s', async (_name, steps, field) => {
    expect(await patch(await world.image(), steps, OLD)).toMatchObject(imsError(400, 'IMG.0001', field))
  })
})

describe('leaves alone what is not for clients to change: 403', () => {
  it.each([
    ...['id', 'owner', 'created_at', 'updated_at', 'self', 'file', 'schema', 'status', 'size', 'checksum', 'locations'],
    ...['virtual_size', '__imagetype', '__isregistered', '__image_source_type', '__data_origin'],
  ])('%s', async (name) => {
    const id = await world.image({ size: 1 })
    for (const op of ['add', 'replace', 'remove']) {
      const answer = await patch(id, [{ op, path: `/${name}`, value: 'x' }])
      expect(answer).toMatchObject(imsError(403, 'IMG.0001', '[0].path', name))
    }
  })

  it.each([
    'name',
    'tags',
    'min_disk',
    'min_ram',
    'protected',
    'visibility',
    'disk_format',
    'container_format',
    'os_hidden',
  ])('%s can be changed, not taken away', async (name) => {
    const answer = await patch(await world.image(), [{ op: 'remove', path: `/${name}` }])
    expect(answer).toMatchObject(imsError(403, 'IMG.0001', '[0].path', name))
  })
})

describe('takes the project itself for the owner, and does nothing with it', () => {
  it.each([
    [NEW, (value: string) => [{ op: 'add', path: '/owner', value }, ...RENAMED]],
    [NEW, (value: string) => [{ op: 'replace', path: '/owner', value }, ...RENAMED]],
    [
      OLD,
      (value: string) => [
        { replace: '/owner', value },
        { replace: '/name', value: 'renamed' },
      ],
    ],
  ])('%s', async (type, steps) => {
    const id = await world.image()
    const before = (await world.call('GET', `/v2/images/${id}`)).body
    const { status, body } = await patch(id, steps(world.service.project), type)
    expect([status, body]).toEqual([200, { ...before, name: 'renamed', updated_at: expect.any(String) }])
    const refusal = await patch(id, steps(world.other), type)
    expect(refusal).toMatchObject(imsError(403, 'IMG.0001', '[0].path', 'owner'))
  })

  const RENAMED = [{ op: 'replace', path: '/name', value: 'renamed' }]
  it('but not when the owner is to be taken away', async () => {
    const steps = [{ op: 'remove', path: '/owner', value: world.service.project }]
    expect(await patch(await world.image(), steps)).toMatchObject(imsError(403, 'IMG.0001', '[0].path', 'owner'))
  })
})

describe('finds no attribute: 409', () => {
  it.each<readonly [name: string, steps: readonly object[]]>([
    ['to replace', [{ op: 'replace', path: '/mine', value: 'x' }]],
    ['to take away', [{ op: 'remove', path: '/mine' }]],
    [
      'to take away twice',
      [
        { op: 'remove', path: '/there' },
        { op: 'remove', path: '/there' },
      ],
    ],
    [
      'to replace after it is gone',
      [
        { op: 'remove', path: '/there' },
        { op: 'replace', path: '/there', value: 'x' },
      ],
    ],
    [
      'after a step that was good',
      [
        { op: 'add', path: '/new', value: 'x' },
        { op: 'remove', path: '/mine' },
      ],
    ],
  ])('%s, and changes nothing', async (_name, steps) => {
    const id = await world.image({ there: 'y' })
    const before = (await world.call('GET', `/v2/images/${id}`)).body
    const answer = await patch(id, steps)
    expect(answer).toMatchObject(imsError(409, 'IMG.0001', `[${steps.length - 1}].path`))
    expect((await world.call('GET', `/v2/images/${id}`)).body).toEqual(before)
  })
})

it('keeps no more of an image than an import may say of it', async () => {
  const id = await world.image()
  // {"status":"active","mine":""} has 29 bytes.
  const most = 8192 - 29
  expect((await patch(id, [{ op: 'add', path: '/mine', value: 'x'.repeat(most) }])).status).toBe(200)
  const answer = await patch(id, [{ op: 'add', path: '/mine', value: 'x'.repeat(most + 1) }])
  expect(answer).toMatchObject(imsError(400, 'IMG.0001', 'attributes', '8192'))
})

turnsAway(() => world, { method: 'PATCH', path: PATH, body: [{ op: 'replace', path: '/name', value: 'x' }] })
