import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Validator } from '@seriousme/openapi-schema-validator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FAMILIES } from '../support/samples/operations.ts'
import { startTestService, type TestService } from '../support/service.ts'

// The endpoints for operators, load balancers and authors of clients. None of them needs a token.

let service: TestService
beforeAll(async () => {
  service = await startTestService()
})
afterAll(() => service.stop())
const get = (path: string) => service.call('GET', path, { token: null })

it('/healthz, /readyz and /version answer liveness, readiness, version and region', async () => {
  const [health, readiness] = [await get('/healthz'), await get('/readyz')]
  expect([health.status, health.body]).toEqual([200, { status: 'ok' }])
  expect([readiness.status, readiness.body]).toEqual([200, { status: 'ok', writes: true }])
  const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'))
  expect((await get('/version')).body).toEqual({ name: 'tagwerk', version, region: 'default' })
})

describe('the OpenAPI document', () => {
  for (const name of FAMILIES) {
    it(`of ${name} is valid`, async () => {
      const { status, body } = await get(`/openapi/${name}.json`)
      expect(status).toBe(200)
      const { valid, errors } = await new Validator().validate(structuredClone(body))
      expect([valid, errors]).toEqual([true, undefined])
      expect(body.openapi).toMatch(/^3\.1\./)
      const ids = Object.values(body.paths as Record<string, Record<string, { operationId: string }>>).flatMap(
        (methods) => Object.values(methods).map(({ operationId }) => operationId),
      )
      expect(new Set(ids).size).toBe(ids.length)
      expect(ids).not.toContain(undefined)
    })
  }

  it('requires only the query parameters that the contract requires', async () => {
    const mandatory: string[] = []
    for (const name of FAMILIES) {
      const { paths } = (await get(`/openapi/${name}.json`)).body
      for (const [path, methods] of Object.entries(paths as Record<string, Record<string, Operation>>)) {
        for (const { parameters = [] } of Object.values(methods)) {
          for (const { name: parameter, required, in: place } of parameters) {
            if (place === 'query' && required) mandatory.push(`${path} ${parameter}`)
          }
        }
      }
    }
    // S2 and S3: limit and offset are not mandatory; these are (contract 3.1, 5).
    expect(mandatory.sort()).toEqual(MANDATORY)
  })

  it('of an unknown family does not exist', async () => {
    expect((await get('/openapi/nothing.json')).status).toBe(404)
  })
})

const MANDATORY = [
  '/tagwerk/v1/domain/tag-values key',
  '/tagwerk/v1/{project_id}/diff from',
  '/tagwerk/v1/{project_id}/resources/{resource_type}/{resource_id}/explain filter',
  '/tagwerk/v1/{project_id}/tag-values key',
  '/v1.0/tag-values key',
  '/v1.0/tags project_id',
  '/v1.0/tags resource_types',
  '/v1.0/tags tag_types',
  '/v2.0/resources/{resource_id}/tags resource_type',
  '/v3/{project_id}/jobs id',
]

type Operation = { readonly parameters?: readonly { name: string; required?: boolean; in: string }[] }

describe('a path without a route', () => {
  const paths = [
    '/nothing',
    '/v2',
    '/v4',
    '/v2/x',
    '/favicon.ico',
    '/healthz/',
    '//',
    '/v3/054e292c9880d4992f02c0196d3ea468/nothing',
  ]
  for (const path of paths) {
    it(`is answered with 404 APIGW.0101 and a request id: GET ${path}`, async () => {
      const { status, body, headers } = await get(path)
      expect([status, body]).toEqual([
        404,
        {
          error_msg: 'The API does not exist or has not been published in the environment.',
          error_code: 'APIGW.0101',
          request_id: headers.get('x-request-id'),
        },
      ])
    })
  }
  for (const path of [
    ...['/v3/groups', '/v3/groups/x/users', '/v3/credentials', '/v3/policies?x=1', '/v3/auth/nothing', '/v3/nothing'],
    ...['/v3/OS-FEDERATION/mappings', '/v3.0/OS-AGENCY/agencies', '/v3-ext/nothing', '/v3/limits'],
  ]) {
    it(`has the format of the identity service, which OpenStack clients print, below /v3: GET ${path}`, async () => {
      const { status, body } = await get(path)
      const error = { code: 404, message: 'The requested API does not exist.', title: 'Not Found' }
      expect([status, body]).toEqual([404, { error }])
    })
  }
  it("has the format of Tagwerk's own calls below /tagwerk/v1", async () => {
    const { status, body } = await get('/tagwerk/v1/nothing')
    expect([status, body]).toEqual([404, { error_code: 'route-not-found', error_msg: 'There is no such call.' }])
  })
  for (const path of ['/v2/tasks', '/v2/info/stores', '/v2/images/x/actions/deactivate?a=b', '/v2/schemas/none']) {
    it(`has the member that OpenStack clients print under the paths of Glance: GET ${path}`, async () => {
      const { status, body, headers } = await get(path)
      const { error_msg: message, error_code: code } = body
      expect([status, body.error]).toEqual([404, { message, code }])
      expect(headers.get('x-openstack-request-id')).toBe(body.request_id)
    })
  }
  it('is answered with 404 for any other method of /healthz', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']) {
      expect((await service.call(method, '/healthz', { token: null })).status).toBe(404)
    }
  })
})
