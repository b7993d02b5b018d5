import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestService, type TestService } from '../../support/service.ts'
import { dbsError, dbsErrorInChinese } from '../expected.ts'
import {
  image,
  instance,
  logIn,
  newImageId,
  newInstanceId,
  startWithUsers,
  tagOf,
  targetOf,
  texts,
} from '../fixtures.ts'
import { runScenarios, type Scenario, type Target } from '../scenarios.ts'
import { missingInstances, outsiders, UNKNOWN_ID } from './instance-cases.ts'

// G3: POST /v3/{project_id}/instances/{instance_id}/tags/action (contract 3.1, 3.2, 3.4; D6, D7, D8, D20 to D22, D24,
// D25).

let service: TestService
let target: Target
const fills = {
  instance: newInstanceId(),
  full: newInstanceId(),
  odd: 'db-1.of_mine',
  foreign: newInstanceId(),
  image: newImageId(),
}

beforeAll(async () => {
  service = await startWithUsers()
  await service.register(
    instance(fills.instance, 'kept=1'),
    instance(fills.full, ...texts('k', 20).map((key) => `${key}=v`)),
    instance(fills.odd),
    image(fills.image),
    { ...instance(fills.foreign), project: 'other' },
  )
  target = await targetOf(service, fills)
})
afterAll(() => service.stop())

const pathOf = (id: string, project = '{project}') => `/v3/${project}/instances/${id}/tags/action`
const CREATE = { action: 'create', tags: [{ key: 'a', value: '1' }] }

function act(id: string, action: string, tags: unknown, on: TestService = service) {
  return on.call('POST', `/v3/${on.project}/instances/${id}/tags/action`, { body: { action, tags } })
}

async function tagsOf(id: string, on: TestService = service) {
  return (await on.call('GET', `/v3/${on.project}/instances/${id}/tags`)).body.tags
}

/** A separate instance for one test. */
async function newInstance(...tags: readonly string[]): Promise<string> {
  const id = newInstanceId()
  await service.register(instance(id, ...tags))
  return id
}

describe('create', () => {
  it('create answers 200 without a body and adds tags in order', async () => {
    const id = await newInstance('first=0')
    const answer = await act(id, 'create', ['key1=value1', 'key2=value2', 'key3='].map(tagOf))
    expect({ status: answer.status, text: answer.text }).toEqual({ status: 200, text: '' })
    expect(answer.headers.get('x-tagwerk-revision')).toMatch(/^\d+$/)
    expect(await tagsOf(id)).toEqual(['first=0', 'key1=value1', 'key2=value2', 'key3='].map(tagOf))
  })

  it('create replaces the value of an existing key and keeps its position (D20)', async () => {
    const id = await newInstance('a=1', 'b=2')
    expect((await act(id, 'create', [tagOf('c=3'), tagOf('a=9')])).status).toBe(200)
    expect(await tagsOf(id)).toEqual(['a=9', 'b=2', 'c=3'].map(tagOf))
  })

  it('create changes nothing if the tags are already set', async () => {
    const id = await newInstance('a=1')
    const before = await act(id, 'create', [tagOf('a=1')])
    const after = await act(id, 'create', [tagOf('a=1')])
    expect(after.status).toBe(200)
    expect(after.headers.get('x-tagwerk-revision')).toBe(before.headers.get('x-tagwerk-revision'))
  })

  it('create trims keys and values, and accepts Chinese', async () => {
    const id = await newInstance()
    expect((await act(id, 'create', [{ key: ' 键 ', value: '\t值.1 ' }])).status).toBe(200)
    expect(await tagsOf(id)).toEqual([{ key: '键', value: '值.1' }])
  })

  it('create accepts a key of 36 and a value of 43 characters, and twenty tags at once', async () => {
    const id = await newInstance()
    const longest = { key: 'k'.repeat(36), value: 'v'.repeat(43) }
    expect((await act(id, 'create', [longest, ...texts('t', 19).map(tagOf)])).status).toBe(200)
    expect(await tagsOf(id)).toHaveLength(20)
  })

  it('create refuses the 21st tag and applies none, but can update twenty values (D8)', async () => {
    const id = await newInstance(...texts('k', 19).map((key) => `${key}=v`))
    const twoMore = await act(id, 'create', ['k0=new', 'x=1', 'y=2'].map(tagOf))
    expect(twoMore).toMatchObject(dbsError(400, 'DBS.200087', 'tags', '20', '21'))
    expect(await tagsOf(id)).toEqual(texts('k', 19).map((key) => tagOf(`${key}=v`)))
    expect((await act(id, 'create', [tagOf('x=1')])).status).toBe(200)
    expect((await act(id, 'create', [tagOf('x=2'), tagOf('k0=2')])).status).toBe(200)
    expect(await act(id, 'create', [tagOf('y=1')])).toMatchObject(dbsError(400, 'DBS.200087', 'tags', '20', '21'))
  })

  it("create accepts an instance whose id has another form than the vendor's (D22)", async () => {
    expect((await act(fills.odd, 'create', [tagOf('a=1')])).status).toBe(200)
    expect(await tagsOf(fills.odd)).toEqual([tagOf('a=1')])
  })

  it('create ignores unknown members (D28)', async () => {
    const id = await newInstance()
    const body = { ...CREATE, sys_tags: [{ key: '_sys' }], tags: [{ key: 'a', value: '1', other: 2 }] }
    expect((await service.call('POST', `/v3/${service.project}/instances/${id}/tags/action`, { body })).status).toBe(
      200,
    )
    expect(await tagsOf(id)).toEqual([tagOf('a=1')])
  })
})

