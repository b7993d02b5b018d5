import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { imsError, TOKEN_MISSING } from '../expected.ts'
import { runScenarios } from '../scenarios.ts'
import { startWorld, type World } from './world.ts'

// GET /v1/{project_id}/jobs/{job_id}, where an image that was made with I14 is found (contract 2.1).

const CLOCK_MS = Date.UTC(2026, 0, 2, 3, 4, 5, 678)

let world: World
beforeAll(async () => {
  world = await startWorld(() => CLOCK_MS)
})
afterAll(() => world.service.stop())

const newJob = async (body: object, options: object = {}) =>
  (await world.call('POST', '/v2/cloudimages/action', { body: { name: 'made', ...body }, ...options })).body.job_id
const show = (id: string) => world.call('GET', `/v1/${world.service.project}/jobs/${id}`)

describe('shows a job that has succeeded', () => {
  it.each([
    ['createImageByInstance', { instance_id: 'i1' }],
    ['createImageByFile', { image_url: 'b:f', min_disk: 1 }],
    ['createImageByVolume', { volume_id: 'v1', os_version: 'o' }],
  ])('%s', async (type, body) => {
    const id = await newJob(body)
    const answer = await show(id)
    const image_id = answer.body.entities.image_id
    expect([answer.status, answer.body]).toEqual([
      200,
      {
        ...{ status: 'SUCCESS', entities: { image_id, image_name: 'made' }, job_id: id, job_type: type },
        ...{ begin_time: '2026-01-02T03:04:05Z', end_time: '2026-01-02T03:04:05Z' },
        ...{ error_code: null, fail_reason: null },
      },
    ])
    expect((await world.call('GET', `/v2/images/${image_id}`)).body.id).toBe(image_id)
  })
})

describe('finds no job, with 404 IMG.0031', () => {
  it.each(['0'.repeat(32), 'x', 'F'.repeat(32), '11111111-2222-4333-8444-555555555555'])('%s', async (id) => {
    expect(await show(id)).toMatchObject(imsError(404, 'IMG.0031'))
  })

  it('for an image that no job has made', async () => {
    expect(await show((world.target.fills.image as string).replaceAll('-', ''))).toMatchObject(
      imsError(404, 'IMG.0031'),
    )
  })

  it('of another project', async () => {
    expect(await show(await newJob({ instance_id: 'i' }, world.asOther))).toMatchObject(imsError(404, 'IMG.0031'))
  })

  it('for an image that is gone', async () => {
    const id = await newJob({ instance_id: 'i' })
    await world.call('DELETE', `/v2/images/${(await show(id)).body.entities.image_id}`)
    expect(await show(id)).toMatchObject(imsError(404, 'IMG.0031'))
  })
})

describe('turns away', () => {
  const path = `/v1/{project}/jobs/${'0'.repeat(32)}`
  runScenarios(
    () => world.target,
    [
      { name: 'no token', request: { method: 'GET', path, token: null }, ...TOKEN_MISSING },
      {
        name: 'a token of another project',
        request: { method: 'GET', path, token: 'other' },
        ...imsError(403, 'IMG.0030'),
      },
      {
        name: 'a token of the domain',
        request: { method: 'GET', path, token: 'domain' },
        ...imsError(403, 'IMG.0030'),
      },
    ],
  )
})
