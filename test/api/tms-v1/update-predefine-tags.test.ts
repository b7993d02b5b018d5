import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tagOf } from '../fixtures.ts'
import { runScenarios, type Scenario } from '../scenarios.ts'
import { accessScenarios, badBodies, type DomainWorld, startDomainWorld } from './domain-world.ts'
import { tmsError } from './tms-errors.ts'

// T3: PUT /v1.0/predefine_tags (contract 5, D16).

const PATH = '/v1.0/predefine_tags'

let world: DomainWorld
let now = Date.UTC(2026, 0, 1)
beforeAll(async () => {
  world = await startDomainWorld({ internals: { clock: () => now } })
})
afterAll(() => world.service.stop())

async function start(...tags: string[]) {
  const all = (await world.ask('GET', `${PATH}?limit=0`)).body.tags as { key: string; value: string }[]
  const old = all.map(({ key, value }) => ({ key, value }))
  for (let i = 0; i < old.length; i += 50) {
    await world.ask('POST', `${PATH}/action`, { action: 'delete', tags: old.slice(i, i + 50) })
  }
  await world.ask('POST', `${PATH}/action`, { action: 'create', tags: tags.map(tagOf) })
}

async function list(): Promise<string[]> {
  const { body } = await world.ask('GET', `${PATH}?limit=0&order_field=key&order_method=asc`)
  return (body.tags as { key: string; value: string; update_time: string }[]).map(
    ({ key, value, update_time }) => `${key}=${value} ${update_time.slice(0, 13)}`,
  )
}

const replace = (oldTag: string, newTag: string) => ({ old_tag: tagOf(oldTag), new_tag: tagOf(newTag) })

describe('puts one tag in the place of another', () => {
  it('replacing a predefined tag returns 200 without a body (D16)', async () => {
    await start('ENV2=DEV2', 'other=1')
    now += 3_600_000
    const answer = await world.ask('PUT', PATH, replace('ENV2=DEV2', 'ENV1=DEV1'))
    expect([answer.status, answer.text]).toEqual([200, ''])
    expect(await list()).toEqual(['ENV1=DEV1 2026-01-01T01', 'other=1 2026-01-01T00'])
  })

  it('a predefined tag is replaced by one with an equal key or value, and texts are trimmed', async () => {
    await start('k=1')
    expect((await world.ask('PUT', PATH, replace('k=1', 'k=2'))).status).toBe(200)
    expect((await world.ask('PUT', PATH, replace(' k = 2 ', ' j = 2 '))).status).toBe(200)
    expect((await world.ask('PUT', PATH, replace('j=2', 'j='))).status).toBe(200)
    expect(await list()).toEqual(['j= 2026-01-01T01'])
  })

  it('a predefined tag of another domain is not replaced', async () => {
    await start('k=1')
    const answer = await world.ask('PUT', PATH, replace('k=1', 'k=2'), world.tokens.stranger)
    expect(answer).toMatchObject(tmsError(400, 'TMS.1002'))
    expect(await list()).toEqual(['k=1 2026-01-01T01'])
  })
})

const asked = (name: string, body: unknown, expected: Omit<Scenario, 'name' | 'request'>): Scenario => ({
  name,
  request: { method: 'PUT', path: PATH, body, token: 'domain' },
  ...expected,
})

