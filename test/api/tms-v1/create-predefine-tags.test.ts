import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROUTE_NOT_FOUND } from '../expected.ts'
import { makeUser, READER_PASSWORD, tagOf, texts } from '../fixtures.ts'
import { runScenarios, type Scenario } from '../scenarios.ts'
import { accessScenarios, badBodies, type DomainWorld, startDomainWorld } from './domain-world.ts'
import { tmsBody, tmsError } from './tms-errors.ts'

// T1: POST /v1.0/predefine_tags/action (contract 5; D15, D24 to D26).

const PATH = '/v1.0/predefine_tags/action'

let world: DomainWorld
let lenient: DomainWorld
beforeAll(async () => {
  world = await startDomainWorld()
  lenient = await startDomainWorld({ flags: { profile: 'lenient' } })
})
afterAll(async () => {
  await world.service.stop()
  await lenient.service.stop()
})

const create = (...tags: string[]) => ({ action: 'create', tags: tags.map(tagOf) })
const remove = (...tags: string[]) => ({ action: 'delete', tags: tags.map(tagOf) })
const send = (body: unknown, token?: string) => world.ask('POST', PATH, body, token)

/** Every predefined tag whose key begins with a text, as `key=value`. */
async function tagsLike(key: string, token?: string): Promise<string[]> {
  const { body } = await world.ask(
    'GET',
    `/v1.0/predefine_tags?limit=0&order_field=key&order_method=asc`,
    undefined,
    token,
  )
  const tags = body.tags as { key: string; value: string }[]
  return tags.filter((tag) => tag.key.startsWith(key)).map((tag) => `${tag.key}=${tag.value}`)
}

const asked = (name: string, body: unknown, expected: Omit<Scenario, 'name' | 'request'>): Scenario => ({
  name,
  request: { method: 'POST', path: PATH, body, token: 'domain' },
  ...expected,
})

describe('answered with 204 without a body:', () => {
  runScenarios(
    () => world.target({}),
    [
      asked('the example of the page', create('ENV1=DEV1', 'ENV2=DEV2'), { status: 204, body: null }),
      asked('a repeated request', create('ENV1=DEV1', 'ENV2=DEV2'), { status: 204, body: null }),
      asked('a removal', remove('ENV1=DEV1'), { status: 204, body: null }),
      asked('a removal of an absent tag', remove('ENV1=DEV1', 'never=was'), { status: 204, body: null }),
      asked('50 tags', create(...texts('fifty', 50).map((key) => `${key}=v`)), { status: 204, body: null }),
      asked('50 removals', remove(...texts('fifty', 50).map((key) => `${key}=v`)), { status: 204, body: null }),
    ],
  )
})

describe('keeps', () => {
  it('predefined tags are stored once per pair of key and value', async () => {
    await send(create('pair=1', 'pair=2', 'pair=', 'Pair=1'))
    expect(await tagsLike('pair')).toEqual(['pair=', 'pair=1', 'pair=2'])
    await send(remove('pair=1', 'pair='))
    expect(await tagsLike('pair')).toEqual(['pair=2'])
    expect(await tagsLike('Pair')).toEqual(['Pair=1'])
  })

  it('a predefined tag given twice in one call is stored once', async () => {
    await send(create('twice=1', 'twice=1', ' twice =1'))
    expect(await tagsLike('twice')).toEqual(['twice=1'])
  })

  it('key and value are trimmed when predefined tags are added and removed', async () => {
    await send({ action: 'create', tags: [{ key: ' outer ', value: ' in ner ' }] })
    expect(await tagsLike('outer')).toEqual(['outer=in ner'])
    await send({ action: 'delete', tags: [{ key: ' outer ', value: ' in ner ' }] })
    expect(await tagsLike('outer')).toEqual([])
  })

  it('predefined tags may contain the letters and signs that the profile allows', async () => {
    const tags = [
      { key: '环境.a:b+c@d=e f', value: 'é/\u4E00' },
      { key: 'k'.repeat(36), value: 'v'.repeat(43) },
      { key: '\u{20000}'.repeat(36), value: '\u{20000}'.repeat(43) },
    ]
    expect((await send({ action: 'create', tags })).status).toBe(204)
    expect((await send({ action: 'delete', tags })).status).toBe(204)
  })

  it('a call with one invalid predefined tag adds none', async () => {
    const tags = [tagOf('half=1'), { key: 'half', value: 'b*d' }]
    expect(await send({ action: 'create', tags })).toMatchObject({
      status: 400,
      body: tmsBody('TMS.0010', 'tags[1].value'),
    })
    expect(await tagsLike('half')).toEqual([])
  })

  it('predefined tags of one domain are independent of those of another', async () => {
    await send(create('whose=ours'))
    await send(create('whose=theirs'), world.tokens.stranger)
    await send(remove('whose=ours'), world.tokens.stranger)
    expect(await tagsLike('whose')).toEqual(['whose=ours'])
    expect(await tagsLike('whose', world.tokens.stranger)).toEqual(['whose=theirs'])
  })
})

