import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestService, type TestService } from '../../support/service.ts'
import { imsError, ROUTE_NOT_FOUND, TOKEN_MISSING, TOKEN_UNREADABLE } from '../expected.ts'
import {
  IMAGE_OF_OTHER,
  image,
  instance,
  logIn,
  newImageId,
  newInstanceId,
  startWithUsers,
  targetOf,
  texts,
} from '../fixtures.ts'
import { runScenarios, type Scenario, type Target } from '../scenarios.ts'

// I1: POST /v2/{project_id}/images/{image_id}/tags (S4; contract 2.1 to 2.3, 2.6; D5, D7, D8, D11, D15, D25, D29).

const PATH = '/v2/{project}/images/{image}/tags'
const UNKNOWN_IMAGE = '11111111-2222-4333-8444-555555555555'
const BORDER = '\u4E00\u9FFF'

let service: TestService
let target: Target
const fills = { image: newImageId(), full: newImageId(), instance: newInstanceId(), unknown: UNKNOWN_IMAGE }

beforeAll(async () => {
  service = await startTestService()
  await service.register(
    image(fills.image),
    image(fills.full, ...texts('k', 10).map((key) => `${key}=v`)),
    instance(fills.instance),
  )
  target = await targetOf(service, fills)
})
afterAll(() => service.stop())

/** A fresh image in the service, and its two calls. */
async function freshImage(...tags: string[]) {
  const id = newImageId()
  await service.register(image(id, ...tags))
  const path = `/v2/${service.project}/images/${id}/tags`
  const add = (key: unknown, value: unknown) => service.call('POST', path, { body: { tag: { key, value } } })
  const list = async () => (await service.call('GET', path)).body.tags as { key: string; value: string }[]
  return { id, path, add, list }
}

describe('valid tags', () => {
  const cases: readonly (readonly [name: string, sent: unknown, stored: { key: string; value: string }])[] = [
    ['the example of S4', { value: 'value1', key: 'key1' }, { key: 'key1', value: 'value1' }],
    ['a key of one character', { key: 'k', value: 'v' }, { key: 'k', value: 'v' }],
    ['a key of 36 characters', { key: 'k'.repeat(36), value: 'v' }, { key: 'k'.repeat(36), value: 'v' }],
    ['a value of 43 characters', { key: 'k', value: 'v'.repeat(43) }, { key: 'k', value: 'v'.repeat(43) }],
    ['36 Chinese characters as key', { key: '键'.repeat(36), value: '' }, { key: '键'.repeat(36), value: '' }],
    ['43 Chinese characters as value', { key: 'k', value: '值'.repeat(43) }, { key: 'k', value: '值'.repeat(43) }],
    [
      'the first and the last Chinese character allowed',
      { key: BORDER, value: BORDER },
      { key: BORDER, value: BORDER },
    ],
    ['all kinds of characters in a key', { key: '0aZ_-', value: '' }, { key: '0aZ_-', value: '' }],
    ['all kinds of characters in a value', { key: 'k', value: '0aZ_-.' }, { key: 'k', value: '0aZ_-.' }],
    ['an empty value', { key: 'k', value: '' }, { key: 'k', value: '' }],
    ['a blank value, which becomes empty', { key: 'k', value: ' \t ' }, { key: 'k', value: '' }],
    ['outer blanks, which are trimmed', { key: '  key ', value: '\tvalue  ' }, { key: 'key', value: 'value' }],
    [
      'lengths that fit after trimming',
      { key: ` ${'k'.repeat(36)} `, value: ` ${'v'.repeat(43)} ` },
      { key: 'k'.repeat(36), value: 'v'.repeat(43) },
    ],
    ['unknown members, which are ignored', { key: 'k', value: 'v', sys_tags: [1], x: null }, { key: 'k', value: 'v' }],
    ['a key named __proto__', { key: '__proto__', value: 'v' }, { key: '__proto__', value: 'v' }],
    ['a key named constructor', { key: 'constructor', value: 'v' }, { key: 'constructor', value: 'v' }],
    ['a key named toString', { key: 'toString', value: '' }, { key: 'toString', value: '' }],
    ['a key named hasOwnProperty', { key: 'hasOwnProperty', value: '' }, { key: 'hasOwnProperty', value: '' }],
  ]
  for (const [name, sent, stored] of cases) {
    it(`adding a tag is answered with 204 and stores it: ${name}`, async () => {
      const { path, list } = await freshImage()
      const answer = await service.call('POST', path, { body: { tag: sent, sys_tags: [], other: {} } })
      expect([answer.status, answer.text]).toEqual([204, ''])
      expect(answer.headers.get('content-type')).toBeNull()
      expect(await list()).toEqual([stored])
    })
  }
})

