import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { imsError } from '../expected.ts'
import { texts } from '../fixtures.ts'
import { runScenarios, type Scenario } from '../scenarios.ts'
import { startWorld, testImageAccess, type World } from './world.ts'

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

describe('patch formats', () => {
  it.each([
    [NEW, [{ op: 'replace', path: '/name', value: 'test01' }]],
    [`${NEW};charset=utf-8`, [{ op: 'replace', path: '/name', value: 'test01' }]],
    [NEW.toUpperCase(), [{ op: 'replace', path: '/name', value: 'test01' }]],
    ['application/json', [{ op: 'replace', path: '/name', value: 'test01' }]],
    ['application/json-patch+json', [{ op: 'add', path: '/name', value: 'test01' }]],
    [OLD, [{ replace: '/name', value: 'test01' }]],
    [`${OLD}; charset=utf-8`, [{ add: '/name', value: 'test01' }]],
  ])('a patch of content type %s is applied', async (type, steps) => {
    const id = await world.image({ status: 'queued' }, ['a=1'])
    const before = (await world.call('GET', `/v2/images/${id}`)).body
    const { status, body } = await patch(id, steps, type)
    expect([status, body]).toEqual([200, { ...before, name: 'test01', updated_at: expect.any(String) }])
  })

  it('a patch in format 2.0 removes an attribute', async () => {
    const id = await world.image({ mine: 'x' })
    const { body } = await patch(id, [{ add: '/other', value: 'y' }, { remove: '/mine' }], OLD)
    expect(body).toMatchObject({ other: 'y' })
    expect(body).not.toHaveProperty('mine')
  })

  it('a patch of content type text/plain is answered with 415', async () => {
    const { status, body } = await patch(await world.image(), [], 'text/plain')
    expect([status, body.error.code]).toEqual([415, 'IMG.0001'])
  })
})

describe('attributes', () => {
  type Case = readonly [name: string, detail: object, steps: readonly object[], after: object, gone: readonly string[]]
  const step = (op: string, path: string, value?: unknown) => ({ op, path, ...(value !== undefined && { value }) })
  it.each<Case>([
    [
      'stores a number and a boolean as strings',
      {},
      [step('add', '/n', 7), step('add', '/b', true)],
      { n: '7', b: 'true' },
      [],
    ],
    ['adds an attribute', {}, [step('add', '/mine', 'x')], { mine: 'x' }, []],
    ['overwrites an attribute by add', { mine: 'x' }, [step('add', '/mine', 'y')], { mine: 'y' }, []],
    ['replaces an attribute', { mine: 'x' }, [step('replace', '/mine', 'y')], { mine: 'y' }, []],
    ['removes an attribute', { mine: 'x' }, [step('remove', '/mine')], {}, ['mine']],
    ['removes an attribute that it added', {}, [step('add', '/mine', 'x'), step('remove', '/mine')], {}, ['mine']],
    [
      'adds an attribute that it removed',
      { mine: 'x' },
      [step('remove', '/mine'), step('add', '/mine', 'y')],
      { mine: 'y' },
      [],
    ],
    [
      'replaces an attribute that it added',
      {},
      [step('add', '/mine', 'x'), step('replace', '/mine', 'y')],
      { mine: 'y' },
      [],
    ],
    [
      'accepts names with a slash, a tilde and upper-case letters',
      {},
      [step('add', '/A~1b~0~01', 'x')],
      { 'A/b~~1': 'x' },
      [],
    ],
    ['accepts names of inherited object members', {}, [step('add', '/constructor', 'x')], { constructor: 'x' }, []],
    ['replaces an attribute that every image has', {}, [step('replace', '/min_ram', 512)], { min_ram: 512 }, []],
    ['hides an image', {}, [step('replace', '/os_hidden', true)], { os_hidden: true }, []],
    ['shows a hidden image again', { os_hidden: true }, [step('add', '/os_hidden', 'false')], { os_hidden: false }, []],
    ['sets a description', {}, [step('replace', '/description', 'd')], { description: 'd' }, []],
    ['protects an image', {}, [step('replace', '/protected', true)], { protected: true }, []],
    ['makes an image shared', {}, [step('replace', '/visibility', 'shared')], { visibility: 'shared' }, []],
    ['empties the name', {}, [step('replace', '/name', '')], { name: '' }, []],
    [
      'accepts a name of 255 characters',
      {},
      [step('replace', '/name', '名'.repeat(255))],
      { name: '名'.repeat(255) },
      [],
    ],
    ['accepts a description of 1024 characters', {}, [step('add', '/description', 'd'.repeat(1024))], {}, []],
    ['accepts the largest number', {}, [step('add', '/min_disk', 2 ** 31 - 1)], { min_disk: 2 ** 31 - 1 }, []],
  ])('a patch %s', async (_name, detail, steps, after, gone) => {
    const id = await world.image(detail)
    const { status, body } = await patch(id, steps)
    expect([status, body]).toEqual([200, expect.objectContaining(after)])
    for (const name of gone) expect(Object.hasOwn(body, name)).toBe(false)
    expect((await world.call('GET', `/v2/images/${id}`)).body).toEqual(body)
  })
})

