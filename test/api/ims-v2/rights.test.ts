import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Answer, TestService } from '../../support/service.ts'
import { imsError } from '../expected.ts'
import { image, logIn, newImageId, startWithUsers } from '../fixtures.ts'

// The calls that a user with role `readonly` may make (contract 2.1, 6.3).

let service: TestService
let token: string
const id = newImageId()

beforeAll(async () => {
  service = await startWithUsers()
  await service.register(image(id, 'a=1', 'b='))
  token = (await logIn(service, 'reader', 'default')).token
})
afterAll(() => service.stop())

const asReader = (line: string, body?: unknown): Promise<Answer> => {
  const [method, path] = line.replaceAll('{project}', service.project).replaceAll('{image}', id).split(' ')
  return service.call(method as string, path as string, { token, ...(body !== undefined && { body }) })
}

describe('reads', () => {
  it.each([
    'GET /v2/{project}/images/{image}/tags',
    'GET /v2/{project}/images/tags',
    'GET /v1/cloudimages/tags',
    'GET /v2/cloudimages?tag=a%3D1',
    'GET /v2/images',
    'GET /v2/images/{image}',
    'GET /v2/images/{image}/members',
    'GET /v2/schemas/image',
    'GET /v2/schemas/images',
    'GET /v2/schemas/member',
    'GET /v2/schemas/members',
  ])('a read-only user may call %s', async (line) => {
    expect((await asReader(line)).status).toBe(200)
  })

  it('a read-only user may query images by tag', async () => {
    const answer = await asReader('POST /v2/{project}/images/resource_instances/action', { action: 'count' })
    expect([answer.status, answer.body]).toEqual([200, { total_count: 1 }])
  })

  it('a read-only user is answered with 404 for absent members and jobs', async () => {
    expect(await asReader('GET /v2/images/{image}/members/x')).toMatchObject(imsError(404, 'IMG.0031'))
    expect(await asReader('GET /v1/{project}/jobs/x')).toMatchObject(imsError(404, 'IMG.0031'))
  })
})

describe('writes: 403 IMG.0026 before the body is read', () => {
  const tag = { key: 'k', value: 'v' }
  const patch = [{ op: 'replace', path: '/name', value: 'x' }]
  it.each<[line: string, body?: unknown]>([
    ['POST /v2/{project}/images/{image}/tags', { tag }],
    ['DELETE /v2/{project}/images/{image}/tags/a'],
    ['POST /v2/{project}/images/{image}/tags/action', { action: 'create', tags: [tag] }],
    ['PUT /v1/cloudimages/tags', { image_id: id, image_tag: tag }],
    ['DELETE /v1/{project}/cloudimages/{image}/tags/delete', { tags: [{ key: 'a' }] }],
    ['PUT /v2/images/{image}/tags/k'],
    ['DELETE /v2/images/{image}/tags/b'],
    ['PATCH /v2/cloudimages/{image}', patch],
    ['POST /v2/cloudimages/action', { name: 'n', instance_id: 'i' }],
    ['POST /v2/images', { name: 'n' }],
    ['PATCH /v2/images/{image}', patch],
    ['DELETE /v2/images/{image}'],
    ['POST /v2/images/{image}/members', { member: 'm' }],
    ['PUT /v2/images/{image}/members/m', { status: 'accepted' }],
    ['DELETE /v2/images/{image}/members/m'],
    ['POST /v2/images', 'no JSON'],
  ])('a read-only user may not call %s', async (line, body) => {
    const before = (await asReader('GET /v2/images')).body
    const answer = await asReader(line, body)
    expect(answer).toMatchObject(imsError(403, 'IMG.0026'))
    expect(answer.headers.get('x-tagwerk-revision')).toBeNull()
    expect((await asReader('GET /v2/images')).body).toEqual(before)
  })
})
