import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { image, instance, newImageId, newInstanceId, texts } from '../fixtures.ts'
import { runScenarios } from '../scenarios.ts'
import { accessScenarios, type DomainWorld, startDomainWorld } from './domain-world.ts'
import { badTextPages } from './text-page-cases.ts'

// T9: GET /v1.0/tag-keys (contract 5, D16).

const PATH = '/v1.0/tag-keys'

let world: DomainWorld
const gone = newImageId()
beforeAll(async () => {
  world = await startDomainWorld({ flags: { region: 'eu-de' } })
  await world.service.register(image(gone, 'gone=1', 'b=1'), image(newImageId(), 'b=2', '键=1'))
  await world.inProject('another', instance(newInstanceId(), 'B=1', 'b=3'), image(newImageId(), 'a=', '_=1'))
})
afterAll(() => world.service.stop())

type Page = { keys: string[]; page_info: { next_marker: string; current_count: number } }
const list = async (query = '', token?: string): Promise<Page> => {
  const answer = await world.ask('GET', PATH + query, undefined, token)
  expect(answer.status).toBe(200)
  return answer.body
}

describe('lists', () => {
  it('keys of all projects and types are listed once, ascending by code point', async () => {
    const keys = ['B', '_', 'a', 'b', 'gone', '键']
    expect(await list()).toEqual({ keys, page_info: { next_marker: '', current_count: 6 } })
    expect(await list('?limit=200')).toEqual(await list())
  })

  it('keys are listed for the configured region only', async () => {
    expect((await list('?region_id=eu-de')).keys).toHaveLength(6)
    const none = { keys: [], page_info: { next_marker: '', current_count: 0 } }
    expect(await list('?region_id=eu-nl')).toEqual(none)
    expect(await list('?region_id=')).toEqual(none)
  })

  it("keys are listed for the caller's domain only", async () => {
    expect((await list('', world.tokens.stranger)).keys).toEqual(['secret'])
  })

  it('a key disappears with its last resource, and paging continues from its marker', async () => {
    const { page_info } = await list('?limit=5')
    const image = `/tagwerk/v1/${world.project}/resources/images/${gone}`
    expect((await world.service.call('DELETE', image)).status).toBe(204)
    expect((await list()).keys).toEqual(['B', '_', 'a', 'b', '键'])
    expect((await list(`?limit=5&marker=${page_info.next_marker}`)).keys).toEqual(['键'])
  })
})

describe('a walk', () => {
  it('paging returns every key once at any page size', async () => {
    const keys = texts('walk', 43).sort()
    for (let i = 0; i < 43; i += 9) {
      await world.inProject(`walk${i % 2}`, image(newImageId(), ...keys.slice(i, i + 10).map((key) => `${key}=1`)))
    }
    const whole = (await list()).keys
    expect(whole.filter((key) => key.startsWith('walk'))).toEqual(keys)
    for (const limit of [1, 7, whole.length - 1, whole.length, whole.length + 1]) {
      const seen: string[] = []
      let marker = ''
      do {
        const page = await list(`?limit=${limit}&marker=${marker}`)
        expect(page.page_info.current_count).toBe(page.keys.length)
        expect(page.keys.length).toBe(Math.min(limit, whole.length - seen.length))
        seen.push(...page.keys)
        marker = page.page_info.next_marker
      } while (marker !== '')
      expect(seen).toEqual(whole)
    }
  })

  it('a page has 200 keys by default', async () => {
    for (let i = 0; i < 21; i++) {
      await world.inProject('many', image(newImageId(), ...texts(`many${i}x`, 10).map((key) => `${key}=1`)))
    }
    const page = await list()
    expect(page.page_info).toEqual({ next_marker: expect.stringMatching(/^[\w-]+$/), current_count: 200 })
  })
})

describe('refuses', () => {
  runScenarios(() => world.target({}), badTextPages(`${PATH}?`))
})

describe('access control: answers', () => {
  runScenarios(() => world.target({}), accessScenarios({ method: 'GET', path: PATH }, 'reads', { status: 200 }))
})