describe('delete', () => {
  it('delete removes by key or by exact pair, and an absent tag is no error (D21)', async () => {
    const id = await newInstance('a=1', 'b=2', 'c=3', 'd=4', 'e=5', 'f=6')
    const removals = [
      { key: 'a' },
      { key: 'b', value: '2' },
      { key: 'c', value: 'other' },
      { key: 'd', value: '' },
      { key: 'e', value: null },
      { key: 'absent' },
    ]
    const answer = await act(id, 'delete', removals)
    expect({ status: answer.status, text: answer.text }).toEqual({ status: 200, text: '' })
    expect(await tagsOf(id)).toEqual(['c=3', 'f=6'].map(tagOf))
  })

  it('delete trims keys and values, but a blank value does not match every value', async () => {
    const id = await newInstance('a=1', 'b=2', 'c=3')
    expect(
      (await act(id, 'delete', [{ key: ' a ' }, { key: 'b', value: ' 2 ' }, { key: 'c', value: ' ' }])).status,
    ).toBe(200)
    expect(await tagsOf(id)).toEqual([tagOf('c=3')])
  })

  it('delete accepts any characters, keys of 127 and values of 255 characters', async () => {
    const id = await newInstance('a=1')
    const removals = [{ key: 'k'.repeat(127), value: 'v'.repeat(255) }, { key: '@=,*', value: '/?' }, { key: 'a' }]
    expect((await act(id, 'delete', removals)).status).toBe(200)
    expect(await tagsOf(id)).toEqual([])
  })

  it('delete removes tags from an instance at the limit', async () => {
    expect(
      (
        await act(
          fills.full,
          'delete',
          texts('k', 20).map((key) => ({ key })),
        )
      ).status,
    ).toBe(200)
    expect(await tagsOf(fills.full)).toEqual([])
  })
})

