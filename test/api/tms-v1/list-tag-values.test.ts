import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { image, instance, newImageId, newInstanceId, texts } from '../fixtures.ts'
import { runScenarios, type Scenario } from '../scenarios.ts'
import { accessScenarios, type DomainWorld, startDomainWorld } from './domain-world.ts'
import { badTextPages } from './text-page-cases.ts'
import { tmsError } from './tms-errors.ts'

// T10: GET /v1.0/tag-values (contract 5, D16).

const PATH = '/v1.0/tag-values'

let world: DomainWorld
beforeAll(async () => {
  world = await startDomainWorld({ flags: { region: 'eu-de' } })
  await world.service.register(
    image(newImageId(), 'k=b', 'other=x'),
    image(newImageId(), 'k=值'),
    image(newImageId(), 'k='),
  )
  await world.inProject('another', instance(newInstanceId(), 'k=B', 'K=y'), instance(newInstanceId(), 'k=b'))
  for (let i = 0; i < 23; i++) await world.inProject(`walk${i % 2}`, image(newImageId(), `walk=${i}`))
})
afterAll(() => world.service.stop())

type Page = { values: string[]; page_info: { next_marker: string; current_count: number } }
const list = async (query: string, token?: string): Promise<Page> => {
  const answer = await world.ask('GET', PATH + query, undefined, token)
  expect(answer.status).toBe(200)
  return answer.body
}

describe('lists', () => {
  it('values of a key are listed once over all projects and types, ascending by code point', async () => {
    const page_info = { next_marker: '', current_count: 4 }
    expect(await list('?key=k')).toEqual({ values: ['', 'B', 'b', '值'], page_info })
    expect((await list('?key=K')).values).toEqual(['y'])
  })

  it('no values are listed for an unused key, another region or another domain', async () => {
    const none = { values: [], page_info: { next_marker: '', current_count: 0 } }
    expect(await list('?key=none')).toEqual(none)
    expect(await list('?key=constructor')).toEqual(none)
    expect(await list('?key=k&region_id=eu-nl')).toEqual(none)
    expect(await list('?key=secret')).toEqual(none)
    expect((await list('?key=secret', world.tokens.stranger)).values).toEqual(['theirs'])
    expect((await list('?key=k&region_id=eu-de')).values).toHaveLength(4)
  })

  it.each([1, 5, 22, 23, 24, 200])('pages of %i values return every value once', async (limit) => {
    const seen: string[] = []
    let marker = ''
    do {
      const page = await list(`?key=walk&limit=${limit}&marker=${marker}`)
      expect(page.page_info.current_count).toBe(page.values.length)
      seen.push(...page.values)
      marker = page.page_info.next_marker
    } while (marker !== '')
    expect(seen).toEqual(texts('', 23).sort())
  })

  it('paging continues after the empty value', async () => {
    const { page_info } = await list('?key=k&limit=1')
    expect((await list(`?key=k&limit=1&marker=${page_info.next_marker}`)).values).toEqual(['B'])
  })
})

describe('refuses', () => {
  const asked = (query: string): Scenario => ({
    name: query || 'no key',
    request: { method: 'GET', path: PATH + query, token: 'domain' },
    ...tmsError(400, 'TMS.0009', 'key'),
  })
  runScenarios(
    () => world.target({}),
    [asked(''), asked('?limit=1'), asked('?key='), asked('?key=a&key=b'), ...badTextPages(`${PATH}?key=k&`)],
  )
})

describe('access control: answers', () => {
  const request = { method: 'GET', path: `${PATH}?key=k` }
  runScenarios(() => world.target({}), accessScenarios(request, 'reads', { status: 200 }))
})