describe('content types', () => {
  const types = [
    'application/json',
    'application/json;charset=utf-8',
    'application/json; charset=utf8',
    'APPLICATION/JSON;CHARSET=UTF-8',
    null,
  ]
  runScenarios(
    () => target,
    types.map((type) => ({
      name: `adding a tag accepts the content type ${type ?? 'none'}`,
      request: {
        method: 'POST',
        path: PATH,
        body: { tag: { key: 'type', value: 'v' } },
        headers: { 'content-type': type },
      },
      status: 204,
      body: null,
    })),
  )
})

/** A request that is refused, for the image without tags. */
function refused(name: string, body: unknown, code: string, ...fragments: string[]): Scenario {
  const request = { method: 'POST', path: PATH, body }
  return { name: `adding a tag is refused: ${name}`, request, ...imsError(400, code, ...fragments) }
}

function refusedTag(name: string, tag: unknown, code: string, ...fragments: string[]): Scenario {
  return refused(name, { tag }, code, ...fragments)
}

describe('tags that break a rule: 400 IMG.0115 with field, rule and value', () => {
  runScenarios(
    () => target,
    [
      refusedTag(
        'a key of 37 characters',
        { key: 'k'.repeat(37), value: '' },
        'IMG.0115',
        'tag.key',
        '36',
        '37',
        'kkk',
      ),
      refusedTag('a value of 44 characters', { key: 'k', value: 'v'.repeat(44) }, 'IMG.0115', 'tag.value', '43', '44'),
      refusedTag('37 Chinese characters', { key: '键'.repeat(37), value: '' }, 'IMG.0115', 'tag.key', '36', '37', '键'),
      refusedTag(
        '37 characters above U+FFFF, each counted as one',
        { key: '😀'.repeat(37), value: '' },
        'IMG.0115',
        'tag.key',
        '36',
        'has 37',
      ),
      refusedTag(
        '44 characters above U+FFFF in a value, each counted as one',
        { key: 'k', value: '𠀀'.repeat(44) },
        'IMG.0115',
        'tag.value',
        '43',
        'has 44',
      ),
      // Too long in UTF-16 units, short enough in characters.
      refusedTag(
        '36 characters above U+FFFF, for the characters and not for the length',
        { key: '😀'.repeat(36), value: '' },
        'IMG.0115',
        'tag.key: may only hold',
        '😀',
      ),
      refusedTag('an empty key', { key: '', value: 'v' }, 'IMG.0115', 'tag.key', 'empty or blank', '""'),
      refusedTag('a blank key', { key: ' \t ', value: 'v' }, 'IMG.0115', 'tag.key', 'empty or blank', '" \\t "'),
      ...[
        'a b',
        'a.b',
        'a@b',
        'a=b',
        'a/b',
        'a*',
        '*',
        'ä',
        'a,b',
        '"',
        'a\nb',
        '\u{3400}',
        '\u{A000}',
        '𠀀',
        '＿',
      ].map((key) =>
        refusedTag(`the key ${JSON.stringify(key)}`, { key, value: '' }, 'IMG.0115', 'tag.key', JSON.stringify(key)),
      ),
      ...['a b', 'a@b', 'a=b', 'a/b', '*', 'ö', '\u{3400}', '\u{A000}', '。', '😀'].map((value) =>
        refusedTag(
          `the value ${JSON.stringify(value)}`,
          { key: 'k', value },
          'IMG.0115',
          'tag.value',
          JSON.stringify(value),
        ),
      ),
    ],
  )
})

describe('bodies of the wrong shape: 400 IMG.0001 with field, rule and value', () => {
  runScenarios(
    () => target,
    [
      refused('no tag', {}, 'IMG.0001', 'tag', 'required'),
      refused('a tag that is null', { tag: null }, 'IMG.0001', 'tag', 'object', 'null'),
      refused('a tag that is an array', { tag: [] }, 'IMG.0001', 'tag', 'object', 'array'),
      refused('a tag that is a string', { tag: 'a=b' }, 'IMG.0001', 'tag', 'object', '"a=b"'),
      refused('an array instead of the tag', { tags: [{ key: 'k', value: 'v' }] }, 'IMG.0001', 'tag', 'required'),
      refusedTag('no key', { value: 'v' }, 'IMG.0001', 'tag.key', 'required'),
      refusedTag('a key that is null', { key: null, value: 'v' }, 'IMG.0001', 'tag.key', 'string', 'null'),
      refusedTag('a key that is a number', { key: 1, value: 'v' }, 'IMG.0001', 'tag.key', 'string', '1'),
      refusedTag('no value (D7)', { key: 'k' }, 'IMG.0001', 'tag.value', 'required'),
      refusedTag('a value that is null (D7)', { key: 'k', value: null }, 'IMG.0001', 'tag.value', 'string', 'null'),
      refusedTag('a value that is a number', { key: 'k', value: 7 }, 'IMG.0001', 'tag.value', 'string', '7'),
      refusedTag('a value that is a boolean', { key: 'k', value: true }, 'IMG.0001', 'tag.value', 'string', 'true'),
      refusedTag('a value that is an array', { key: 'k', value: ['v'] }, 'IMG.0001', 'tag.value', 'string', 'array'),
      refused('null as body', 'null', 'IMG.0001', 'body', 'object', 'null'),
      refused('an array as body', '[]', 'IMG.0001', 'body', 'object', 'array'),
      refused('a string as body', '"tag"', 'IMG.0001', 'body', 'object', '"tag"'),
      refused('a number as body', '1', 'IMG.0001', 'body', 'object', '1'),
      refused('invalid JSON', '{"tag":', 'IMG.0001', 'body', 'JSON'),
      refused('blanks only', '  \n', 'IMG.0001', 'body', 'JSON'),
    ],
  )
})

