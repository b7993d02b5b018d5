import { afterAll, beforeAll, expect, it } from 'vitest'
import { startWorld, type World } from './world.ts'

// The OpenAPI document of calls with special bodies or parameters.

type Operation = {
  readonly description?: string
  readonly parameters?: readonly { readonly name: string }[]
  readonly requestBody?: { readonly content: Readonly<Record<string, unknown>> }
}

let world: World
let paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
beforeAll(async () => {
  world = await startWorld()
  paths = (await world.call('GET', '/openapi/ims-v2.json')).body.paths
})
afterAll(() => world.service.stop())

it.each([
  ['patch', '/v2/cloudimages/{image_id}', ['application/json']],
  [
    'patch',
    '/v2/images/{image_id}',
    [
      'application/openstack-images-v2.1-json-patch',
      'application/openstack-images-v2.0-json-patch',
      'application/json',
    ],
  ],
  ['put', '/v2/images/{image_id}/file', ['application/octet-stream']],
])('the document of %s %s lists its media types', (method, path, types) => {
  expect(Object.keys(paths[path]?.[method]?.requestBody?.content ?? {})).toEqual(types)
})

it('the document shows image data as bytes and an import as lines', async () => {
  const binary = { schema: { type: 'string', format: 'binary' } }
  const bytes = paths['/v2/images/{image_id}/file']?.put?.requestBody?.content
  expect(bytes).toEqual({ 'application/octet-stream': binary })
  const tagwerk = (await world.call('GET', '/openapi/tagwerk-v1.json')).body.paths
  const operations = Object.values(tagwerk as typeof paths).flatMap((methods) => Object.values(methods))
  const bodies = operations.map(({ requestBody }) => requestBody?.content)
  expect(bodies).toContainEqual({ 'application/x-ndjson': binary })
})

it.each(['/v2/images', '/v2/cloudimages', '/v1/cloudimages/tags'])(
  'the document of %s describes parameters of other names',
  (path) => {
    const { description, parameters = [] } = paths[path]?.get ?? {}
    expect(description).toContain('attribute of that name')
    const names = parameters.map(({ name }) => name)
    expect(names).toEqual(expect.arrayContaining(['architecture', 'os_hidden', 'size_min', 'size_max', 'flavor_id']))
  },
)

it('the document lists the members of the request that creates an image', () => {
  const content = paths['/v2/cloudimages/action']?.post?.requestBody?.content['application/json']
  const { properties } = (content as { schema: { properties: object } }).schema
  expect(properties).toMatchObject({
    max_ram: { type: 'integer' },
    os_type: { type: 'string' },
    architecture: { enum: ['x86', 'arm'] },
    type: { enum: ['ECS', 'FusionCompute', 'BMS', 'Ironic', 'IsoImage'] },
  })
})

it('the document marks the body of a deletion as optional', () => {
  expect(paths['/v2/images/{image_id}']?.delete?.requestBody).toMatchObject({ required: false })
  expect(paths['/v2/images/{image_id}']?.patch?.requestBody).toMatchObject({ required: true })
})