describe('invalid requests', () => {
  const sent = (name: string, body: unknown, expected: Omit<Scenario, 'name' | 'request'>): Scenario => ({
    name: `${name} is refused`,
    request: { method: 'POST', path: pathOf('{instance}'), body },
    ...expected,
  })
  const created = (name: string, tag: unknown, ...fragments: string[]) =>
    sent(`create with ${name}`, { action: 'create', tags: [tag] }, dbsError(400, 'DBS.200001', ...fragments))
  const deleted = (name: string, tag: unknown, ...fragments: string[]) =>
    sent(`delete with ${name}`, { action: 'delete', tags: [tag] }, dbsError(400, 'DBS.200001', ...fragments))
  runScenarios(
    () => target,
    [
      sent('an empty body', '', dbsError(400, 'DBS.200006')),
      sent('invalid JSON', '{', dbsError(400, 'DBS.200001', 'body', 'JSON')),
      sent('an array as body', [], dbsError(400, 'DBS.200001', 'body', 'an object')),
      sent('a body without an action', { tags: CREATE.tags }, dbsError(400, 'DBS.200001', 'action', 'required')),
      sent('an unknown action', { ...CREATE, action: 'update' }, dbsError(400, 'DBS.200001', 'action', '"update"')),
      sent('an empty action', { ...CREATE, action: '' }, dbsError(400, 'DBS.200001', 'action')),
      sent(
        'an action that is not a string',
        { ...CREATE, action: 1 },
        dbsError(400, 'DBS.200001', 'action', 'a string'),
      ),
      ...['Create', 'DELETE', 'deletE'].map((action) =>
        sent(
          `the action ${action} with any tags (D24)`,
          { action, tags: [{ key: 'a' }] },
          dbsError(400, 'DBS.290001', 'action', action),
        ),
      ),
      ...['create', 'delete'].flatMap((action) => [
        sent(`${action} without tags`, { action }, dbsError(400, 'DBS.200001', 'tags', 'required')),
        sent(
          `${action} with an empty list of tags`,
          { action, tags: [] },
          dbsError(400, 'DBS.200001', 'tags', '1 item'),
        ),
        sent(
          `${action} with tags that are not an array`,
          { action, tags: {} },
          dbsError(400, 'DBS.200001', 'tags', 'an array'),
        ),
        sent(
          `${action} with a tag that is a string`,
          { action, tags: ['a=1'] },
          dbsError(400, 'DBS.200001', 'tags[0]'),
        ),
        sent(
          `${action} with a tag without a key`,
          { action, tags: [{ value: '1' }] },
          dbsError(400, 'DBS.200001', 'tags[0].key', 'required'),
        ),
        sent(
          `${action} with a key that is null`,
          { action, tags: [{ key: null, value: '' }] },
          dbsError(400, 'DBS.200001', 'tags[0].key'),
        ),
        sent(
          `${action} with an empty key`,
          { action, tags: [{ key: '', value: '1' }] },
          dbsError(400, 'DBS.200001', 'tags[0].key', 'empty'),
        ),
        sent(
          `${action} with a blank key`,
          { action, tags: [{ key: '  ', value: '1' }] },
          dbsError(400, 'DBS.200001', 'tags[0].key', 'blank'),
        ),
        sent(
          `${action} with keys that are equal after trimming (D20)`,
          { action, tags: ['a=1', 'b=2', ' a =3'].map(tagOf) },
          dbsError(400, 'DBS.280272', 'tags[2].key', '"a"'),
        ),
      ]),
      created('no value (D7)', { key: 'a' }, 'tags[0].value', 'required'),
      created('a value that is null', { key: 'a', value: null }, 'tags[0].value', 'a string'),
      created('a value that is a number', { key: 'a', value: 1 }, 'tags[0].value', 'a string'),
      created('a key of 37 characters', { key: 'k'.repeat(37), value: '' }, 'tags[0].key', '36', '37'),
      created('a value of 44 characters', { key: 'k', value: 'v'.repeat(44) }, 'tags[0].value', '43', '44'),
      created('a key with @ (D6)', { key: 'a@b', value: '' }, 'tags[0].key', '"a@b"'),
      created('a key with a dot', { key: 'a.b', value: '' }, 'tags[0].key', '"a.b"'),
      created('a value with @', { key: 'a', value: 'a@b' }, 'tags[0].value', '"a@b"'),
      deleted('a key of 128 characters', { key: 'k'.repeat(128) }, 'tags[0].key', '127', '128'),
      deleted('a value of 256 characters', { key: 'k', value: 'v'.repeat(256) }, 'tags[0].value'),
      deleted('a value that is a number', { key: 'a', value: 1 }, 'tags[0].value'),
    ],
  )

  it('one invalid tag refuses the whole request (D8)', async () => {
    expect((await act(fills.instance, 'create', [tagOf('a=1'), tagOf('b@=1')])).status).toBe(400)
    expect((await act(fills.instance, 'delete', [{ key: 'kept' }, { key: '' }])).status).toBe(400)
    expect(await tagsOf(fills.instance)).toEqual([tagOf('kept=1')])
  })
})

