import { afterAll, beforeAll, expect, it } from 'vitest'
import { TAG_SERVICE_ROWS } from '../../../src/api/tag-services/index.ts'
import { matches } from '../../../src/core/matches.ts'
import {
  meaningOf,
  projectTagsOf,
  type QueryBody,
  ReferenceStore,
  randomName,
  randomQuery,
  randomTags,
} from '../../fuzz/reference-store.ts'
import { runLength } from '../../support/effort.ts'
import { Random } from '../../support/random.ts'
import { startTestService, type TestService } from '../../support/service.ts'
import { getFrom } from './get-from.ts'
import { queryCallOf, queryUnitsOf, type Unit, unitsOf } from './units.ts'

// Random resources and queries: what a service finds and counts is what `matches` says. TAGWERK_FUZZ_SEED repeats a run.

const SEED = Number(process.env.TAGWERK_FUZZ_SEED ?? 20_261_129)
const QUERIES_PER_ROW = runLength(8, 100)
const RESOURCES = 40

let service: TestService
let domainId: string
beforeAll(async () => {
  service = await startTestService()
  domainId = (await service.call('GET', `/v3/projects/${service.project}`)).body.project.domain_id
})
afterAll(() => service.stop())

const registered = new Map<string, ReferenceStore>()

/** Registers random resources of a type, once. */
async function resourcesOf(type: string, random: Random): Promise<ReferenceStore> {
  const known = registered.get(type)
  if (known !== undefined) return known
  const store = new ReferenceStore()
  for (let i = 0; i < RESOURCES; i++) store.register(`${type}-${i}`, randomName(random), randomTags(random, 10))
  registered.set(type, store)
  const lines = store.inOrder().map(({ id, name, tags }) => ({
    ...{ resource_type: type, resource_id: id, resource_name: name },
    tags,
  }))
  expect((await service.register(...lines)).body.created).toBe(RESOURCES)
  return store
}

const rows = queryUnitsOf(TAG_SERVICE_ROWS)

it.each(rows.map(([name, row], i) => [name, row, SEED + i] as const))(
  '%s finds what matches() says',
  async (_, row, seed) => {
    const random = new Random(seed)
    const [unit] = unitsOf([row], service.project, domainId) as [Unit]
    const store = await resourcesOf(unit.type, random)
    const ask = async (kind: 'filter' | 'count', body: object, page: object = {}) => {
      const call = queryCallOf(unit, kind, body, page)
      const answer = await getFrom(service, unit.host ?? '127.0.0.1', call.path, { method: 'POST', body: call.body })
      expect([answer.status, body]).toEqual([200, body])
      return answer.body
    }
    for (let n = 0; n < QUERIES_PER_ROW; n++) {
      const drawn = Object.entries(randomQuery(random, [`${unit.type}-1`]))
      const body = Object.fromEntries(drawn.filter(([name]) => row.query!.lists.includes(name as 'tags'))) as QueryBody
      const name = body.matches?.find(({ key }) => key === 'resource_name')?.value
      const exact = row.query!.hasExactNames && name !== undefined
      const { nameContains: _contains, ...meaning } = meaningOf(body)
      const query = exact ? { ...meaning, nameEquals: name } : meaningOf(body)
      const expected = store.inOrder().filter((resource) => matches(resource, query))
      const [offset, limit] = [random.below(10), 1 + random.below(30)]
      const text = row.query!.limitKind === 'text' && row.query!.limitIn === 'body'
      const page = text ? { limit: `${limit}`, offset: `${offset}` } : { limit, offset }
      const found = await ask('filter', body, page)
      expect([found.total_count, (await ask('count', body)).total_count]).toEqual([expected.length, expected.length])
      const shown = expected.slice(offset, offset + limit)
      expect(found.resources).toEqual(
        shown.map(({ id, name: resource_name, tags }) => ({
          resource_id: id,
          resource_name,
          resource_detail: {},
          tags,
        })),
      )
    }
    const used = (await getFrom(service, unit.host ?? '127.0.0.1', unit.inUsePath)).body.tags
    const expected = projectTagsOf(store.inOrder())
    const asMap = Object.entries(used).map(([key, values]) => ({ key, values }))
    expect(row.inUse === 'map' ? asMap.sort((a, b) => (a.key < b.key ? -1 : 1)) : used).toEqual(
      row.inUse === 'map' ? [...expected].sort((a, b) => (a.key < b.key ? -1 : 1)) : expected,
    )
  },
)
