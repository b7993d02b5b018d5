import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { TAG_SERVICE_ROWS } from '../../src/api/tag-services/index.ts'
import { matches } from '../../src/core/matches.ts'
import { IMAGES, INSTANCES } from '../../src/core/resource-types.ts'
import type { TagQuery } from '../../src/core/tag-query.ts'
import { getFrom } from '../api/tag-services/get-from.ts'
import { queryCallOf, type Unit, unitsOf } from '../api/tag-services/units.ts'
import { run } from '../cli/run.ts'
import { Random } from '../support/random.ts'
import { startTestService, type TestService } from '../support/service.ts'
import { type Estate, linesOf, makeEstate, QUERIES_PER_TYPE, queriesOn, type Vocabulary } from './estate.ts'

// An estate of 30 types is imported by the command line. Then the tag management service, the tag calls of each service and
// the command line count and find what `matches` says.

const TYPES = 30
const TYPES_OF_OTHER_CLOUDS = ['aws_instance', 'AWS::S3::Bucket', 'apps/Deployment']
const PAGE = 50

type Query = Required<Pick<TagQuery, 'tags'>>

/** A type whose own service can be asked, and how. */
type Asked = { readonly count: (service: TestService, query: Query) => Promise<number> }

/** Declares the tests on an estate of `count` resources. */
export function describeEstate(vocabulary: Vocabulary, count: number, seed: number, timeout: number): void {
  let service: TestService
  let asked: ReadonlyMap<string, Asked | undefined>
  let estate: Estate
  let queries: readonly (readonly [type: string, query: Query])[]

  beforeAll(async () => {
    service = await startTestService()
    const project = await service.call('GET', `/v3/projects/${service.project}`)
    asked = askedTypes(service, project.body.project.domain_id)
    estate = makeEstate(vocabulary, [...asked.keys()], count, seed)
    const random = new Random(seed)
    queries = Array.from(estate, ([type, resources]) =>
      queriesOn(resources, random).map((each) => [type, each] as const),
    ).flat()
    const file = join(service.folder, 'estate.ndjson')
    writeFileSync(file, linesOf(estate))
    const imported = await run(['import', file], { endpoint: service.url })
    if (imported.code !== 0) throw new Error(`the import failed: ${imported.stderr}`)
  }, timeout)
  afterAll(() => service.stop())

  const truthOf = (type: string, query: TagQuery) =>
    (estate.get(type) ?? []).filter((resource) => matches(resource, query))

  it(`has ${TYPES} types, and queries that match something and queries that do not match all`, () => {
    const sizes = Array.from(estate.values(), ({ length }) => length)
    expect([sizes.length, sizes.reduce((before, size) => before + size), Math.min(...sizes) >= 3]).toEqual([
      ...[TYPES, count],
      true,
    ])
    const totals = queries.map(([type, query]) => truthOf(type, query).length)
    expect(totals.filter((total) => total > 0).length).toBeGreaterThan(queries.length / 2)
    expect(queries.filter(([type], i) => totals[i] !== estate.get(type)?.length).length).toBeGreaterThan(
      queries.length / 2,
    )
  })

  it('TMS counts and finds the resources of each type, and those of all types in one call', { timeout }, async () => {
    const token = await service.tokenFor(undefined)
    const ask = async (types: readonly string[], tags: Query['tags']) => {
      const body = { project_id: service.project, resource_types: types, tags, limit: PAGE }
      return (await service.call('POST', '/v1.0/resource-instances/filter', { body, token })).body
    }
    for (const [type, query] of queries) {
      const truth = truthOf(type, query)
      const found = await ask([type], query.tags)
      const ids = found.resources.map((each: { resource_id: string }) => each.resource_id)
      const expected = [type, query, truth.length, truth.slice(0, PAGE).map(({ id }) => id)]
      expect([type, query, found.total_count, ids]).toEqual(expected)
    }
    const types = [...estate.keys()]
    for (const [, query] of queries.slice(0, TYPES)) {
      const total = types.reduce((before, type) => before + truthOf(type, query).length, 0)
      expect([query, (await ask(types, query.tags)).total_count]).toEqual([query, total])
    }
  })

  it('the own call of each service counts and finds the resources of its type', { timeout }, async () => {
    let calls = 0
    for (const [type, query] of queries) {
      const of = asked.get(type)
      if (of === undefined) continue
      calls++
      expect([type, query, await of.count(service, query)]).toEqual([type, query, truthOf(type, query).length])
    }
    expect(calls).toBeGreaterThanOrEqual((TYPES - TYPES_OF_OTHER_CLOUDS.length) * QUERIES_PER_TYPE)
  })

  it('tagwerk count and query give the number of each type', { timeout }, async () => {
    const command = async (argv: readonly string[]) => {
      const { code, stdout, stderr } = await run([...argv, '--json'], { endpoint: service.url })
      expect([code, argv, stderr]).toEqual([0, argv, stderr])
      return JSON.parse(stdout)
    }
    const all = Object.fromEntries(Array.from(estate, ([type, { length }]) => [type, length]))
    expect((await command(['count'])).counts).toEqual(all)
    for (const [type, query] of queries.filter((_, i) => i % QUERIES_PER_TYPE === QUERIES_PER_TYPE - 1)) {
      const truth = truthOf(type, query)
      const counted = await command(['count', '--type', type, ...argumentsOf('--tag', query)])
      expect([type, query, counted.total_count]).toEqual([type, query, truth.length])
      const without = { notTagsAny: query.tags }
      const found = await command(['query', '--type', type, ...argumentsOf('--not-any', query)])
      expect([type, query, found.total_count]).toEqual([type, query, truthOf(type, without).length])
    }
    expect((await command(['count', '--untagged'])).counts).toEqual(
      Object.fromEntries(Array.from(estate.keys(), (type) => [type, truthOf(type, { withoutAnyTag: true }).length])),
    )
  })
}

