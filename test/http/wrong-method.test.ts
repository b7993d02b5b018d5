import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestService, type TestService } from '../support/service.ts'

// A known path answers an unsupported method with 405 and `Allow`; an unknown path answers 404 APIGW.0101.

let service: TestService
beforeAll(async () => {
  service = await startTestService()
})
afterAll(() => service.stop())

const GATEWAY = {
  error_code: 'APIGW.0101',
  error_msg: 'The API does not exist or has not been published in the environment.',
  request_id: expect.stringMatching(/^[0-9a-f]{32}$/),
}

describe('an unsupported method of a known path', () => {
  it.each([
    ['PATCH', '/v2/p/images/i/tags', 'GET, POST'],
    ['GET', '/v2/p/images/resource_instances/action', 'POST'],
    ['POST', '/v3/p/tags', 'GET'],
    ['PUT', '/v3/p/instances/i/tags', 'GET'],
    ['GET', '/v3/p/instances/i/tags?limit=1', 'GET', 401],
    ['DELETE', '/v2/p/images/a%2Fb/tags', 'GET, POST'],
    ['POST', '/v1.0', 'GET'],
    ['POST', '/', 'GET'],
  ])('is answered with 405 and Allow: %s %s', async (method, path, allowed, status = 405) => {
    const answer = await service.call(method, path, { token: null })
    expect(answer.status).toBe(status)
    if (status !== 405) return
    expect(answer.headers.get('allow')).toBe(allowed)
    expect(answer.body).toEqual(GATEWAY)
  })

  it('is answered in the format of the family', async () => {
    const iam = await service.call('PATCH', '/v3/auth/tokens', { token: null })
    expect([iam.status, iam.headers.get('allow')]).toEqual([405, 'DELETE, GET, HEAD, POST'])
    expect(iam.body).toEqual({
      error: { code: 405, message: 'The method is not allowed for the requested URL.', title: 'Method Not Allowed' },
    })
    const own = await service.call('PATCH', '/tagwerk/v1/import', { token: null })
    expect([own.status, own.headers.get('allow'), own.body.error_code]).toEqual([405, 'POST', 'method-not-allowed'])
  })
})

describe('an unknown path', () => {
  it.each([
    ['GET', '/v2'],
    ['GET', '/v2/p/images/i/tags/x/y'],
    ['GET', '/v9/p/tags'],
    ['DELETE', '/tms'],
    ['GET', '/v3/p/instances/'],
    ['PUT', '/v3/p/instances/'],
    ['GET', '/v3//tags'],
    ['POST', '/v2/p/images//tags'],
    ['DELETE', '/v2/p/images/i/tags/'],
    ['GET', '/nothing'],
    ['POST', '/nothing'],
    ['POST', '/v1x0'],
  ])('is answered with 404 APIGW.0101: %s %s', async (method, path) => {
    const answer = await service.call(method, path, { token: null })
    expect([answer.status, answer.body, answer.headers.get('allow')]).toEqual([404, GATEWAY, null])
  })
})

describe('the prefix /mysql of the database service (D37)', () => {
  it('is removed before every path of that service', async () => {
    for (const path of ['tags?limit=1', 'instances', 'instances/none']) {
      const [plain, alias] = await Promise.all(
        ['', '/mysql'].map((prefix) => service.call('GET', `${prefix}/v3/${service.project}/${path}`)),
      )
      expect([path, alias?.status, alias?.text]).toEqual([path, plain?.status, plain?.text])
    }
  })

  it('keeps the answer to a wrong method', async () => {
    const answer = await service.call('PUT', `/mysql/v3/${service.project}/tags`)
    expect([answer.status, answer.headers.get('allow'), answer.body]).toEqual([405, 'GET', GATEWAY])
  })

  it.each([
    '/mysql/v3',
    '/mysql/v3/auth/tokens',
    '/mysql/v3/projects',
    '/mysql/v3/p/nothing',
    '/mysql/v2/images',
    '/mysql/mysql/v3/p/tags',
    '/mysqlv3/p/tags',
    '/v3/mysql/v3/p/tags',
  ])('is not removed before any other path: %s', async (path) => {
    const answer = await service.call('GET', path)
    expect([answer.status, answer.body]).toEqual([404, GATEWAY])
  })
})

describe('the regional prefix of the tag service', () => {
  it('is removed before the paths of that service', async () => {
    const token = await service.tokenFor(undefined)
    for (const path of ['/v1.0/tms/quotas', '/v1.0/tag-keys?limit=5', '/v1.0', '/', '', '?x=1']) {
      const answer = await service.call('GET', `/tms/default${path}`, { token })
      expect([path, answer.status]).toEqual([path, 200])
    }
  })

  it.each([
    '/tms/eu-de/v1.0',
    '/tms/default/healthz',
    '/tms/default/v3/users',
    '/tms/default/tagwerk/v1/export',
    '/tms/default/tms/default/v1.0',
    '/tms',
    '/tms/',
  ])('is not removed before any other path: %s', async (path) => {
    const answer = await service.call('GET', path, { token: await service.tokenFor(undefined) })
    expect([answer.status, answer.body]).toEqual([404, GATEWAY])
  })
})