describe('refuses', () => {
  const blank = { key: ' ', value: 'v' }
  const many = texts('k', 51).map((key) => `${key}=v`)
  const withTag = (tag: unknown, action = 'create') => ({ action, tags: [tag] })
  const cases: readonly (readonly [name: string, body: unknown, code: string, ...fragments: string[]])[] = [
    ['no action', { tags: [tagOf('a=1')] }, 'TMS.0011', 'action', 'required'],
    ['an action that is null', { action: null, tags: [tagOf('a=1')] }, 'TMS.0011', 'action', 'required'],
    ['another action', { ...create('a=1'), action: 'update' }, 'TMS.0011', 'action', '"create"', '"update"'],
    ['an action in another letter case (D24)', { ...create('a=1'), action: 'Create' }, 'TMS.0011', '"Create"'],
    ['an action that is no text', { ...create('a=1'), action: 1 }, 'TMS.0002', 'action', 'a string'],
    ['no tags', { action: 'create' }, 'TMS.0012', 'tags', 'required'],
    ['tags that are null', { action: 'create', tags: null }, 'TMS.0012', 'tags', 'required'],
    ['an empty list of tags', create(), 'TMS.0012', 'tags', 'at least 1 item'],
    ['an empty list to remove', remove(), 'TMS.0012', 'tags'],
    ['tags that are no list', { action: 'create', tags: {} }, 'TMS.0002', 'tags', 'an array'],
    ['51 tags', create(...many), 'TMS.0002', 'tags', 'at most 50 items'],
    ['51 removals', remove(...many), 'TMS.0002', 'tags', 'at most 50 items'],
    ['an item without members', withTag({}), 'TMS.0013', 'tags[0]'],
    ['an item that is null', { action: 'create', tags: [tagOf('a=1'), null] }, 'TMS.0013', 'tags[1]'],
    ['an item that is a text', withTag('a=1'), 'TMS.0002', 'tags[0]', 'an object'],
    ['no key', withTag({ value: 'v' }), 'TMS.0009', 'tags[0].key', 'required'],
    ['a key that is null', withTag({ key: null, value: 'v' }), 'TMS.0009', 'tags[0].key', 'required'],
    ['a key that is no text', withTag({ key: 1, value: 'v' }), 'TMS.0002', 'tags[0].key', 'a string'],
    ['a blank key', withTag(blank), 'TMS.0009', 'tags[0].key', 'blank'],
    ['a key of 37 characters', withTag({ key: 'k'.repeat(37), value: '' }), 'TMS.0009', 'tags[0].key', '36', '37'],
    ['a key with a sign', withTag({ key: 'a*b', value: '' }), 'TMS.0009', 'tags[0].key', '"a*b"'],
    ['a key with a slash, which only values may hold', withTag({ key: 'a/b', value: '' }), 'TMS.0009', '"a/b"'],
    ['no value', withTag({ key: 'k' }), 'TMS.0010', 'tags[0].value', 'required'],
    ['a value that is null', withTag({ key: 'k', value: null }), 'TMS.0010', 'tags[0].value', 'required'],
    ['a value of 44 characters', withTag({ key: 'k', value: 'v'.repeat(44) }), 'TMS.0010', 'tags[0].value', '43', '44'],
    ['a value with a sign', withTag({ key: 'k', value: 'a<b' }), 'TMS.0010', 'tags[0].value', '"a<b"'],
    ['a tag with an unknown member', withTag({ key: 'k', value: '', id: 1 }), 'TMS.0002', 'tags[0].id', 'known member'],
    ['an unknown member', { ...create('a=1'), tag: {} }, 'TMS.0002', 'tag', 'known member'],
    ['a removal without value', withTag({ key: 'k' }, 'delete'), 'TMS.0010', 'tags[0].value', 'required'],
    ['a removal of a blank key', withTag(blank, 'delete'), 'TMS.0009', 'tags[0].key', 'blank'],
    ['a removal of a key of 128 characters', withTag({ key: 'k'.repeat(128), value: '' }, 'delete'), 'TMS.0009', '127'],
    [
      'a removal of a value of 256 characters',
      withTag({ key: 'k', value: 'v'.repeat(256) }, 'delete'),
      ...(['TMS.0010', 'tags[0].value', '255', '256'] as const),
    ],
  ]
  runScenarios(
    () => world.target({}),
    [
      ...badBodies('POST', PATH),
      ...cases.map(([name, body, code, ...fragments]) => asked(name, body, tmsError(400, code, ...fragments))),
      asked(
        'but not what characters a removal holds (D29)',
        withTag({ key: 'a*'.repeat(63), value: '<'.repeat(255) }, 'delete'),
        {
          status: 204,
          body: null,
        },
      ),
      {
        name: '404 at the spelling of a sample line',
        request: { method: 'PUT', path: '/v1.0/predefined_tags', body: {} },
        ...ROUTE_NOT_FOUND,
      },
    ],
  )
})

