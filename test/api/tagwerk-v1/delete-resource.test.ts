import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestService } from '../../support/service.ts'
import { tagwerkError } from '../expected.ts'
import {
  IMAGE_OF_OTHER,
  image,
  instance,
  logIn,
  newImageId,
  newInstanceId,
  startWithUsers,
  targetOf,
} from '../fixtures.ts'
import { runScenarios, type Target } from '../scenarios.ts'

// DELETE /tagwerk/v1/{project_id}/resources/{resource_type}/{resource_id}.

const PATH = '/tagwerk/v1/{project}/resources/images/{image}'

let service: TestService
let target: Target
const fills = { image: newImageId(), instance: newInstanceId() }
beforeAll(async () => {
  service = await startWithUsers()
  await service.register(image(fills.image, 'a=1'), instance(fills.instance))
  target = await targetOf(service, fills)
})
afterAll(() => service.stop())

describe('deleting a resource', () => {
  it('a deleted resource and its tags are gone at once, and the 204 has the next revision', async () => {
    const id = newImageId()
    await service.register(image(id, 'gone=1'))
    const path = `/v2/${service.project}/images/${id}/tags`
    const before = Number((await service.call('GET', path)).headers.get('x-tagwerk-revision'))
    const answer = await service.call('DELETE', `/tagwerk/v1/${service.project}/resources/images/${id}`)
    expect([answer.status, answer.text]).toEqual([204, ''])
    expect(Number(answer.headers.get('x-tagwerk-revision'))).toBe(before + 1)
    expect((await service.call('GET', path)).status).toBe(404)
    const body = { action: 'count', tags: [{ key: 'gone', values: [] }] }
    const counted = await service.call('POST', `/v2/${service.project}/images/resource_instances/action`, { body })
    expect(counted.body).toEqual({ total_count: 0 })
    const again = await service.call('DELETE', `/tagwerk/v1/${service.project}/resources/images/${id}`)
    expect({ status: again.status, body: again.body }).toEqual(tagwerkError(404, 'resource-not-found'))
  })

  it('only the resource of the given type is deleted, not one of another type with the same id', async () => {
    const id = newInstanceId()
    await service.register(image(id, 'a=1'), instance(id, 'b=1'))
    await service.call('DELETE', `/tagwerk/v1/${service.project}/resources/images/${id}`)
    expect((await service.call('GET', `/v3/${service.project}/instances/${id}/tags`)).status).toBe(200)
  })

  it('a resource can be registered again after its deletion, without its old tags', async () => {
    const id = newImageId()
    await service.register(image(id, 'old=1'))
    await service.call('DELETE', `/tagwerk/v1/${service.project}/resources/images/${id}`)
    await service.register(image(id))
    expect((await service.call('GET', `/v2/${service.project}/images/${id}/tags`)).body).toEqual({ tags: [] })
  })
})

describe('answers to DELETE', () => {
  const of = (path: string) => ({ method: 'DELETE', path: `/tagwerk/v1/{project}/resources/${path}` })
  runScenarios(
    () => target,
    [
      {
        name: 'an unknown id is answered with 404',
        request: of('images/no'),
        ...tagwerkError(404, 'resource-not-found'),
      },
      {
        name: 'the id of an instance in the path of images is answered with 404',
        request: of('images/{instance}'),
        ...tagwerkError(404, 'resource-not-found'),
      },
      {
        name: "the image of another project in the path of the caller's own project is answered with 404",
        request: of(`images/${IMAGE_OF_OTHER}`),
        ...tagwerkError(404, 'resource-not-found'),
      },
      {
        name: 'an unknown type is answered with 400',
        request: of('image/{image}'),
        ...tagwerkError(400, 'request-invalid', 'resource_type', '"images"', '"image"'),
      },
      {
        name: 'a request for another project is answered with 403',
        request: { method: 'DELETE', path: `/tagwerk/v1/{other}/resources/images/${IMAGE_OF_OTHER}` },
        ...tagwerkError(403, 'scope-forbidden'),
      },
      {
        name: 'a domain token is answered with 403',
        request: { method: 'DELETE', path: PATH, token: 'domain' },
        ...tagwerkError(403, 'scope-forbidden'),
      },
      {
        name: 'a request without a token is answered with 401',
        request: { method: 'DELETE', path: PATH, token: null },
        ...tagwerkError(401, 'token-missing'),
      },
    ],
  )
  runScenarios(
    () => ({ ...target, hasRevisions: false }),
    [
      {
        name: 'a PUT request is answered with 405',
        request: { method: 'PUT', path: PATH },
        ...tagwerkError(405, 'method-not-allowed'),
        headers: { allow: 'DELETE, GET' },
      },
    ],
  )

  it('a user with read-only access is answered with 403, and the image is not deleted', async () => {
    const { token } = await logIn(service, 'reader', 'default')
    const answer = await service.call('DELETE', `/tagwerk/v1/${service.project}/resources/images/${fills.image}`, {
      token,
    })
    expect({ status: answer.status, body: answer.body }).toEqual(tagwerkError(403, 'action-forbidden'))
    expect((await service.call('GET', `/v2/${service.project}/images/${fills.image}/tags`)).status).toBe(200)
  })
})