describe('statuses', () => {
  const body = { tag: { key: 'key1', value: 'value1' } }
  runScenarios(
    () => target,
    [
      {
        name: 'adding a tag with an empty body is answered with 400 IMG.0007 (D25)',
        request: { method: 'POST', path: PATH, body: '' },
        ...imsError(400, 'IMG.0007'),
      },
      {
        name: 'adding a tag to an unknown image is answered with 404 IMG.0027 (D11)',
        request: { method: 'POST', path: '/v2/{project}/images/{unknown}/tags', body },
        ...imsError(404, 'IMG.0027'),
      },
      {
        name: 'adding a tag to an id that is not a UUID is answered with 404 IMG.0027 (D11)',
        request: { method: 'POST', path: '/v2/{project}/images/no-uuid/tags', body },
        ...imsError(404, 'IMG.0027'),
      },
      {
        name: 'adding an image tag to the id of an instance is answered with 404 IMG.0027',
        request: { method: 'POST', path: '/v2/{project}/images/{instance}/tags', body },
        ...imsError(404, 'IMG.0027'),
      },
      {
        name: 'an image id with an encoded slash is decoded once and answered with 404 IMG.0027',
        request: { method: 'POST', path: '/v2/{project}/images/a%2Fb%252F/tags', body },
        ...imsError(404, 'IMG.0027'),
      },
      {
        name: 'an invalid tag for an unknown image is answered with 400, not 404',
        request: { method: 'POST', path: '/v2/{project}/images/{unknown}/tags', body: { tag: { key: '', value: '' } } },
        ...imsError(400, 'IMG.0115', 'tag.key'),
      },
      {
        name: 'adding an eleventh tag is answered with 400 IMG.0116 (D8)',
        request: { method: 'POST', path: '/v2/{project}/images/{full}/tags', body },
        ...imsError(400, 'IMG.0116', 'tags', '10', '11'),
      },
      {
        name: 'replacing the value of one of ten tags is answered with 204',
        request: { method: 'POST', path: '/v2/{project}/images/{full}/tags', body: { tag: { key: 'k3', value: 'w' } } },
        status: 204,
        body: null,
      },
      {
        name: 'adding one of ten tags unchanged is answered with 204',
        request: { method: 'POST', path: '/v2/{project}/images/{full}/tags', body: { tag: { key: 'k4', value: 'v' } } },
        status: 204,
        body: null,
      },
      {
        name: 'adding a tag ignores the query string',
        request: { method: 'POST', path: `${PATH}?engine_name=x&limit=no&limit=1&%zz`, body },
        status: 204,
        body: null,
      },
      {
        name: 'adding a tag with a token of another project is answered with 403 IMG.0030 (D15)',
        request: { method: 'POST', path: PATH, body, token: 'other' },
        ...imsError(403, 'IMG.0030'),
      },
      {
        name: 'adding a tag in another project is answered with 403 IMG.0030',
        request: { method: 'POST', path: `/v2/{other}/images/${IMAGE_OF_OTHER}/tags`, body },
        ...imsError(403, 'IMG.0030'),
      },
      {
        name: 'adding a tag in an unknown project is answered with 403 IMG.0030',
        request: { method: 'POST', path: '/v2/00000000000000000000000000000000/images/{image}/tags', body },
        ...imsError(403, 'IMG.0030'),
      },
      {
        name: 'adding a tag with a token of the domain is answered with 403 IMG.0030',
        request: { method: 'POST', path: PATH, body, token: 'domain' },
        ...imsError(403, 'IMG.0030'),
      },
      {
        name: 'adding a tag without a token is answered with 401 by the gateway (D26)',
        request: { method: 'POST', path: PATH, body, token: null },
        ...TOKEN_MISSING,
      },
      {
        name: 'adding a tag with an invalid token is answered with 401 by the gateway',
        request: { method: 'POST', path: PATH, body, headers: { 'x-auth-token': 'no token' } },
        ...TOKEN_UNREADABLE,
      },
    ],
  )
})

