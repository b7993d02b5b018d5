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

describe('forgets a resource', () => {
  it('and its tags at once, with 204 and a revision one higher', async () => {
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

  it('of the type named, and leaves one of the other type with the same id', async () => {
    const id = newInstanceId()
    await service.register(image(id, 'a=1'), instance(id, 'b=1'))
    await service.call('DELETE', `/tagwerk/v1/${service.project}/resources/images/${id}`)
    expect((await service.call('GET', `/v3/${service.project}/instances/${id}/tags`)).status).toBe(200)
  })

  it('that can be made anew, without its old tags', async () => {
    const id = newImageId()
    await service.register(image(id, 'old=1'))
    await service.call('DELETE', `/tagwerk/v1/${service.project}/resources/images/${id}`)
    await service.register(image(id))
    expect((await service.call('GET', `/v2/${service.project}/images/${id}/tags`)).body).toEqual({ tags: [] })
  })
})

describe('answers', () => {
  const of = (path: string) => ({ method: 'DELETE', path: `/tagwerk/v1/{project}/resources/${path}` })
  runScenarios(
    () => target,
    [
      { name: '404 for an unknown id', request: of('images/no'), ...tagwerkError(404, 'resource-not-found') },
      {
        name: '404 for the id of an instance among images',
        request: of('images/{instance}'),
        ...tagwerkError(404, 'resource-not-found'),
      },
      {
        name: '404 for an image of another project under the own one',
        request: of(`images/${IMAGE_OF_OTHER}`),
        ...tagwerkError(404, 'resource-not-found'),
      },
      {
        name: '400 for an unknown type',
        request: of('image/{image}'),
        ...tagwerkError(400, 'request-invalid', 'resource_type', '"images"', '"image"'),
      },
      {
        name: '403 for another project',
        request: { method: 'DELETE', path: `/tagwerk/v1/{other}/resources/images/${IMAGE_OF_OTHER}` },
        ...tagwerkError(403, 'scope-forbidden'),
      },
      {
        name: '403 to a token of the domain',
        request: { method: 'DELETE', path: PATH, token: 'domain' },
        ...tagwerkError(403, 'scope-forbidden'),
      },
      {
        name: '401 without a token',
        request: { method: 'DELETE', path: PATH, token: null },
        ...tagwerkError(401, 'token-missing'),
      },
    ],
  )
  runScenarios(
    () => ({ ...target, hasRevisions: false }),
    [
      {
        name: '405 to GET',
        request: { method: 'GET', path: PATH },
        ...tagwerkError(405, 'method-not-allowed'),
        headers: { allow: 'DELETE' },
      },
    ],
  )

  it('403 to a user who may only read, and the image stays', async () => {
    const { token } = await logIn(service, 'reader', 'default')
    const answer = await service.call('DELETE', `/tagwerk/v1/${service.project}/resources/images/${fills.image}`, {
      token,
    })
    expect({ status: answer.status, body: answer.body }).toEqual(tagwerkError(403, 'action-forbidden'))
    expect((await service.call('GET', `/v2/${service.project}/images/${fills.image}/tags`)).status).toBe(200)
  })
})