/** The options of a command for the tags of a query. */
function argumentsOf(option: string, { tags }: Query): readonly string[] {
  return tags.flatMap(({ key, values }) =>
    values.length === 0 ? [option, key] : values.flatMap((value) => [option, `${key}=${value}`]),
  )
}

/** Images, instances, types of other clouds, and types of the services that can be asked by tag, taken at even distances. */
function askedTypes(service: TestService, domainId: string): ReadonlyMap<string, Asked | undefined> {
  const rows = TAG_SERVICE_ROWS.filter(({ query }) => query !== undefined)
  const units = new Map<string, Unit>()
  for (const unit of unitsOf(rows, service.project, domainId)) if (!units.has(unit.type)) units.set(unit.type, unit)
  const wanted = TYPES - TYPES_OF_OTHER_CLOUDS.length - 2
  const taken = Array.from(
    { length: wanted },
    (_, i) => [...units.values()][Math.floor((i * units.size) / wanted)] as Unit,
  )
  return new Map<string, Asked | undefined>([
    [IMAGES, { count: countImages }],
    [INSTANCES, { count: countInstances }],
    ...taken.map((unit): [string, Asked] => [unit.type, { count: (of, query) => countOf(of, unit, query) }]),
    ...TYPES_OF_OTHER_CLOUDS.map((type): [string, undefined] => [type, undefined]),
  ])
}

async function countImages(service: TestService, { tags }: Query): Promise<number> {
  const path = `/v2/${service.project}/images/resource_instances/action`
  return (await service.call('POST', path, { body: { action: 'count', tags } })).body.total_count
}

/** The database service takes one value for each key, so the numbers of all combinations are added. */
async function countInstances(service: TestService, { tags }: Query): Promise<number> {
  const listed = async (pairs: readonly string[]) => {
    const query = new URLSearchParams({ tags: pairs.join(','), limit: '1' })
    return (await service.call('GET', `/v3/${service.project}/instances?${query}`)).body.total_count as number
  }
  let combinations: string[][] = [[]]
  for (const { key, values } of tags) {
    const pairs = (values.length === 0 ? await valuesInUse(service, key) : values).map(
      (value: string) => `${key}=${value}`,
    )
    combinations = combinations.flatMap((before) => pairs.map((pair: string) => [...before, pair]))
  }
  let total = 0
  for (const pairs of combinations) total += await listed(pairs)
  return total
}

/** The values of a key that instances have. */
async function valuesInUse(service: TestService, key: string): Promise<readonly string[]> {
  for (let offset = 0; ; offset += 100) {
    const { body } = await service.call('GET', `/v3/${service.project}/tags?limit=100&offset=${offset}`)
    const found = body.tags.find((tag: { key: string }) => tag.key === key)
    if (found !== undefined) return found.values
    if (offset + 100 >= body.total_count) return []
  }
}

/** The number that a service counts; it finds as many. */
async function countOf(service: TestService, unit: Unit, { tags }: Query): Promise<number> {
  const ask = async (kind: 'count' | 'filter') => {
    const { path, body } = queryCallOf(unit, kind, { tags })
    return (await getFrom(service, unit.host ?? '127.0.0.1', path, { method: 'POST', body })).body
  }
  const { total_count } = await ask('count')
  expect([unit.type, (await ask('filter')).total_count]).toEqual([unit.type, total_count])
  return total_count
}
