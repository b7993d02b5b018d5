import Fastify from 'fastify'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { listImageByTags } from '../../../src/api/ims-v2/list-image-by-tags.ts'
import type { Catalog } from '../../../src/catalog/catalog.ts'
import { startTestService, type TestService } from '../../support/service.ts'
import { newImageId } from '../fixtures.ts'

// Pages are concatenated from cached JSON fragments. They must equal the output of the schema's serializer byte for byte.

const NAMES = ['', 'plain', 'with "quotes" and \\', 'tab\tand\nline', '镜像 😀', '\u2028\u007f', 'x'.repeat(128)]

const DETAILS: readonly Readonly<Record<string, unknown>>[] = [
  { status: 'active' },
  { status: 'queued', min_disk: 40, label: 'ä"\\{[' },
  { min_disk: 1, status: 'active', '7': 'a number for a name' },
  { '10': '1', status: 'with "quotes"' },
  { status: 'ä' },
  {},
]

const TAGS = [
  [],
  [{ key: 'env', value: 'prod' }],
  [
    { key: '部门', value: '生产' },
    { key: 'empty', value: '' },
    { key: 'a-b_c', value: 'x.y' },
  ],
]

const images = NAMES.flatMap((name, i) =>
  DETAILS.flatMap((detail, j) =>
    TAGS.map((tags, k) => ({
      resource_type: 'images',
      resource_id: k === 0 && j === 0 ? `odd-id-${i}` : newImageId(),
      resource_name: name,
      resource_detail: detail,
      tags,
    })),
  ),
)

let service: TestService

beforeAll(async () => {
  service = await startTestService()
  expect((await service.register(...images)).body).toMatchObject({ created: images.length, refused: 0 })
})
afterAll(() => service.stop())

/** Serializes an answer by the schema of the route. */
async function bySchema(answer: unknown): Promise<string> {
  const app = Fastify()
  const { responses } = listImageByTags({} as Catalog)
  app.get('/', { schema: { response: { 200: responses[200] } } }, async () => answer)
  return (await app.inject({ url: '/' })).body
}

function shown({ resource_id, resource_name, resource_detail, tags }: (typeof images)[number]) {
  // The default status is active.
  const detail = resource_detail.status === undefined ? { status: 'active', ...resource_detail } : resource_detail
  return { resource_id, resource_name, resource_detail: detail, tags }
}

it.each([
  ['all images', 0, 1000],
  ['a page from the middle', 17, 33],
  ['one image', 5, 1],
  ['no image', 5000, 10],
])('a page with %s equals the output of the serializer', async (_name, offset, limit) => {
  const path = `/v2/${service.project}/images/resource_instances/action`
  const body = { action: 'filter', offset: String(offset), limit: String(limit) }
  const answer = await service.call('POST', path, { body })
  const resources = images.slice(offset, offset + limit).map(shown)
  expect(answer.text).toBe(await bySchema({ total_count: images.length, resources }))
  expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8')
})

it('a page shows a changed detail', async () => {
  const id = (images[1] as (typeof images)[number]).resource_id
  const path = `/v2/${service.project}/images/resource_instances/action`
  const ask = () =>
    service.call('POST', path, { body: { action: 'filter', matches: [{ key: 'resource_id', value: id }] } })
  await ask()
  for (const detail of [{ status: 'saving' }, { z: '1', status: 'active' }, { status: 'active', z: '1' }]) {
    await service.register({ resource_type: 'images', resource_id: id, resource_name: 'n', resource_detail: detail })
    const resources = [{ resource_id: id, resource_name: 'n', resource_detail: detail, tags: [] }]
    expect((await ask()).text).toBe(await bySchema({ total_count: 1, resources }))
  }
})