describe('tags (D12)', () => {
  const tags = (value: unknown, op = 'add') => [{ op, path: '/tags', value }]
  it.each<readonly [name: string, steps: readonly object[], after: readonly string[]]>([
    ['by add, as Debian clients do', tags(['k1=v1', 'T']), ['k1=v1', 'T=']],
    ['by replace', tags(['T', 'a=2'], 'replace'), ['T=', 'a=2']],
    ['with an empty list', tags([]), []],
    ['with ten', tags(texts('k', 10)), texts('k', 10).map((key) => `${key}=`)],
    ['with an explicit empty value', tags(['k=']), ['k=']],
    ['with the last of two lists', [...tags(['x']), ...tags(['y'])], ['y=']],
  ])('a patch replaces all tags %s', async (_name, steps, after) => {
    const id = await world.image({}, ['a=1', 'b='])
    const { status, body } = await patch(id, steps)
    expect([status, body.tags]).toEqual([200, after.map((tag) => tag.replace(/=$/, ''))])
    expect(await world.tagsOf(id)).toEqual(after)
  })

  it('a patch with eleven tags is refused and changes nothing', async () => {
    const id = await world.image({}, ['a=1'])
    const before = (await world.call('GET', `/v2/images/${id}`)).body
    const answer = await patch(id, [{ op: 'replace', path: '/name', value: 'new' }, ...tags(texts('k', 11))])
    expect(answer).toMatchObject(imsError(400, 'IMG.0116', 'tags', '10', '11'))
    expect((await world.call('GET', `/v2/images/${id}`)).body).toEqual(before)
  })
})

function refused(name: string, body: unknown, code: string, ...fragments: string[]): Scenario {
  const request = { method: 'PATCH', path: PATH, body, headers: { 'content-type': NEW } }
  return { name: `patching an image is refused: ${name}`, request, ...imsError(400, code, ...fragments) }
}

describe('invalid patches', () => {
  const add = (path: string, value: unknown = 'x') => [{ op: 'add', path, value }]
  runScenarios(
    () => world.target,
    [
      refused('a body that is not an array', {}, 'IMG.0001', 'body', 'array'),
      refused('steps that are not objects', ['x'], 'IMG.0001', '[0]', 'object'),
      refused('the format 2.0', [{ replace: '/name', value: 'x' }], 'IMG.0001', '[0].op', 'required'),
      refused('an unknown operation', [{ op: 'test', path: '/x', value: 1 }], 'IMG.0001', '[0].op', 'add', 'test'),
      refused('no path', [{ op: 'add', value: 'x' }], 'IMG.0001', '[0].path', 'required'),
      ...['', '/', 'name', '/a/b', '/tags/-', '/a~', '/a~2', '//'].map((path) =>
        refused(`the path ${JSON.stringify(path)}`, add(path), 'IMG.0001', '[0].path', 'name of an attribute'),
      ),
      refused('the path /__proto__', add('/__proto__'), 'IMG.0001', '[0].path', 'not a known member'),
      refused('256 characters of a name of an attribute', add(`/${'n'.repeat(256)}`), 'IMG.0001', '[0].path', '255'),
      refused('no value to replace', [{ op: 'replace', path: '/name' }], 'IMG.0001', '[0].value', 'required'),
      refused('a name that is not a string', add('/name', 1), 'IMG.0001', '[0].value', 'string'),
      refused('256 characters of a name', add('/name', 'n'.repeat(256)), 'IMG.0001', '[0].value', '255', '256'),
      refused('1025 characters of a description', add('/__description', 'd'.repeat(1025)), 'IMG.0001', '1024', '1025'),
      refused('an angle bracket in a description', add('/description', '<b>'), 'IMG.0001', '[0].value', '<b>'),
      refused('a line break in a description', add('/__description', 'a\nb'), 'IMG.0001', '[0].value'),
      refused('a custom attribute that is not a string', add('/mine', { a: 1 }), 'IMG.0001', '[0].value', 'string'),
      refused('null for a value', add('/mine', null), 'IMG.0001', '[0].value', 'string'),
      refused(
        'a value of protected that is not a boolean',
        add('/protected', 'maybe'),
        'IMG.0001',
        '[0].value',
        'true or false',
      ),
      refused(
        'a value of os_hidden that is not a boolean',
        add('/os_hidden', 'maybe'),
        'IMG.0001',
        '[0].value',
        'true or false',
      ),
      refused('a value of min_ram that is not a number', add('/min_ram', 'much'), 'IMG.0001', '[0].value', 'integer'),
      refused('memory below zero', add('/min_ram', -1), 'IMG.0001', '[0].value', '0'),
      refused('a disk above the maximum', add('/min_disk', 2 ** 31), 'IMG.0001', '[0].value', '2147483647'),
      refused('public visibility', add('/visibility', 'public'), 'IMG.0001', '[0].value', 'private'),
      refused('tags that are not an array', add('/tags', 'a=1'), 'IMG.0001', '[0].value', 'array'),
      refused('tags that are not strings', add('/tags', ['a', { key: 'k' }]), 'IMG.0001', '[0].value[1]', 'string'),
      refused(
        'a repeated key (D12)',
        add('/tags', ['a=1', 'b', 'a']),
        'IMG.0001',
        '[0].value[2]',
        'repeats the key "a" of "a=1"; remove one of the two tags first',
      ),
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
    ['no operation', [{ value: 'x' }], '[0].replace'],
    ['two operations', [{ add: '/x', remove: '/y', value: 'x' }], '[0].remove'],
    ['a path that is not a string', [{ replace: 1, value: 'x' }], '[0].replace'],
  ])('a patch in format 2.0 is refused: %s', async (_name, steps, field) => {
    expect(await patch(await world.image(), steps, OLD)).toMatchObject(imsError(400, 'IMG.0001', field))
  })
})

