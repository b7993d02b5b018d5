import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CountedTags, startWithTags } from './counted-tags.ts'

// POST /tagwerk/v1/domain/resources/query: resources of all types in all projects of the domain.

let tags: CountedTags

beforeAll(async () => {
  tags = await startWithTags()
})
afterAll(() => tags.service.stop())

describe('a query of all projects of the domain', () => {
  const query = async (body: object) => {
    const answer = await tags.service.call('POST', '/tagwerk/v1/domain/resources/query', {
      token: tags.domainToken,
      body,
    })
    expect([answer.status, answer.text]).toEqual([200, answer.text])
    return answer.body
  }

  it('finds resources by project, then by type, with totals of each project and type', async () => {
    const answer = await query({ tags: [{ key: 'env', values: ['prod'] }] })
    expect(answer).toMatchObject({
      total_count: 4,
      counts: { aws_instance: 1, ecs: 2, images: 1 },
      projects: [
        { project_name: 'default', total_count: 3, counts: { aws_instance: 1, ecs: 1, images: 1 } },
        { project_name: 'second', total_count: 1, counts: { ecs: 1 } },
      ],
    })
    expect(answer.resources.map(({ resource_id }: { resource_id: string }) => resource_id)).toEqual([
      'd',
      'c',
      'a',
      'e',
    ])
    expect(answer.resources[3]).toMatchObject({
      project_name: 'second',
      resource_type: 'ecs',
      tags: [
        { key: 'env', value: 'prod' },
        { key: 'zone', value: '1' },
      ],
    })
  })

  it('pages of any size join to the whole, over projects', async () => {
    const whole = await query({})
    for (const limit of [1, 2, 5]) {
      const found: object[] = []
      for (let offset = 0; offset < whole.total_count; offset += limit) {
        found.push(...(await query({ limit, offset })).resources)
      }
      expect(found).toEqual(whole.resources)
    }
  })

  it('finds a type that only another project uses', async () => {
    expect((await query({ resource_types: ['aws_instance'], limit: 0 })).total_count).toBe(1)
    expect((await query({ resource_types: ['evs'], limit: 0 })).counts).toEqual({ disk: 1 })
  })
})
