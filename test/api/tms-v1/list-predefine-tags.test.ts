import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { tagOf, texts } from '../fixtures.ts'
import { runScenarios, type Scenario } from '../scenarios.ts'
import { accessScenarios, type DomainWorld, startDomainWorld } from './domain-world.ts'
import { tmsError } from './tms-errors.ts'

// T2: GET /v1.0/predefine_tags (contract 5).

const PATH = '/v1.0/predefine_tags'
const START_MS = Date.UTC(2026, 3, 12, 14, 22, 34, 500)

let world: DomainWorld
let now = START_MS
beforeAll(async () => {
  world = await startDomainWorld({ internals: { clock: () => now } })
  await create('ENV=dev', 'env=dev', 'A=+', 'cost=a_b')
  // Later, but not by what is shown of a time: no order may tell.
  now += 300
  await create('ENV=prod', 'tier=a_b')
  now += 200
  await create('ENV=a_b', 'cost=z', 'x=dev')
  now += 100
})
afterAll(() => world.service.stop())

async function create(...tags: string[]) {
  const answer = await world.ask('POST', `${PATH}/action`, { action: 'create', tags: tags.map(tagOf) })
  expect(answer.status).toBe(204)
}

const remove = (...tags: string[]) => world.ask('POST', `${PATH}/action`, { action: 'delete', tags: tags.map(tagOf) })

type Page = { marker: string; total_count: number; tags: { key: string; value: string; update_time: string }[] }

async function list(query: string, token?: string): Promise<Page> {
  const answer = await world.ask('GET', PATH + query, undefined, token)
  expect(answer.status).toBe(200)
  return answer.body
}

const shown = ({ tags }: Page) => tags.map(({ key, value }) => `${key}=${value}`)

describe('lists', () => {
  it('predefined tags are listed with their time, a marker and the total count', async () => {
    expect(await list('?key=env&value=dev')).toEqual({
      marker: expect.stringMatching(/^[\w-]+$/),
      total_count: 2,
      tags: [
        { key: 'ENV', value: 'dev', update_time: '2026-04-12T14:22:34Z' },
        { key: 'env', value: 'dev', update_time: '2026-04-12T14:22:34Z' },
      ],
    })
  })

  const LATE = ['ENV=a_b', 'cost=z', 'x=dev']
  const EARLY = ['A=+', 'ENV=dev', 'ENV=prod', 'cost=a_b', 'env=dev', 'tier=a_b']
  const NEWEST = [...LATE, ...EARLY]
  it.each([
    ['', NEWEST],
    ['?order_field=update_time', NEWEST],
    ['?order_field=update_time&order_method=asc', [...EARLY, ...LATE]],
    // Equal keys: newer first in both directions; equal times: by value.
    [
      '?order_field=key&order_method=asc',
      ['A=+', 'ENV=a_b', 'ENV=dev', 'ENV=prod', 'cost=z', 'cost=a_b', 'env=dev', 'tier=a_b', 'x=dev'],
    ],
    [
      '?order_field=key',
      ['x=dev', 'tier=a_b', 'env=dev', 'cost=z', 'cost=a_b', 'ENV=a_b', 'ENV=dev', 'ENV=prod', 'A=+'],
    ],
    // Equal values likewise; equal times: by key.
    [
      '?order_field=value&order_method=asc',
      ['A=+', 'ENV=a_b', 'cost=a_b', 'tier=a_b', 'x=dev', 'ENV=dev', 'env=dev', 'ENV=prod', 'cost=z'],
    ],
    [
      '?order_field=value&order_method=desc',
      ['cost=z', 'ENV=prod', 'x=dev', 'ENV=dev', 'env=dev', 'ENV=a_b', 'cost=a_b', 'tier=a_b', 'A=+'],
    ],
    ['?order_method=desc', NEWEST],
    ['?key=', NEWEST],
    ['?key=nv', ['ENV=a_b', 'ENV=dev', 'ENV=prod', 'env=dev']],
    ['?key=NV&value=D', ['ENV=dev', 'ENV=prod', 'env=dev']],
    ['?value=PROD', ['ENV=prod']],
    ['?value=%2B', ['A=+']],
    ['?value=_', ['ENV=a_b', 'cost=a_b', 'tier=a_b']],
    ['?key=*', []],
    ['?value=%25', []],
    ['?key=none', []],
    ['?limit=2', NEWEST.slice(0, 2)],
    ['?limit=1000', NEWEST],
    ['?limit=0', NEWEST],
    ['?marker=', NEWEST],
  ])('%s', async (query, expected) => {
    const page = await list(query)
    expect(shown(page)).toEqual(expected)
    if (!query.includes('limit')) expect(page.total_count).toBe(expected.length)
  })

  it('predefined tags of another domain are not listed', async () => {
    expect(await list('', world.tokens.stranger)).toEqual({ marker: '', total_count: 0, tags: [] })
  })
})

