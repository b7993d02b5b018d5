import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runLength } from '../../support/effort.ts'
import { startTestService, type TestService } from '../../support/service.ts'
import { tagwerkError } from '../expected.ts'
import { image, instance, logIn, newImageId, newInstanceId, startWithUsers, targetOf } from '../fixtures.ts'
import { runScenarios, type Target } from '../scenarios.ts'

// POST /tagwerk/v1/{project_id}/resources/search

let service: TestService
let target: Target
const images = Array.from({ length: 6 }, newImageId)
const instances = Array.from({ length: 3 }, newInstanceId)

beforeAll(async () => {
  service = await startWithUsers()
  await service.register(
    image(images[0] as string, 'env=prod', 'team=web'),
    image(images[1] as string, 'env=prod', 'team=shop'),
    image(images[2] as string, 'env=dev', 'team=web'),
    image(images[3] as string, 'Env=Prod'),
    image(images[4] as string),
    image(images[5] as string, 'env=prod', 'team=web', 'owner=ana'),
    instance(instances[0] as string, 'env=prod', 'team=db'),
    instance(instances[1] as string, 'env=test'),
    instance(instances[2] as string),
  )
  target = await targetOf(service, {})
})
afterAll(() => service.stop())

const pathOf = (path: string) => path.replace('{project}', service.project)
const SEARCH = '/tagwerk/v1/{project}/resources/search'
const search = async (body: object) => {
  const answer = await service.call('POST', pathOf(SEARCH), { body })
  expect(answer.body).not.toHaveProperty('error_code')
  return answer.body
}
const idsOf = ({ resources }: { resources: { resource_id: string }[] }) => resources.map((one) => one.resource_id)

describe('a search', () => {
  it('answers with the resources, the canonical filter, the total of each type and the revision', async () => {
    const answer = await search({ filter: "tags['env']=='prod'&&!(has(tags.owner))", limit: 2 })
    expect(answer).toMatchObject({
      total_count: 3,
      counts: { images: 2, instances: 1 },
      filter: 'tags.env == "prod" && !("owner" in tags)',
      revision: 9,
    })
    expect(idsOf(answer)).toEqual([images[0], images[1]])
    expect(Object.keys(answer.resources[0])).toEqual([
      'created_at',
      'updated_at',
      'resource_type',
      'resource_id',
      'resource_name',
      'resource_detail',
      'tags',
    ])
  })

  it('combines the filter with the lists of a query', async () => {
    const query = { not_tags_any: [{ key: 'team', values: ['web'] }] }
    expect(idsOf(await search({ filter: '"env" in tags', query }))).toEqual([images[1], instances[0], instances[1]])
  })

  it('without a filter finds everything, and with limit 0 only counts', async () => {
    expect(idsOf(await search({}))).toEqual([...images, ...instances])
    const counted = await search({ limit: 0 })
    expect([counted.total_count, counted.resources, counted.next]).toEqual([9, [], undefined])
  })

  it('walks over all matches by cursor, each resource once, also when others are deleted, changed or created', async () => {
    const project = await startTestService()
    const ids = Array.from({ length: 40 }, newImageId)
    await project.register(
      ...ids.map((id, i) => image(id, `n=${i % 4}`)),
      ...instances.map((id) => instance(id, 'n=0')),
    )
    const path = `/tagwerk/v1/${project.project}/resources/search`
    const seen: string[] = []
    let after: string | undefined
    for (let page = 0; ; page++) {
      const { body } = await project.call('POST', path, { body: { filter: 'tags.n != "3"', limit: 7, after } })
      seen.push(...idsOf(body))
      after = body.next
      if (after === undefined) break
      // One that was listed, one that was not, and one that enters.
      await project.call('DELETE', `/tagwerk/v1/${project.project}/resources/images/${ids[page]}`)
      await project.register(image(ids[36] as string, `n=${page}`), image(newImageId(), 'n=3'))
    }
    expect(new Set(seen).size).toBe(seen.length)
    for (const id of ids.filter((_, i) => i % 4 !== 3 && i !== 36 && i > 10)) expect(seen).toContain(id)
    expect(seen.slice(-3)).toEqual(instances)
    await project.stop()
  })
})

