import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { imsError, TOKEN_MISSING } from '../expected.ts'
import { runScenarios } from '../scenarios.ts'
import { startWorld, type World } from './world.ts'

// GET /v1/{project_id}/jobs/{job_id} shows the job of an image that I14 created (contract 2.1).

const CLOCK_MS = Date.UTC(2026, 0, 2, 3, 4, 5, 678)

let world: World
beforeAll(async () => {
  world = await startWorld(() => CLOCK_MS)
})
afterAll(() => world.service.stop())

const newJob = async (body: object, options: object = {}) =>
  (await world.call('POST', '/v2/cloudimages/action', { body: { name: 'made', ...body }, ...options })).body.job_id
const show = (id: string) => world.call('GET', `/v1/${world.service.project}/jobs/${id}`)

describe('the response', () => {
  it.each([
    ['createImageByInstance', { instance_id: 'i1' }],
    ['createImageByFile', { image_url: 'b:f', min_disk: 1 }],
    ['createImageByVolume', { volume_id: 'v1', os_version: 'o' }],
  ])('a job of type %s has succeeded', async (type, body) => {
    const id = await newJob(body)
    const answer = await show(id)
    const image_id = answer.body.entities.image_id
    expect([answer.status, answer.body]).toEqual([
      200,
      {
        status: 'SUCCESS',
        entities: { image_id, image_name: 'made' },
        job_id: id,
        job_type: type,
        begin_time: '2026-01-02T03:04:05Z',
        end_time: '2026-01-02T03:04:05Z',
        error_code: null,
        fail_reason: null,
      },
    ])
    expect((await world.call('GET', `/v2/images/${image_id}`)).body.id).toBe(image_id)
  })
})

describe('absent jobs: 404 IMG.0031', () => {
  it.each(['0'.repeat(32), 'x', 'F'.repeat(32), '11111111-2222-4333-8444-555555555555'])(
    'the unknown job id %s is answered with 404',
    async (id) => {
      expect(await show(id)).toMatchObject(imsError(404, 'IMG.0031'))
    },
  )

  it('an image that no job created has no job', async () => {
    expect(await show((world.target.fills.image as string).replaceAll('-', ''))).toMatchObject(
      imsError(404, 'IMG.0031'),
    )
  })

  it('a job of another project is answered with 404', async () => {
    expect(await show(await newJob({ instance_id: 'i' }, world.asOther))).toMatchObject(imsError(404, 'IMG.0031'))
  })

  it('the job of a deleted image is answered with 404', async () => {
    const id = await newJob({ instance_id: 'i' })
    await world.call('DELETE', `/v2/images/${(await show(id)).body.entities.image_id}`)
    expect(await show(id)).toMatchObject(imsError(404, 'IMG.0031'))
  })
})

describe('access control', () => {
  const path = `/v1/{project}/jobs/${'0'.repeat(32)}`
  runScenarios(
    () => world.target,
    [
      {
        name: 'showing a job is refused without a token',
        request: { method: 'GET', path, token: null },
        ...TOKEN_MISSING,
      },
      {
        name: 'showing a job is refused with a token of another project',
        request: { method: 'GET', path, token: 'other' },
        ...imsError(403, 'IMG.0030'),
      },
      {
        name: 'showing a job is refused with a token of the domain',
        request: { method: 'GET', path, token: 'domain' },
        ...imsError(403, 'IMG.0030'),
      },
    ],
  )
})
