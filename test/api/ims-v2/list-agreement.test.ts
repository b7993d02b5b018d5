import { afterAll, beforeAll, expect, it } from 'vitest'
import { Random } from '../../support/random.ts'
import { startWorld, type World } from './world.ts'

// Compares random lists of images with a filter over the responses of the images (contract 2.5).

type Shown = Readonly<Record<string, unknown>>

let world: World
let all: readonly Shown[]

/** Values that resemble JSON, other attributes, prefixes of each other, or numbers. */
const VALUES: readonly unknown[] = [
  'active',
  'queued',
  'act',
  '',
  '"status":"queued"',
  '{',
  '}',
  '\\',
  '"',
  '1',
  '10',
  'true',
  'null',
  'ä',
  '\u2028',
  1,
  10,
  0,
  true,
  false,
  '{"status":"queued"}',
  '{"a":{"min_ram":10}}',
  '["status"]',
]
const NAMES = ['status', 'min_ram', 'protected', 'note', 'a"b', '__os_type', 'disk_format', 'stat', '{']

const chance = new Random(20_260_101)
const random = (below: number) => chance.below(below)
const pick = <T>(items: readonly T[]): T => chance.pick(items)

beforeAll(async () => {
  world = await startWorld()
  for (let i = 0; i < 150; i++) {
    const detail: Record<string, unknown> = { created_at: `20${10 + random(3)}-01-01T00:00:00Z` }
    for (let n = random(5); n > 0; n--) {
      const name = pick(NAMES)
      detail[name] = attributeValue(name)
    }
    await world.image(detail, random(2) === 0 ? ['a=1'] : ['a=2', 'b='], { resource_name: pick(['x', 'y', 'X']) })
  }
  all = (await world.call('GET', `/v2/cloudimages?limit=1000&owner=${world.service.project}`)).body.images
})
afterAll(() => world.service.stop())

/** A random value that an import accepts for an attribute. */
function attributeValue(name: string): unknown {
  if (name === 'min_ram') return random(3) * 5
  if (name === 'protected') return random(2) === 0
  const value = String(pick(VALUES))
  return name === 'status' && value.trim() === '' ? 'killed' : value
}

const asText = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))

it('a list contains exactly the images whose responses match the filters', async () => {
  expect(all).toHaveLength(151)
  let hits = 0
  for (let round = 0; round < 400; round++) {
    const name = pick(NAMES.filter((candidate) => candidate !== 'protected'))
    const shown = pick(all)[name]
    const value = random(2) === 0 && shown !== undefined ? asText(shown) : asText(pick(VALUES))
    if (name === 'min_ram' && !/^\d+$/.test(value)) continue
    const query = new URLSearchParams({ [name]: value, owner: world.service.project, limit: '1000' })
    if (random(3) === 0) query.append('tag', pick(['a=1', 'a=2', 'b']))
    const tag = query.get('tag')
    const { status, body } = await world.call('GET', `/v2/cloudimages?${query}`)
    const fits = (image: Shown) =>
      // An empty value counts as the default.
      (asText(image[name]) === value || (image[name] === '' && DEFAULTS[name] === value)) &&
      (tag === null || (image.tags as string[]).includes(tag))
    const expected = all.filter((image) => image[name] !== undefined && fits(image)).map(({ id }) => id)
    expect([status, body.images.map(({ id }: Shown) => id)], String(query)).toEqual([200, expected])
    hits += expected.length
  }
  expect(hits).toBeGreaterThan(1000)
})

const DEFAULTS: Shown = { status: 'active', disk_format: 'zvhd2', min_ram: '0' }

it('paging by marker lists every image once, in reverse order for the other direction', async () => {
  for (const key of ['created_at', 'name', 'status', 'disk_format', 'container_format', 'id', 'size']) {
    const walks: unknown[][] = []
    for (const direction of ['asc', 'desc']) {
      const query = `owner=${world.service.project}&sort_key=${key}&sort_dir=${direction}`
      const walked: unknown[] = []
      for (let marker = ''; ; marker = `&marker=${walked.at(-1)}`) {
        const { body } = await world.call('GET', `/v2/cloudimages?${query}&limit=${1 + random(60)}${marker}`)
        if (body.images.length === 0) break
        walked.push(...body.images.map(({ id }: Shown) => id))
      }
      expect(new Set(walked).size).toBe(151)
      expect(walked).toHaveLength(151)
      walks.push(walked)
    }
    expect(walks[0]).toEqual(walks[1]?.toReversed())
  }
})
