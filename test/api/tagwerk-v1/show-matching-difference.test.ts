import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { TestService } from '../../support/service.ts'
import { tagwerkError } from '../expected.ts'
import { image, logIn, startWithUsers, targetOf } from '../fixtures.ts'
import { runScenarios, type Target } from '../scenarios.ts'

// POST /tagwerk/v1/{project_id}/diff.

let service: TestService
let target: Target

beforeAll(async () => {
  service = await startWithUsers()
  target = await targetOf(service, {})
  await service.register(image('in', 'env=prod'), image('out', 'env=prod'), image('inside', 'env=prod'), image('never'))
  await service.register(
    image('in', 'env=dev'),
    image('out', 'env=dev', 'a=1'),
    image('inside', 'env=prod', 'a=1'),
    image('never', 'a=1'),
    image('new', 'env=prod'),
  )
  await service.register(image('in', 'env=prod', 'back=1'))
})
afterAll(() => service.stop())

const diff = (body: object, token = service.token) =>
  service.call('POST', `/tagwerk/v1/${service.project}/diff`, { token, body })
const movements = async (body: object) =>
  (await diff(body)).text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
    .flatMap(({ summary, resource_id, movement }) => (summary ? [] : `${resource_id} ${movement}`))

describe('the difference of the resources that match', () => {
  it('judges the conditions at both moments', async () => {
    const tags = [{ key: 'env', values: ['prod'] }]
    expect(await movements({ from: '4', tags })).toEqual(['in changed', 'out left', 'inside changed', 'new entered'])
    expect(await movements({ from: '4', not_tags_any: tags })).toEqual(['out entered', 'never changed'])
    const filter = 'tags.env == "prod" && type == "images"'
    expect(await movements({ from: '4', filter })).toEqual(['in changed', 'out left', 'inside changed', 'new entered'])
    const matches = [{ key: 'resource_id', value: 'new' }]
    expect(await movements({ from: '4', matches })).toEqual(['new entered'])
    expect(await movements({ from: '4', without_any_tag: true })).toEqual(['never left'])
  })

  it('takes types, a key and a format', async () => {
    expect(await movements({ from: '4', key: 'back' })).toEqual(['in changed'])
    expect(await movements({ from: '4', resource_types: ['ecs'] })).toEqual([])
    const { body } = await diff({ from: '4', to: '5', format: 'summary', tags: [{ key: 'env', values: ['dev'] }] })
    expect(body.summary).toMatchObject({ from: 4, to: 5, resources: 1, entered: 1, changes: 1 })
  })

  it('may be read by a user with the role readonly', async () => {
    const { token } = await logIn(service, 'reader', 'default')
    expect((await diff({ from: '0' }, token)).status).toBe(200)
  })

  runScenarios(
    () => target,
    [
      {
        name: 'a token of another project is answered with 403',
        request: { method: 'POST', path: '/tagwerk/v1/{project}/diff', body: { from: '0' }, token: 'other' },
        ...tagwerkError(403, 'scope-forbidden'),
      },
      {
        name: 'a body without from is answered with 400',
        request: { method: 'POST', path: '/tagwerk/v1/{project}/diff', body: {} },
        ...tagwerkError(400, 'request-invalid', 'from: is required'),
      },
      {
        name: 'an unknown member is answered with 400',
        request: { method: 'POST', path: '/tagwerk/v1/{project}/diff', body: { from: '0', resource_type: 'ecs' } },
        ...tagwerkError(400, 'request-invalid', 'resource_type'),
      },
      {
        name: 'a filter that cannot be read is answered with 400',
        request: { method: 'POST', path: '/tagwerk/v1/{project}/diff', body: { from: '0', filter: 'tags.a ==' } },
        ...tagwerkError(400, 'filter-invalid', 'filter'),
      },
      {
        name: 'a repeated key is answered with 400',
        request: {
          method: 'POST',
          path: '/tagwerk/v1/{project}/diff',
          body: {
            from: '0',
            tags: [
              { key: 'a', values: [] },
              { key: 'a', values: [] },
            ],
          },
        },
        ...tagwerkError(400, 'request-invalid', 'tags[1].key'),
      },
    ],
  )
})