describe('answers to POST', () => {
  const request = (id: string, body: unknown = CREATE) => ({ method: 'POST', path: pathOf(id), body })
  runScenarios(
    () => target,
    [
      ...missingInstances((id) => request(id)),
      {
        name: 'too many tags for an unknown instance are answered with 404',
        request: request(UNKNOWN_ID, { action: 'create', tags: texts('k', 21).map(tagOf) }),
        ...dbsError(404, 'DBS.200045'),
      },
      {
        name: 'an invalid tag is answered with 400 even if the instance is unknown',
        request: request(UNKNOWN_ID, { action: 'create', tags: [tagOf('=1')] }),
        ...dbsError(400, 'DBS.200001', 'tags[0].key'),
      },
      ...outsiders((project) => ({ method: 'POST', path: pathOf('{instance}', project), body: CREATE })),
    ],
  )

  it('a user with a read-only role is answered with 403 DBS.200010', async () => {
    const { token } = await logIn(service, 'reader', 'default')
    const path = `/v3/${service.project}/instances/${fills.instance}/tags/action`
    expect(await service.call('POST', path, { body: CREATE, token })).toMatchObject(dbsError(403, 'DBS.200010'))
    expect(await tagsOf(fills.instance)).toEqual([tagOf('kept=1')])
  })
})

describe('errors in Chinese (D14)', () => {
  const chinese = (name: string, body: unknown, expected: Omit<Scenario, 'name' | 'request'>, id = '{instance}') => ({
    name: `the error for ${name} is in Chinese with X-Language zh-cn`,
    request: { method: 'POST', path: pathOf(id), body, headers: { 'x-language': 'zh-cn' } },
    ...expected,
  })
  runScenarios(
    () => target,
    [
      chinese('an empty body', '', dbsErrorInChinese(400, 'DBS.200006')),
      chinese('an empty list of tags', { action: 'create', tags: [] }, dbsErrorInChinese(400, 'DBS.200001', 'tags')),
      chinese('a wrong letter case', { ...CREATE, action: 'Create' }, dbsErrorInChinese(400, 'DBS.290001', 'action')),
      chinese(
        'a repeated key',
        { action: 'create', tags: ['a=1', 'a=2'].map(tagOf) },
        dbsErrorInChinese(400, 'DBS.280272', 'tags[1].key'),
      ),
      chinese(
        'too many tags',
        { action: 'create', tags: texts('k', 21).map(tagOf) },
        dbsErrorInChinese(400, 'DBS.200087', 'tags', '20'),
      ),
      chinese('an unknown instance', CREATE, dbsErrorInChinese(404, 'DBS.200045'), UNKNOWN_ID),
      chinese('a malformed id', CREATE, dbsErrorInChinese(400, 'DBS.280404'), 'in07'),
    ],
  )
})

describe('lenient profile', () => {
  it('under the lenient profile a missing value is the empty value (D7)', async () => {
    const lenient = await startTestService({ flags: { profile: 'lenient' } })
    try {
      const id = newInstanceId()
      await lenient.register(instance(id))
      expect((await act(id, 'create', [{ key: 'a b' }], lenient)).status).toBe(200)
      expect(await tagsOf(id, lenient)).toEqual([{ key: 'a b', value: '' }])
    } finally {
      await lenient.stop()
    }
  })
})

it('concurrent requests add all their tags, and never more than twenty', async () => {
  const id = await newInstance()
  const answers = await Promise.all(texts('k', 30).map((key) => act(id, 'create', [tagOf(`${key}=1`)])))
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(20)
  expect(answers.filter(({ body }) => body?.error_code === 'DBS.200087')).toHaveLength(10)
  expect(await tagsOf(id)).toHaveLength(20)
})