describe('read-only attributes: 403', () => {
  it.each([
    'id',
    'owner',
    'created_at',
    'updated_at',
    'self',
    'file',
    'schema',
    'status',
    'size',
    'checksum',
    'locations',
    'virtual_size',
    '__imagetype',
    '__isregistered',
    '__image_source_type',
    '__data_origin',
  ])('the attribute %s is read-only', async (name) => {
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
  ])('the attribute %s cannot be removed', async (name) => {
    const answer = await patch(await world.image(), [{ op: 'remove', path: `/${name}` }])
    expect(answer).toMatchObject(imsError(403, 'IMG.0001', '[0].path', name))
  })
})

describe('the owner', () => {
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
  ])('setting the owner to the same project is a no-op: %s', async (type, steps) => {
    const id = await world.image()
    const before = (await world.call('GET', `/v2/images/${id}`)).body
    const { status, body } = await patch(id, steps(world.service.project), type)
    expect([status, body]).toEqual([200, { ...before, name: 'renamed', updated_at: expect.any(String) }])
    const refusal = await patch(id, steps(world.other), type)
    expect(refusal).toMatchObject(imsError(403, 'IMG.0001', '[0].path', 'owner'))
  })

  const RENAMED = [{ op: 'replace', path: '/name', value: 'renamed' }]
  it('removing the owner is answered with 403', async () => {
    const steps = [{ op: 'remove', path: '/owner', value: world.service.project }]
    expect(await patch(await world.image(), steps)).toMatchObject(imsError(403, 'IMG.0001', '[0].path', 'owner'))
  })
})

describe('absent attributes: 409', () => {
  it.each<readonly [name: string, steps: readonly object[]]>([
    ['that replaces it', [{ op: 'replace', path: '/mine', value: 'x' }]],
    ['that removes it', [{ op: 'remove', path: '/mine' }]],
    [
      'that removes an attribute twice',
      [
        { op: 'remove', path: '/there' },
        { op: 'remove', path: '/there' },
      ],
    ],
    [
      'that replaces a removed attribute',
      [
        { op: 'remove', path: '/there' },
        { op: 'replace', path: '/there', value: 'x' },
      ],
    ],
    [
      'after a valid step',
      [
        { op: 'add', path: '/new', value: 'x' },
        { op: 'remove', path: '/mine' },
      ],
    ],
  ])('a patch of an absent attribute is answered with 409 and changes nothing: %s', async (_name, steps) => {
    const id = await world.image({ there: 'y' })
    const before = (await world.call('GET', `/v2/images/${id}`)).body
    const answer = await patch(id, steps)
    expect(answer).toMatchObject(imsError(409, 'IMG.0001', `[${steps.length - 1}].path`))
    expect((await world.call('GET', `/v2/images/${id}`)).body).toEqual(before)
  })
})

it('a patch cannot exceed the detail size that an import accepts', async () => {
  const id = await world.image()
  // {"status":"active","mine":""} has 29 bytes.
  const mostBytes = 8192 - 29
  expect((await patch(id, [{ op: 'add', path: '/mine', value: 'x'.repeat(mostBytes) }])).status).toBe(200)
  const answer = await patch(id, [{ op: 'add', path: '/mine', value: 'x'.repeat(mostBytes + 1) }])
  expect(answer).toMatchObject(imsError(400, 'IMG.0001', 'attributes', '8192'))
})

testImageAccess(() => world, { method: 'PATCH', path: PATH, body: [{ op: 'replace', path: '/name', value: 'x' }] })
