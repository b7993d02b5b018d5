import { afterAll, beforeAll, expect, it } from 'vitest'
import type { TestService } from '../../support/service.ts'
import { tagwerkError } from '../expected.ts'
import { image, logIn, startWithUsers, targetOf } from '../fixtures.ts'
import { runScenarios, type Target } from '../scenarios.ts'

// W8: GET /tagwerk/v1/projects/{project_id}/limits.

let service: TestService
let target: Target
beforeAll(async () => {
  service = await startWithUsers({ flags: { 'project-resources-max': '1000', 'project-imports-max': '7' } })
  await service.register({ ...image('a'), resource_detail: { status: 'active' } })
  const base = await targetOf(service, {})
  const domain = await service.tokenFor(undefined)
  target = { ...base, hasRevisions: false, tokens: { ...base.tokens, domain } }
})
afterAll(() => service.stop())

it('a project without limits of its own has those of the service', async () => {
  const path = `/tagwerk/v1/projects/${service.project}/limits`
  const { status, body } = await service.call('GET', path, { token: await service.tokenFor(undefined) })
  expect([status, body]).toEqual([
    200,
    {
      project_id: service.project,
      limits: {
        resources_max: 1000,
        detail_bytes_max: 8192 * 2 ** 20,
        requests_per_second_max: 0,
        requests_in_flight_max: 256,
        imports_max: 7,
        exports_max: 4,
        dry_runs_max: 1000,
        history_days: 0,
      },
      own: {},
      usage: { resources: 1, detail_bytes: '{"status":"active"}'.length },
    },
  ])
})

it('the limits of a project are not for its own users', async () => {
  const path = `/tagwerk/v1/projects/${service.project}/limits`
  const { token } = await logIn(service, 'reader', 'default')
  expect((await service.call('GET', path, { token })).status).toBe(403)
  expect((await service.call('GET', path)).status).toBe(403)
})

runScenarios(
  () => target,
  [
    {
      name: 'the limits of an unknown project are answered with 404',
      request: { method: 'GET', path: '/tagwerk/v1/projects/none/limits', token: 'domain' },
      ...tagwerkError(404, 'resource-not-found', 'project_id', 'none'),
    },
  ],
)
