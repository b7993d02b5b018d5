import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestService, type TestService } from '../../support/service.ts'
import { ROUTE_NOT_FOUND } from '../expected.ts'
import { runScenarios, type Scenario } from '../scenarios.ts'
import { tmsError } from './tms-errors.ts'

// T12: GET /{api_version} (contract 5).

let service: TestService
beforeAll(async () => {
  service = await startTestService()
})
afterAll(() => service.stop())

const target = () => ({ url: service.url, tokens: { project: service.token }, fills: {}, hasRevisions: false })
const asked = (path: string, expected: Omit<Scenario, 'name' | 'request'>, method = 'GET'): Scenario => ({
  name: `${method} ${path}`,
  request: { method, path, token: null },
  ...expected,
})

describe('shows a version', () => {
  it.each([
    ['v1.0', 'CURRENT', '2016-12-09T00:00:00Z'],
    ['v2.0', 'SUPPORTED', ''],
  ])('%s', async (id, status, updated) => {
    const answer = await service.call('GET', `/${id}`, { token: null })
    const links = [{ rel: 'self', href: `${service.url}/${id}` }]
    expect(answer).toMatchObject({ status: 200 })
    expect(answer.body).toEqual({ version: { id, links, version: '', status, updated, min_version: '' } })
  })
})

describe('knows no other', () => {
  runScenarios(target, [
    asked('/v1.1', tmsError(404, 'TMS.0005', 'api_version', '"v1.1"')),
    asked('/v10.20', tmsError(404, 'TMS.0005', '"v10.20"')),
    asked('/V1.0', ROUTE_NOT_FOUND),
    asked('/v1', ROUTE_NOT_FOUND),
    asked('/v2', ROUTE_NOT_FOUND),
    asked('/v1.0.0', ROUTE_NOT_FOUND),
    asked('/nothing', ROUTE_NOT_FOUND),
    asked('/nothing', ROUTE_NOT_FOUND, 'POST'),
  ])

  it('the version route does not shadow the health endpoints', async () => {
    for (const path of ['/healthz', '/readyz', '/version', '/openapi/tms-v1.json']) {
      expect((await service.call('GET', path, { token: null })).status).toBe(200)
    }
  })
})
