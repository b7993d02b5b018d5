import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { toTagQuery } from '../../../src/api/tag-query-body.ts'
import { matches } from '../../../src/core/matches.ts'
import { TagIndex } from '../../../src/search-index/tag-index.ts'
import { startTestService, type TestService } from '../../support/service.ts'
import { projectNamed, type TestProject } from '../fixtures.ts'

// Runs language-independent test vectors against the reference implementation, the index and HTTP.

type Vectors = {
  readonly resources: readonly {
    readonly resource_id: string
    readonly resource_name: string
    readonly resource_detail?: { readonly status: string }
    readonly tags: readonly { readonly key: string; readonly value: string }[]
  }[]
  readonly cases: readonly { readonly name: string; readonly query: Query; readonly matches: readonly string[] }[]
}

type Query = Parameters<typeof toTagQuery>[0]

let service: TestService
beforeAll(async () => {
  service = await startTestService()
})
afterAll(() => service.stop())

for (const file of ['worked-table.json', 'combinations.json', 'seed-example.json']) {
  const text = readFileSync(join(import.meta.dirname, '../../vectors/api', file), 'utf8')
  const { resources, cases } = JSON.parse(text) as Vectors
  const index = new TagIndex()
  for (const [i, { resource_id: id, resource_name: name, tags }] of resources.entries()) {
    index.put({ id, name, detail: '{}', sequence: i + 1, tags, createdAtMs: 0, updatedAtMs: 0 })
  }

  describe(`${file}, reference and index`, () => {
    for (const { name, query, matches: expected } of cases) {
      it(`reference and index agree with ${file}: ${name}`, () => {
        const parsed = toTagQuery(query)
        const matching = resources.filter((r) =>
          matches({ id: r.resource_id, name: r.resource_name, tags: r.tags }, parsed),
        )
        expect(matching.map((resource) => resource.resource_name)).toEqual(expected)
        const { total, slots } = index.find(parsed, 0, 1000)
        expect(total).toBe(expected.length)
        expect(Array.from(slots, (slot) => index.at(slot).name)).toEqual(expected)
      })
    }
  })

  describe(`${file}, through HTTP`, () => {
    let project: TestProject
    beforeAll(async () => {
      const made = await service.register(
        ...resources.map((resource) => ({ resource_type: 'images', project: file, ...resource })),
      )
      expect(made.body).toMatchObject({ created: resources.length, refused: 0 })
      project = await projectNamed(service, file)
    })
    const ask = (body: object) =>
      service.call('POST', `/v2/${project.id}/images/resource_instances/action`, { body, token: project.token })

    for (const { name, query, matches: expected } of cases) {
      it(`HTTP agrees with ${file}: ${name}`, async () => {
        const wanted = resources.filter((resource) => expected.includes(resource.resource_name))
        const shown = wanted.map((resource) => ({ resource_detail: { status: 'active' }, ...resource }))
        const filtered = await ask({ action: 'filter', limit: '1000', offset: '0', ...query })
        expect(filtered.body).toEqual({ total_count: expected.length, resources: shown })
        expect((await ask({ action: 'count', ...query })).body).toEqual({ total_count: expected.length })
        const first = await ask({ action: 'filter', limit: '1', ...query })
        expect(first.body).toEqual({ total_count: expected.length, resources: shown.slice(0, 1) })
      })
    }
  })
}
