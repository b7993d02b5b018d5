import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestService } from '../../support/service.ts'
import { dbsError, dbsErrorInChinese } from '../expected.ts'
import { instance, logIn, newInstanceId, startWithUsers, targetOf } from '../fixtures.ts'
import { runScenarios, type Target } from '../scenarios.ts'
import { LEAST, outsiders, TIME, UNKNOWN_ID } from './instance-cases.ts'

// "Obtaining Information About a Task with a Specified ID": GET /v3/{project_id}/jobs?id= (contract 3.4; D14, D15).

let service: TestService
let target: Target
const fills = { odd: 'db-1.of_mine', foreign: newInstanceId() }

beforeAll(async () => {
  service = await startWithUsers()
  await service.register(instance(fills.odd), { ...instance(fills.foreign), project: 'other' })
  target = await targetOf(service, fills)
})
afterAll(() => service.stop())

async function show(id: string, token?: string) {
  const { status, body } = await service.call('GET', `/v3/${service.project}/jobs?id=${id}`, token ? { token } : {})
  return { status, body }
}

it('an instance has a job of its creation, and after its deletion one of its deletion', async () => {
  const path = `/v3/${service.project}/instances`
  const { instance: made, job_id } = (await service.call('POST', path, { body: LEAST })).body
  const job = {
    id: job_id,
    name: 'CreateMysqlInstance',
    status: 'Completed',
    created: TIME,
    ended: TIME,
    process: '',
    instance: { id: made.id, name: LEAST.name },
    entities: { instance: { type: 'Cluster', datastore: LEAST.datastore }, resource_ids: [made.id] },
  }
  expect(await show(job_id)).toStrictEqual({ status: 200, body: { job } })
  expect(await show(`delete-${made.id}`)).toMatchObject(dbsError(404, 'DBS.290013'))

  const deletion = (await service.call('DELETE', `${path}/${made.id}`)).body.job_id
  const done = {
    id: deletion,
    name: 'DeleteMysqlInstance',
    status: 'Completed',
    created: '',
    ended: '',
    process: '',
    instance: { id: made.id, name: '' },
    entities: {},
  }
  expect(await show(deletion)).toStrictEqual({ status: 200, body: { job: done } })
  expect(await show(job_id)).toMatchObject(dbsError(404, 'DBS.290013'))
})

it("the job of an instance whose id has another form than the vendor's is shown", async () => {
  const { body } = await show(`create-${fills.odd}`)
  expect(body.job).toMatchObject({ status: 'Completed', instance: { id: fills.odd } })
})

it('a user with a read-only role can see a job', async () => {
  const { token } = await logIn(service, 'reader', 'default')
  expect((await show(`create-${fills.odd}`, token)).status).toBe(200)
})

describe('answers to GET', () => {
  const request = (query: string) => ({ method: 'GET', path: `/v3/{project}/jobs${query}` })
  runScenarios(
    () => target,
    [
      ...[
        `create-${UNKNOWN_ID}`,
        'create-{foreign}',
        'dff1d289-4d03-4942-8b9f-463ea07c000d',
        'create-',
        'x',
        '%00',
      ].map((id) => ({
        name: `the job ${id} is answered with 404 DBS.290013`,
        request: request(`?id=${id}`),
        ...dbsError(404, 'DBS.290013'),
      })),
      {
        name: 'with X-Language zh-cn the message of a 404 is in Chinese (D14)',
        request: { ...request('?id=x'), headers: { 'x-language': 'zh-cn' } },
        ...dbsErrorInChinese(404, 'DBS.290013'),
      },
      {
        name: 'a request without an id is answered with 400',
        request: request(''),
        ...dbsError(400, 'DBS.200001', 'id', 'required'),
      },
      {
        name: 'an empty id is answered with 400',
        request: request('?id='),
        ...dbsError(400, 'DBS.200001', 'id', 'empty'),
      },
      {
        name: 'a repeated parameter id is answered with 400',
        request: request('?id=x&id=x'),
        ...dbsError(400, 'DBS.200001', 'id'),
      },
      ...outsiders((project) => ({ method: 'GET', path: `/v3/${project}/jobs?id=create-{odd}` })),
    ],
  )
})
