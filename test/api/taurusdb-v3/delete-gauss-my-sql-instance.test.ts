import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestService } from '../../support/service.ts'
import { dbsError, dbsErrorInChinese } from '../expected.ts'
import { image, instance, logIn, newImageId, newInstanceId, startWithUsers, targetOf } from '../fixtures.ts'
import { runScenarios, type Target } from '../scenarios.ts'
import { missingInstances, outsiders, UNKNOWN_ID } from './instance-cases.ts'

// "Deleting a DB Instance": DELETE /v3/{project_id}/instances/{instance_id} (contract 3.4; D14, D15, D22).

let service: TestService
let target: Target
const fills = { instance: newInstanceId(), odd: 'db-1.of_mine', foreign: newInstanceId(), image: newImageId() }

beforeAll(async () => {
  service = await startWithUsers()
  await service.register(instance(fills.instance, 'a=1'), instance(fills.odd), image(fills.image), {
    ...instance(fills.foreign),
    project: 'other',
  })
  target = await targetOf(service, fills)
})
afterAll(() => service.stop())

const pathOf = (id: string) => `/v3/${service.project}/instances/${id}`

it('a DELETE request is answered with 200 and a job, and deletes the instance and its tags', async () => {
  const id = newInstanceId()
  await service.register(instance(id, 'only=here'))
  const { status, body, headers } = await service.call('DELETE', pathOf(id))
  expect({ status, body }).toStrictEqual({ status: 200, body: { job_id: `delete-${id}` } })
  expect(headers.get('x-tagwerk-revision')).toMatch(/^\d+$/)
  expect(await service.call('GET', pathOf(id))).toMatchObject(dbsError(404, 'DBS.200045'))
  expect(await service.call('GET', `${pathOf(id)}/tags`)).toMatchObject(dbsError(404, 'DBS.200045'))
  const list = await service.call('GET', `/v3/${service.project}/instances?tags=only%3Dhere`)
  expect(list.body).toEqual({ total_count: 0, instances: [] })
  const { body: tags } = await service.call('GET', `/v3/${service.project}/tags`)
  expect(tags.tags.map(({ key }: { key: string }) => key)).not.toContain('only')
})

it('a second DELETE request is answered with 404', async () => {
  const id = newInstanceId()
  await service.register(instance(id))
  const answers = await Promise.all([service.call('DELETE', pathOf(id)), service.call('DELETE', pathOf(id))])
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 404])
})

it("an instance whose id has another form than the vendor's can be deleted (D22)", async () => {
  const { status, body } = await service.call('DELETE', pathOf(fills.odd))
  expect({ status, body }).toEqual({ status: 200, body: { job_id: 'delete-db-1.of_mine' } })
})

it('a user with a read-only role is answered with 403 DBS.200010', async () => {
  const { token } = await logIn(service, 'reader', 'default')
  expect(await service.call('DELETE', pathOf(fills.instance), { token })).toMatchObject(dbsError(403, 'DBS.200010'))
  expect((await service.call('GET', pathOf(fills.instance))).status).toBe(200)
})

describe('answers to DELETE', () => {
  runScenarios(
    () => target,
    [
      ...missingInstances((id) => ({ method: 'DELETE', path: `/v3/{project}/instances/${id}` })),
      ...outsiders((project) => ({ method: 'DELETE', path: `/v3/${project}/instances/{instance}` })),
      {
        name: 'with X-Language zh-cn the message of a 404 is in Chinese (D14)',
        request: {
          method: 'DELETE',
          path: `/v3/{project}/instances/${UNKNOWN_ID}`,
          headers: { 'x-language': 'zh-cn' },
        },
        ...dbsErrorInChinese(404, 'DBS.200045'),
      },
    ],
  )
})
