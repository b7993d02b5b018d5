import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startTestService, type TestService } from '../../support/service.ts'
import { gatewayError, tagwerkError } from '../expected.ts'
import { image, newImageId, targetOf } from '../fixtures.ts'
import { runScenarios, type Scenario, type Target } from '../scenarios.ts'

// PUT /tagwerk/v1/faults: injects errors and delays into a share of the calls of a family.

const PATH = '/tagwerk/v1/faults'

let service: TestService
let target: Target
let drawn: number
const imageId = newImageId()

beforeAll(async () => {
  service = await startTestService({ flags: { faults: 'on' }, internals: { random: () => drawn } })
  await service.register(image(imageId))
  target = { ...(await targetOf(service, { image: imageId }, false)) }
})
beforeEach(() => {
  drawn = 0
})
afterAll(() => service.stop())

async function plan(families: object): Promise<void> {
  const token = target.tokens.domain as string
  const answer = await service.call('PUT', PATH, { token, body: { families } })
  expect([answer.status, answer.body]).toEqual([200, { families }])
}

function put(name: string, body: unknown, expected: Omit<Scenario, 'name' | 'request'>, token = 'domain'): Scenario {
  return { name, request: { method: 'PUT', path: PATH, body, token }, ...expected }
}

const whole = { throttled: 0.1, internal: 0.2, unavailable: 0.7, late: 1, late_milliseconds: 60_000 }

describe('setting a fault plan', () => {
  runScenarios(
    () => target,
    [
      put('an empty plan is accepted', { families: {} }, { status: 200, body: { families: {} } }),
      put(
        'a plan with all values at their limits is accepted',
        { families: { 'tms-v1': whole } },
        { status: 200, body: { families: { 'tms-v1': whole } } },
      ),
    ],
  )
})

describe('invalid fault plans', () => {
  const refused = (...fragments: string[]) => tagwerkError(400, 'request-invalid', ...fragments)
  const of = (faults: object) => ({ families: { 'ims-v2': faults } })
  runScenarios(
    () => target,
    [
      put('a project token is refused', { families: {} }, tagwerkError(403, 'scope-forbidden'), 'project'),
      put('a body without families is refused', {}, refused('families', 'required')),
      put('an unknown family is refused', { families: { ims: {} } }, refused('families.ims', '"ims-v2"')),
      put('the family tagwerk-v1 is refused', { families: { 'tagwerk-v1': {} } }, refused('families.tagwerk-v1')),
      put('an unknown fault is refused', of({ broken: 1 }), refused('families.ims-v2')),
      put('a share below 0 is refused', of({ late: -0.1 }), refused('families.ims-v2.late', '-0.1')),
      put('a share above 1 is refused', of({ throttled: 1.1 }), refused('families.ims-v2.throttled', '1.1')),
      put(
        'error shares that add up to more than 1 are refused',
        of({ throttled: 0.6, internal: 0.6 }),
        refused('families.ims-v2', '1.2'),
      ),
      put('a share that is a string is refused', of({ late: '1' }), refused('families.ims-v2.late')),
      put(
        'a delay of more than a minute is refused',
        of({ late: 1, late_milliseconds: 60_001 }),
        refused('late_milliseconds', '60000'),
      ),
    ],
  )
})

describe('injecting faults', () => {
  const tag = { tag: { key: 'k', value: 'v' } }
  const add = () => service.call('POST', `/v2/${service.project}/images/${imageId}/tags`, { body: tag })
  const tags = async () => {
    await plan({})
    return (await service.call('GET', `/v2/${service.project}/images/${imageId}/tags`)).body.tags
  }

  it('an injected 429 has the error body of the gateway, and the call has no effect', async () => {
    await plan({ 'ims-v2': { throttled: 1 } })
    const answer = await add()
    expect(answer).toMatchObject(gatewayError(429, 'APIGW.0308', 'The throttling threshold has been reached.'))
    expect([answer.headers.get('retry-after'), answer.headers.get('x-tagwerk-fault')]).toEqual(['1', 'throttled'])
    expect(await tags()).toEqual([])
  })

  it('injected 500 and 503 have the error body of the family', async () => {
    await plan({ 'ims-v2': { internal: 1 }, 'iam-v3': { unavailable: 1 } })
    const image = await add()
    expect([image.status, image.body.error.code]).toEqual([500, 'IMG.0061'])
    expect(image.headers.get('x-tagwerk-fault')).toBe('internal')
    const projects = await service.call('GET', '/v3/auth/projects')
    expect([projects.status, projects.body.error.title]).toEqual([503, 'Service Unavailable'])
    expect((await service.call('GET', `/v3/${service.project}/tags`)).status).toBe(200)
    expect(await tags()).toEqual([])
  })

  it('a delayed call succeeds after the delay', async () => {
    await plan({ 'ims-v2': { late: 1, late_milliseconds: 300 } })
    const start = performance.now()
    expect((await add()).status).toBe(204)
    expect(performance.now() - start).toBeGreaterThanOrEqual(299)
    expect(await tags()).toEqual([{ key: 'k', value: 'v' }])
  })

  it('calls outside the share are not affected', async () => {
    await plan({ 'ims-v2': { throttled: 0.5 } })
    drawn = 0.5
    const answer = await add()
    expect([answer.status, answer.headers.get('x-tagwerk-fault')]).toEqual([204, null])
  })
})

describe('a service started without --faults', () => {
  it('a service started without --faults refuses a fault plan', async () => {
    const plain = await startTestService()
    try {
      const token = await plain.tokenFor(undefined)
      const answer = await plain.call('PUT', PATH, { token, body: { families: { 'ims-v2': { throttled: 1 } } } })
      expect(answer.status).toBe(403)
      expect(answer.body).toEqual({
        error_code: 'action-forbidden',
        error_msg: expect.stringContaining('--faults on'),
      })
      expect((await plain.call('GET', PATH, { token })).body).toEqual({ families: {} })
      expect((await plain.call('GET', `/v3/${plain.project}/tags`)).status).toBe(200)
    } finally {
      await plain.stop()
    }
  })
})