describe('missing routes', () => {
  const paths = [
    ['PUT', PATH, 405],
    ['PATCH', PATH, 405],
    // The path of a tag with an empty key.
    ['POST', `${PATH}/`, 404],
    ['POST', '/v2/{project}//images/{image}/tags', 404],
    ['POST', '/V2/{project}/images/{image}/tags', 404],
    ['POST', '/v2/{project}/images/{image}/tags/key', 405],
  ] as const
  runScenarios(
    () => ({ ...target, hasRevisions: false }),
    paths.map(([method, path, status]) => ({
      name: `${method} ${path} is answered with ${status}`,
      request: { method, path, body: { tag: { key: 'k', value: 'v' } } },
      ...ROUTE_NOT_FOUND,
      status,
    })),
  )
})

describe('idempotency and concurrency', () => {
  it('adding an existing key replaces its value and keeps its position', async () => {
    const { add, list } = await freshImage('a=1', 'b=2')
    expect((await add('a', 'other')).status).toBe(204)
    expect(await list()).toEqual([
      { key: 'a', value: 'other' },
      { key: 'b', value: '2' },
    ])
  })

  it('keys that differ in letter case are distinct', async () => {
    const { add, list } = await freshImage('key=1')
    await add('Key', '1')
    expect((await list()).map(({ key }) => key)).toEqual(['key', 'Key'])
  })

  it('a key with outer blanks is the same key as without', async () => {
    const { add, list } = await freshImage('key=1')
    await add(' key ', ' 2 ')
    expect(await list()).toEqual([{ key: 'key', value: '2' }])
  })

  it('a tag added by many concurrent requests is stored once', async () => {
    const { add, list } = await freshImage()
    const answers = await Promise.all(Array.from({ length: 50 }, () => add('a', '1')))
    expect(answers.map(({ status }) => status)).toEqual(Array(50).fill(204))
    expect(await list()).toEqual([{ key: 'a', value: '1' }])
  })

  it('of 25 concurrent additions exactly ten succeed', async () => {
    const { add, list } = await freshImage()
    const answers = await Promise.all(texts('k', 25).map((key) => add(key, 'v')))
    const statuses = answers.map(({ status }) => status)
    expect(statuses.filter((status) => status === 204)).toHaveLength(10)
    expect(statuses.filter((status) => status === 400)).toHaveLength(15)
    expect((await list()).length).toBe(10)
  })
})

describe('revisions', () => {
  const revisionOf = ({ headers }: { headers: Headers }) => Number(headers.get('x-tagwerk-revision'))

  it('each write that changes tags raises the revision by one', async () => {
    const { add, path } = await freshImage()
    const before = revisionOf(await service.call('GET', path))
    const revisions = [await add('a', '1'), await add('b', '1'), await add('a', '2')].map(revisionOf)
    expect(revisions).toEqual([before + 1, before + 2, before + 3])
    expect(revisionOf(await service.call('GET', path))).toBe(before + 3)
  })

  it('a write that changes nothing or is refused keeps the revision', async () => {
    const { add, path } = await freshImage('a=1')
    const before = revisionOf(await service.call('GET', path))
    const answers = [await add('a', '1'), await add(' a ', '1'), await add('a b', '1'), await add('a', null)]
    const unknown = await service.call('POST', `/v2/${service.project}/images/${UNKNOWN_IMAGE}/tags`, {
      body: { tag: { key: 'a', value: '1' } },
    })
    expect([...answers, unknown].map(({ status }) => status)).toEqual([204, 204, 400, 400, 404])
    expect([...answers, unknown].map(revisionOf)).toEqual(Array(5).fill(before))
  })

  it('a write does not change the revision of another project', async () => {
    const { add } = await freshImage()
    const path = `/v2/${target.fills.other}/images/${IMAGE_OF_OTHER}/tags`
    const token = target.tokens.other as string
    const before = revisionOf(await service.call('GET', path, { token }))
    await add('a', '1')
    expect(revisionOf(await service.call('GET', path, { token }))).toBe(before)
  })
})

describe('roles', () => {
  it('a user with a read-only role can list tags, and is answered with 403 IMG.0026 when adding one', async () => {
    const strict = await startWithUsers()
    try {
      const id = newImageId()
      await strict.register(image(id))
      const { token } = await logIn(strict, 'reader', 'default')
      const path = `/v2/${strict.project}/images/${id}/tags`
      const written = await strict.call('POST', path, { body: { tag: { key: 'k', value: 'v' } }, token })
      expect({ status: written.status, body: written.body }).toEqual(imsError(403, 'IMG.0026'))
      expect(written.headers.get('x-tagwerk-revision')).toBeNull()
      expect((await strict.call('GET', path, { token })).body).toEqual({ tags: [] })
    } finally {
      await strict.stop()
    }
  })
})
