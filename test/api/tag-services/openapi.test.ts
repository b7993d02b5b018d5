import { Validator } from '@seriousme/openapi-schema-validator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { TAG_SERVICE_ROWS } from '../../../src/api/tag-services/index.ts'
import { ResourceTypes } from '../../../src/core/resource-types.ts'
import { startTestService, type TestService } from '../../support/service.ts'

let service: TestService
beforeAll(async () => {
  service = await startTestService()
})
afterAll(() => service.stop())

type Operations = Record<string, Record<string, { operationId: string }>>

describe('the OpenAPI document of the tag services', () => {
  it('is valid, names each operation once, and refers to its components alone', async () => {
    const { status, body } = await service.call('GET', '/openapi/tag-services.json', { token: null })
    expect(status).toBe(200)
    const { valid, errors } = await new Validator().validate(structuredClone(body))
    expect([valid, errors]).toEqual([true, undefined])
    const ids = Object.values(body.paths as Operations).flatMap((methods) =>
      Object.values(methods).map(({ operationId }) => operationId),
    )
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.length).toBeGreaterThan(400)
  })

  it('is the same each time, and below 500 KB', async () => {
    const [first, second] = await Promise.all(
      [1, 2].map(() => service.call('GET', '/openapi/tag-services.json', { token: null })),
    )
    expect(first?.text).toBe(second?.text)
    expect(first?.text.length).toBeLessThan(500_000)
  })
})

describe('the rows', () => {
  it('name registered types by their own names', () => {
    const own = new Set(ResourceTypes.builtIn.rows.map(({ name }) => name))
    const named = TAG_SERVICE_ROWS.flatMap(({ types }) => Object.values(types))
    expect(named.filter((name) => !own.has(name))).toEqual([])
  })

  it('share a path only where hosts tell them apart', () => {
    const paths = new Map<string, string[]>()
    for (const { base, types, hosts = ['any'] } of TAG_SERVICE_ROWS) {
      for (const segment of Object.keys(types)) {
        const path = `${base}/${segment}`
        paths.set(path, [...(paths.get(path) ?? []), ...hosts])
      }
    }
    for (const [path, hosts] of paths) expect([path, new Set(hosts).size]).toEqual([path, hosts.length])
  })
})

it('an error of a path without a route is that of the gateway or of the services', async () => {
  const unknown = await service.call('GET', `/v2.0/${service.project}/vpcs/x/nothing`)
  expect([unknown.status, unknown.body.error_code]).toEqual([404, 'APIGW.0101'])
  const method = await service.call('PUT', `/v2.0/${service.project}/vpcs/x/tags`)
  expect([method.status, method.headers.get('allow')]).toEqual([405, 'GET, POST'])
  const malformed = await service.call('GET', `/v2.0/${service.project}/vpcs/%/tags`)
  expect([malformed.status, malformed.body.error_code]).toEqual([400, 'TAG.4000'])
})
