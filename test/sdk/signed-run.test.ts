import { BasicCredentials } from '@huaweicloud/huaweicloud-sdk-core/auth/BasicCredentials.js'
import { GlobalCredentials } from '@huaweicloud/huaweicloud-sdk-core/auth/GlobalCredentials.js'
import { HcClient } from '@huaweicloud/huaweicloud-sdk-core/HcClient.js'
import { DefaultHttpClient } from '@huaweicloud/huaweicloud-sdk-core/http/DefaultHttpClient.js'
import { Logger4jInstance } from '@huaweicloud/huaweicloud-sdk-core/logger/log4jLogger.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { lineOf, operationsOf, samplesOf } from '../support/samples/all.ts'
import { makeWorld, type World } from '../support/samples/sample.ts'
import { startTestService, type TestService } from '../support/service.ts'
import { type AccessKey, makeAccessKey } from '../support/signing.ts'

// The client of a cloud vendor's SDK, as it is, signs and sends one call of every operation of the three tag APIs.

const TAG_FAMILIES = ['ims-v2', 'taurusdb-v3', 'tms-v1'] as const

let service: TestService
let world: World
let key: AccessKey
let operations: readonly string[]

beforeAll(async () => {
  // It would print every error that it is made to meet.
  Logger4jInstance.level = 'off'
  service = await startTestService()
  world = await makeWorld(service)
  key = await makeAccessKey(service.call, world.adminId)
  operations = await operationsOf(service, TAG_FAMILIES)
})
afterAll(() => service.stop())

function client(isGlobal: boolean) {
  const credentials = isGlobal
    ? new GlobalCredentials().withDomainId(world.domainId)
    : new BasicCredentials().withProjectId(world.projectId)
  const endpoints = [service.url]
  return new HcClient(new DefaultHttpClient({}, endpoints), {})
    .withEndpoints(endpoints)
    .withCredential(credentials.withAk(key.access).withSk(key.secret))
}

const isGlobal = (operation: string) => /^\w+ \/(v1\.0|v2\.0|\{api_version\}|$)/.test(operation)

const ofTagFamilies = samplesOf(TAG_FAMILIES)

describe('the SDK client', () => {
  it('has a call for every operation of the tag APIs', () => {
    expect(ofTagFamilies.map(([operation]) => operation).sort()).toEqual([...operations].sort())
  })

  it.each(ofTagFamilies)(
    'the SDK client signs and sends %s, which is answered with its status',
    async (operation, { status, fill }) => {
      const filled = await fill(world)
      const [method, url] = lineOf(operation, world, { ...filled, query: {} })
      const answer = await client(isGlobal(operation)).sendRequest({
        ...{ method, url: url.replace(/\?$/, ''), pathParams: {}, queryParams: { ...filled.query } },
        contentType: filled.headers?.['content-type'] ?? 'application/json',
        headers: {},
        ...(filled.body === undefined ? {} : { data: filled.body as object }),
      })
      expect(answer.httpStatusCode).toBe(status)
    },
  )
})

describe('the SDK client understands errors', () => {
  it('of the gateway, the image, the database and the tag service', async () => {
    const unknown = '11111111-2222-4333-8444-555555555555'
    const failure = (isOfDomain: boolean, method: string, url: string, data?: object) =>
      client(isOfDomain)
        .sendRequest({
          method,
          url,
          pathParams: {},
          queryParams: {},
          headers: {},
          contentType: 'application/json',
          ...(data && { data }),
        })
        .then(
          () => 'no error',
          ({ errorCode, httpStatusCode }) => `${httpStatusCode} ${errorCode}`,
        )
    const { projectId } = world
    expect(await failure(false, 'GET', `/v2/${projectId}/images/${unknown}/tags`)).toBe('404 IMG.0027')
    expect(await failure(false, 'GET', `/v3/${projectId}/instances/none/tags`)).toBe('400 DBS.280404')
    expect(await failure(true, 'POST', '/v1.0/predefine_tags/action', { action: 'x' })).toMatch(/^400 TMS\.00\d\d$/)
    expect(await failure(false, 'GET', '/v9/nothing')).toBe('404 APIGW.0101')
  })
})