describe('a facet', () => {
  it('counts the values of a key among the matches, most frequent first', async () => {
    const { facets } = await search({ facets: [{ key: 'team' }, { key: 'env', limit: 1 }], limit: 0 })
    expect(facets).toEqual([
      {
        key: 'team',
        with_key: 5,
        without_key: 4,
        values: [
          { value: 'web', count: 3 },
          { value: 'db', count: 1 },
          { value: 'shop', count: 1 },
        ],
        more: 0,
      },
      { key: 'env', with_key: 6, without_key: 3, values: [{ value: 'prod', count: 4 }], more: 2 },
    ])
  })

  it('can leave out the conditions on its own key', async () => {
    const filter = 'tags.team == "web" && tags.env == "prod"'
    const facets = [{ key: 'env', exclude_own: true }, { key: 'env' }]
    const answer = await search({ filter, facets })
    expect(answer.total_count).toBe(2)
    expect(answer.facets.map(({ values }: { values: unknown }) => values)).toEqual([
      [
        { value: 'prod', count: 2 },
        { value: 'dev', count: 1 },
      ],
      [{ value: 'prod', count: 2 }],
    ])
  })

  it('of keys counts the resources that carry each', async () => {
    const { facets } = await search({ types: ['images'], facets: [{ keys: true, limit: 3 }] })
    const keys = [
      { key: 'env', count: 4 },
      { key: 'team', count: 4 },
      { key: 'Env', count: 1 },
    ]
    expect(facets).toEqual([{ with_key: 5, without_key: 1, keys, more: 1 }])
  })

  it('agrees with the total and with separate queries while others write', async () => {
    const project = await startTestService()
    const ids = Array.from({ length: 2500 }, newImageId)
    const line = (id: string, n: number) => image(id, `a=${n % 5}`, ...(n % 3 === 0 ? [`b=${n % 100}`] : []))
    await project.register(...ids.map(line))
    let isWriting = true
    const writer = (async () => {
      for (let n = 0; isWriting; n++) await project.register(line(ids[n % 500] as string, n * 7), image(newImageId()))
    })()
    const path = `/tagwerk/v1/${project.project}/resources/search`
    for (let round = 0; round < runLength(8, 40); round++) {
      const body = {
        limit: 0,
        filter: 'name.containsFold("") && tags.a != "4"',
        facets: [{ key: 'a' }, { key: 'b', limit: 1000 }, { keys: true }],
      }
      const answer = (await project.call('POST', path, { body })).body
      for (const { with_key, without_key } of answer.facets) expect(with_key + without_key).toBe(answer.total_count)
      for (const { values = [], with_key } of answer.facets.slice(0, 2)) {
        expect(values.reduce((sum: number, { count }: { count: number }) => sum + count, 0)).toBe(with_key)
      }
      const [a, b, keys] = answer.facets
      const countOf = (key: string) => keys.keys.find((one: { key: string }) => one.key === key)?.count ?? 0
      expect([countOf('a'), countOf('b')]).toEqual([a.with_key, b.with_key])
    }
    isWriting = false
    await writer
    await project.stop()
  })
})

describe('an explanation', () => {
  it('of a search counts the matches of each part of the filter', async () => {
    const { explain } = await search({
      filter: '"env" in tags && (tags.team == "web" || !(size(tags) > 1))',
      explain: true,
    })
    expect(explain).toEqual({
      op: 'and',
      text: '"env" in tags && (tags.team == "web" || !(size(tags) > 1))',
      count: 4,
      children: [
        { op: 'test', text: '"env" in tags', count: 6, children: [] },
        {
          op: 'or',
          text: 'tags.team == "web" || !(size(tags) > 1)',
          count: 7,
          children: [
            { op: 'test', text: 'tags.team == "web"', count: 3, children: [] },
            {
              op: 'not',
              text: '!(size(tags) > 1)',
              count: 4,
              children: [{ op: 'test', text: 'size(tags) > 1', count: 5, children: [] }],
            },
          ],
        },
      ],
    })
  })
})

describe('who may search', () => {
  it('includes users with read-only access', async () => {
    const { token } = await logIn(service, 'reader', 'default')
    expect((await service.call('POST', pathOf(SEARCH), { body: {}, token })).status).toBe(200)
  })
})

describe('answers to a search', () => {
  const of = (body: unknown) => ({ method: 'POST', path: SEARCH, body })
  const forged = Buffer.from(JSON.stringify(['images', 1, 2, -1])).toString('base64url')
  runScenarios(
    () => target,
    [
      {
        name: 'a limit above 1000 is refused',
        request: of({ limit: 1001 }),
        ...tagwerkError(400, 'limit-invalid', 'limit', '1000'),
      },
      {
        name: 'a cursor that no page gave is refused',
        request: of({ after: 'x' }),
        ...tagwerkError(400, 'marker-invalid', 'after'),
      },
      {
        name: 'a cursor with impossible numbers is refused',
        request: of({ after: forged }),
        ...tagwerkError(400, 'marker-invalid', 'after'),
      },
      {
        name: 'more than ten facets are refused',
        request: of({ facets: Array(11).fill({ key: 'a' }) }),
        ...tagwerkError(400, 'request-invalid', 'facets', '10'),
      },
      {
        name: 'a facet of neither a key nor the keys is refused',
        request: of({ facets: [{}] }),
        ...tagwerkError(400, 'request-invalid', 'facets[0]', 'either key or keys'),
      },
      {
        name: 'a facet of both a key and the keys is refused',
        request: of({ facets: [{ key: 'a', keys: true }] }),
        ...tagwerkError(400, 'request-invalid', 'facets[0]'),
      },
      {
        name: 'an unknown member of a facet is refused',
        request: of({ facets: [{ kye: 'a' }] }),
        ...tagwerkError(400, 'request-invalid', 'kye'),
      },
      {
        name: 'an unknown type is refused',
        request: of({ types: ['robots'] }),
        ...tagwerkError(400, 'request-invalid', 'types[0]', 'robots'),
      },
    ],
  )
})
