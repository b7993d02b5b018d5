import { describe, expect, it } from 'vitest'
import type { CombinedRequest, CombinedResult, Cursor, Facet } from '../../src/catalog/combined-request.ts'
import { FACET_TEXTS_MAX, type ProjectsRequest, searchProjects } from '../../src/catalog/projects-search.ts'
import type { IndexedResource } from '../../src/core/resource.ts'
import { IMAGES, INSTANCES, type ResourceType } from '../../src/core/resource-types.ts'
import { Random } from '../support/random.ts'

type Found = { readonly type: ResourceType; readonly resource: IndexedResource }

const resource = (id: string, sequence: number): IndexedResource => ({
  ...{ id, sequence, name: '', detail: '{}', tags: [] },
  ...{ createdAtMs: 0, updatedAtMs: 0 },
})

/** Projects with some matches each, and a search of one of them that answers as that of the catalog. */
function estate(sizes: readonly (readonly [images: number, instances: number])[]) {
  const matches = new Map<string, readonly Found[]>()
  for (const [n, [images, instances]] of sizes.entries()) {
    const of = (type: ResourceType, count: number) =>
      Array.from({ length: count }, (_, i) => ({ type, resource: resource(`p${n} ${type} ${i}`, 10 * i + 1) }))
    matches.set(`p${n}`, [...of(IMAGES, images), ...of(INSTANCES, instances)])
  }
  const limits: number[] = []
  const search = async (project: string, { limit, after, counted }: CombinedRequest): Promise<CombinedResult> => {
    limits.push(limit)
    const all = matches.get(project) ?? []
    const start =
      all.findIndex(({ type, resource }) => type === after?.type && resource.sequence === after.sequence) + 1
    const resources = all.slice(start, start + limit)
    const ofType = (wanted: ResourceType) => all.filter(({ type }) => type === wanted).length
    const end = resources.at(-1)
    const last = end && {
      ...{ type: end.type, sequence: end.resource.sequence, revision: 7 },
      offset: all.slice(0, start + limit).filter(({ type }) => type === end.type).length,
    }
    return {
      ...{ revision: 7, resources, last, counts: counted.map(() => all.length) },
      totals: new Map([
        [IMAGES, ofType(IMAGES)],
        [INSTANCES, ofType(INSTANCES)],
      ]),
      next: limit > 0 && start + limit < all.length ? last : undefined,
      facets: [],
    }
  }
  return { projects: [...matches.keys()], all: [...matches.values()].flat(), search, limits }
}

const requestFor = (projects: readonly string[], limit: number): ProjectsRequest => ({
  ...{ projects, limit, query: {}, facets: [], counted: [{}], owner: 'd' },
  after: { projectsBefore: 0, cursor: undefined },
})

describe('a search of several projects', () => {
  it('has pages of any size that join to the matches of all projects, wherever a project ends', async () => {
    const random = new Random(5)
    for (let round = 0; round < 60; round++) {
      const sizes = Array.from({ length: random.below(30) }, () => [random.below(4), random.below(3)] as const)
      const { projects, all, search } = estate(sizes)
      const limit = 1 + random.below(9)
      const seen: string[] = []
      let request = requestFor(projects, limit)
      for (let pages = 0; pages < 200; pages++) {
        const { resources, next, counts, projects: totals } = await searchProjects(search, request)
        expect(counts).toEqual([all.length])
        expect(totals.map(({ project }) => project)).toEqual(projects)
        seen.push(...resources.map(({ project, type, resource }) => `${project} ${type} ${resource.id}`))
        if (next === undefined) break
        expect(resources).toHaveLength(limit)
        const { type, sequence, offset } = next.cursor
        const ofProject = all.filter((found) => found.resource.id.startsWith(`${next.project} ${type}`))
        expect(ofProject[offset - 1]?.resource.sequence).toBe(sequence)
        request = { ...request, after: { projectsBefore: projects.indexOf(next.project), cursor: next.cursor } }
      }
      expect(seen).toEqual(all.map(({ type, resource }) => `${resource.id.split(' ')[0]} ${type} ${resource.id}`))
    }
  })

  it('reads resources of few projects at a time, and only counts in those before and after the page', async () => {
    const { projects, search, limits } = estate(Array.from({ length: 9 }, () => [5, 0] as const))
    const cursor: Cursor = { type: IMAGES, sequence: 41, revision: 7, offset: 5 }
    const request = { ...requestFor(projects, 7), after: { projectsBefore: 3, cursor } }
    const { resources, next } = await searchProjects(search, request)
    expect(resources.map(({ resource }) => resource.id.slice(0, 2))).toEqual([...Array(5).fill('p4'), 'p5', 'p5'])
    expect(next).toEqual({ project: 'p5', cursor: { type: IMAGES, sequence: 11, revision: 7, offset: 2 } })
    expect(limits).toEqual([0, 0, 0, 7, 7, 7, 7, 0, 0])
  })

  it('only counts with a limit of 0', async () => {
    const { projects, search } = estate([
      [1, 1],
      [2, 0],
    ])
    const { resources, next, counts } = await searchProjects(search, requestFor(projects, 0))
    expect([resources, next, counts]).toEqual([[], undefined, [4]])
  })
})

describe('a facet over several projects', () => {
  const facet = (counts: readonly (readonly [string, number])[], total: number): Facet => ({
    ...{ total, more: 0, withKey: counts.reduce((sum, [, count]) => sum + count, 0) },
    counts: counts.map(([text, count]) => ({ text, count })),
  })
  const of = (facets: Record<string, Facet>) => async (project: string, request: CombinedRequest) => {
    expect(request.facets).toEqual([{ query: {}, key: 'k', limit: undefined }])
    const result = { revision: 1, totals: new Map(), resources: [], next: undefined, last: undefined, counts: [] }
    return { ...result, facets: [facets[project] as Facet] }
  }
  const request = (projects: readonly string[], limit: number) => ({
    ...requestFor(projects, 0),
    facets: [{ query: {}, key: 'k', limit }],
  })

  it('is the sum of those of the projects, the most frequent first', async () => {
    const one = facet(
      [
        ['a', 3],
        ['b', 2],
        ['c', 1],
      ],
      9,
    )
    const two = facet(
      [
        ['b', 3],
        ['d', 4],
      ],
      8,
    )
    const search = of({ p: one, q: two })
    expect((await searchProjects(search, request(['p', 'q'], 3))).facets).toEqual([
      {
        ...{ total: 17, withKey: 13, more: 1 },
        counts: [
          { text: 'b', count: 5 },
          { text: 'd', count: 4 },
          { text: 'a', count: 3 },
        ],
      },
    ])
  })

  it('with too many values is refused with its number', async () => {
    const many = (from: number) =>
      facet(
        Array.from({ length: FACET_TEXTS_MAX / 2 + 1 }, (_, i) => [`${from + i}`, 1] as const),
        1_000_000,
      )
    const search = of({ p: many(0), q: many(1_000_000), r: many(0) })
    expect((await searchProjects(search, request(['p', 'r'], 1))).facets).toMatchObject([{ more: FACET_TEXTS_MAX / 2 }])
    await expect(searchProjects(search, request(['p', 'q'], 1))).rejects.toMatchObject({
      code: 'request-invalid',
      facts: { rule: { name: 'items-max', limit: FACET_TEXTS_MAX } },
    })
  })
})