describe('refuses', () => {
  beforeAll(() => start('a=1', 'b=1'))
  const tag = { key: 'a', value: '1' }
  const cases: readonly (readonly [name: string, body: unknown, code: string, ...fragments: string[]])[] = [
    ['an old tag that is not there', replace('a=2', 'c=1'), 'TMS.1002'],
    ['an old tag in another letter case', replace('A=1', 'c=1'), 'TMS.1002'],
    ['a new tag that is there', replace('a=1', 'b=1'), 'TMS.1003'],
    ['a tag for itself', replace('a=1', 'a=1'), 'TMS.1003'],
    ['both: the old tag comes first', replace('a=2', 'b=1'), 'TMS.1002'],
    ['no old tag', { new_tag: tag }, 'TMS.1004', 'old_tag', 'required'],
    ['an old tag that is null', { old_tag: null, new_tag: tag }, 'TMS.1004', 'old_tag', 'required'],
    ['an old tag without members', { old_tag: {}, new_tag: tag }, 'TMS.1004', 'old_tag', 'required'],
    ['an old tag that is a list', { old_tag: [], new_tag: tag }, 'TMS.0002', 'old_tag', 'an object'],
    ['no old key', { old_tag: { value: '1' }, new_tag: tag }, 'TMS.1005', 'old_tag.key', 'required'],
    ['a blank old key', { old_tag: { key: ' ', value: '1' }, new_tag: tag }, 'TMS.1005', 'old_tag.key', 'blank'],
    ['an old key of 128', { old_tag: { key: 'k'.repeat(128), value: '' }, new_tag: tag }, 'TMS.1005', '127', '128'],
    ['an old key that is no text', { old_tag: { key: 1, value: '' }, new_tag: tag }, 'TMS.0002', 'old_tag.key'],
    ['no old value', { old_tag: { key: 'a' }, new_tag: tag }, 'TMS.1006', 'old_tag.value', 'required'],
    ['an old value of 256', { old_tag: { key: 'a', value: 'v'.repeat(256) }, new_tag: tag }, 'TMS.1006', '255', '256'],
    ['no new tag', { old_tag: tag }, 'TMS.1007', 'new_tag', 'required'],
    ['a new tag without members', { old_tag: tag, new_tag: {} }, 'TMS.1007', 'new_tag', 'required'],
    ['no new key', { old_tag: tag, new_tag: { value: '1' } }, 'TMS.1008', 'new_tag.key', 'required'],
    ['a blank new key', { old_tag: tag, new_tag: { key: '\t', value: '1' } }, 'TMS.1008', 'new_tag.key', 'blank'],
    ['a new key of 37', { old_tag: tag, new_tag: { key: 'k'.repeat(37), value: '' } }, 'TMS.1008', '36', '37'],
    ['a new key with a sign', { old_tag: tag, new_tag: { key: 'a*', value: '' } }, 'TMS.1008', '"a*"'],
    ['no new value', { old_tag: tag, new_tag: { key: 'a' } }, 'TMS.1009', 'new_tag.value', 'required'],
    ['a new value that is null', { old_tag: tag, new_tag: { key: 'a', value: null } }, 'TMS.1009', 'new_tag.value'],
    ['a new value of 44', { old_tag: tag, new_tag: { key: 'a', value: 'v'.repeat(44) } }, 'TMS.1009', '43', '44'],
    ['a new value with a sign', { old_tag: tag, new_tag: { key: 'a', value: '<' } }, 'TMS.1009', '"<"'],
    ['an unknown member', { ...replace('a=1', 'c=1'), tag }, 'TMS.0002', 'tag', 'known member'],
    ['one of a tag', { old_tag: { ...tag, id: 1 }, new_tag: tag }, 'TMS.0002', 'old_tag.id', 'known member'],
  ]
  runScenarios(
    () => world.target({}),
    [
      ...badBodies('PUT', PATH),
      ...cases.map(([name, body, code, ...fragments]) => asked(name, body, tmsError(400, code, ...fragments))),
    ],
  )

  it('refused replacements change nothing', async () => {
    expect((await list()).map((text) => text.split(' ')[0])).toEqual(['a=1', 'b=1'])
  })
})

describe('takes the longest tags', () => {
  beforeAll(() => start('a=1'))
  const longest = { key: 'k'.repeat(36), value: 'v'.repeat(43) }
  runScenarios(
    () => world.target({}),
    [
      asked('as the new one', { old_tag: tagOf('a=1'), new_tag: longest }, { status: 200, body: null }),
      asked('as the old one', { old_tag: longest, new_tag: tagOf('a=1') }, { status: 200, body: null }),
      asked(
        'and looks for one of 127 and 255 characters',
        { old_tag: { key: '*'.repeat(127), value: '*'.repeat(255) }, new_tag: tagOf('a=2') },
        tmsError(400, 'TMS.1002'),
      ),
    ],
  )
})

describe('with the lenient profile', () => {
  it('the lenient profile treats a missing value as empty in a replacement (D7)', async () => {
    const lenient = await startDomainWorld({ flags: { profile: 'lenient' } })
    try {
      await lenient.ask('POST', `${PATH}/action`, { action: 'create', tags: [{ key: 'a' }] })
      expect((await lenient.ask('PUT', PATH, { old_tag: { key: 'a' }, new_tag: { key: 'b' } })).status).toBe(200)
      expect((await lenient.ask('GET', PATH)).body.tags).toMatchObject([{ key: 'b', value: '' }])
    } finally {
      await lenient.service.stop()
    }
  })
})

describe('access control: answers', () => {
  const request = { method: 'PUT', path: PATH, body: replace('a=1', 'b=1') }
  runScenarios(() => world.target({}), accessScenarios(request, 'writes', { status: 200 }))
})