describe('a walk', () => {
  /** Reads pages until one is empty, and calls `between` after each page. */
  async function walk(query: string, limit: number, between?: (page: number, last: string) => Promise<void>) {
    const seen: string[] = []
    let marker = ''
    for (let page = 0; ; page++) {
      const answer = await list(`?${query}&limit=${limit}${marker === '' ? '' : `&marker=${marker}`}`)
      if (answer.tags.length === 0) {
        expect(answer.marker).toBe('')
        return seen
      }
      seen.push(...shown(answer))
      marker = answer.marker
      await between?.(page, seen.at(-1) as string)
    }
  }

  const ORDERS = ['update_time', 'key', 'value'].flatMap((field) =>
    ['asc', 'desc'].map((method) => `order_field=${field}&order_method=${method}`),
  )

  beforeAll(async () => {
    for (let i = 0; i < 5; i++) {
      await create(...texts(`walk${i % 2}`, 4).map((key, j) => `${key}=${i}${j % 2}`))
      now += 400
    }
  })

  it.each(ORDERS)('paging ordered by %s returns every tag once at any page size', async (order) => {
    const whole = shown(await list(`?key=walk&${order}&limit=0`))
    expect(new Set(whole).size).toBe(20)
    for (const limit of [1, 2, 7, 19, 20, 21]) expect(await walk(`key=walk&${order}`, limit)).toEqual(whole)
  })

  it.each(ORDERS)(
    'paging ordered by %s repeats and skips no unchanged tag during concurrent changes',
    async (order) => {
      const whole = shown(await list(`?key=walk&${order}&limit=0`))
      const touched: string[] = []
      const seen = await walk(`key=walk&${order}`, 3, async (page, last) => {
        now += 10
        // Deletes or updates the tag of the marker and a tag after it.
        if (page === 0 || page === 2) await remove(last)
        if (page === 1) await create(last, 'walk9=9', 'walk=0')
        const ahead = whole[whole.indexOf(last) + 2]
        if (page === 3 && ahead !== undefined) await create(ahead)
        touched.push(...(page < 3 ? [last] : page === 3 && ahead !== undefined ? [ahead] : []))
      })
      await remove('walk9=9', 'walk=0')
      expect(touched.length).toBeGreaterThan(3)
      const stays = whole.filter((tag) => !touched.includes(tag))
      expect(seen.filter((tag) => stays.includes(tag))).toEqual(stays)
      await create(...whole)
    },
  )
})

const asked = (query: string, expected: Omit<Scenario, 'name' | 'request'>): Scenario => ({
  name: query.slice(0, 60),
  request: { method: 'GET', path: PATH + query, token: 'domain' },
  ...expected,
})

describe('refuses', () => {
  const madeUp = (place: unknown) => Buffer.from(JSON.stringify(place)).toString('base64url')
  runScenarios(
    () => world.target({}),
    [
      ...['-1', '1001', 'x', '1.5', '', '%20', '0x1'].map((limit) =>
        asked(`?limit=${limit}`, tmsError(400, 'TMS.0007', 'limit')),
      ),
      asked('?limit=1&limit=2', tmsError(400, 'TMS.0007', 'limit')),
      ...['9', 'x', '%00', '=', madeUp(1), madeUp(null), madeUp([]), madeUp(['1', 'k', 'v']), madeUp([1, 'k'])].map(
        (marker) => asked(`?marker=${marker}`, tmsError(400, 'TMS.0008', 'marker')),
      ),
      asked(`?marker=${madeUp([1, 'k', 'v'])}%20`, tmsError(400, 'TMS.0008', 'marker')),
      asked(`?marker=${'A'.repeat(5000)}`, tmsError(400, 'TMS.0008', 'marker')),
      asked('?marker=a&marker=b', tmsError(400, 'TMS.0008', 'marker')),
      asked('?key=a&key=b', tmsError(400, 'TMS.0009', 'key')),
      asked('?value=a&value=b', tmsError(400, 'TMS.0010', 'value')),
      asked('?order_field=time', tmsError(400, 'TMS.1010', 'order_field', '"time"')),
      asked('?order_field=Key', tmsError(400, 'TMS.1010', 'order_field', '"Key"')),
      asked('?order_field=', tmsError(400, 'TMS.1010', 'order_field')),
      asked('?order_method=ASC', tmsError(400, 'TMS.1011', 'order_method', '"ASC"')),
      asked('?order_method=up', tmsError(400, 'TMS.1011', 'order_method', '"up"')),
    ],
  )
})

describe('access control: answers', () => {
  runScenarios(() => world.target({}), accessScenarios({ method: 'GET', path: PATH }, 'reads', { status: 200 }))
})