describe('access control: answers', () => {
  const request = { method: 'POST', path: PATH, body: create('a=1') }
  runScenarios(() => world.target({}), accessScenarios(request, 'writes', { status: 204 }))
  runScenarios(
    () => world.target({}),
    [
      {
        name: 'no reader to remove',
        request: { ...request, body: remove('a=1'), token: 'reader' },
        ...tmsError(403, 'TMS.0004'),
      },
    ],
  )

  it('a user with permission to add predefined tags cannot remove them', async () => {
    const { domain } = world.tokens
    const policy = {
      Version: '1.1',
      Statement: [
        { Effect: 'Allow', Action: ['tms:*:*'] },
        { Effect: 'Deny', Action: ['tms:predefineTags:delete'] },
      ],
    }
    const role = { display_name: 'keeper', type: 'AX', description: 'keeps tags', policy }
    const made = await world.service.call('POST', '/v3.0/OS-ROLE/roles', { token: domain, body: { role } })
    const user = await makeUser(world.service, domain, 'keeper')
    const place = `/v3/domains/${made.body.role.domain_id}/users/${user}/roles/${made.body.role.id}`
    expect((await world.service.call('PUT', place, { token: domain })).status).toBe(204)
    const identity = {
      methods: ['password'],
      password: { user: { name: 'keeper', password: READER_PASSWORD, domain: { name: 'default' } } },
    }
    const answer = await world.service.call('POST', '/v3/auth/tokens', { body: { auth: { identity } }, token: null })
    const token = answer.headers.get('x-subject-token') as string
    expect((await send(create('kept=1'), token)).status).toBe(204)
    expect(await send(remove('kept=1'), token)).toMatchObject(tmsError(403, 'TMS.0004'))
    expect(await tagsLike('kept')).toEqual(['kept=1'])
  })
})

describe('with the lenient profile', () => {
  it('the lenient profile treats a missing value as empty when adding and removing (D7)', async () => {
    const tags = [{ key: 'bare' }]
    expect((await lenient.ask('POST', PATH, { action: 'create', tags })).status).toBe(204)
    const listed = await lenient.ask('GET', '/v1.0/predefine_tags')
    expect(listed.body.tags).toMatchObject([{ key: 'bare', value: '' }])
    expect((await lenient.ask('POST', PATH, { action: 'delete', tags })).status).toBe(204)
    expect((await lenient.ask('GET', '/v1.0/predefine_tags')).body.total_count).toBe(0)
  })
})

describe('the quota of 500', () => {
  it('the quota of 500 can be used fully, and a call that exceeds it adds nothing', async () => {
    const { stranger } = world.tokens
    const have = (await world.ask('GET', '/v1.0/tms/quotas', undefined, stranger)).body.quotas[0].used as number
    for (let i = have; i < 500; i += 50) {
      const keys = texts(`q${i}x`, Math.min(50, 500 - i))
      expect((await send(create(...keys.map((key) => `${key}=v`)), stranger)).status).toBe(204)
    }
    expect(await send(create('whose=theirs', 'over=1'), stranger)).toMatchObject(
      tmsError(400, 'TMS.1001', 'at most 500 items'),
    )
    expect(await tagsLike('over', stranger)).toEqual([])
    expect((await send(create('whose=theirs'), stranger)).status).toBe(204)
    await send(remove('whose=theirs'), stranger)
    expect((await send(create('over=1'), stranger)).status).toBe(204)
  })
})
