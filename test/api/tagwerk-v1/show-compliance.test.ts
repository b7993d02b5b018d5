import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { run } from '../../cli/run.ts'
import { startTestService, type TestService } from '../../support/service.ts'
import { tagwerkError } from '../expected.ts'
import { image, newImageId, targetOf } from '../fixtures.ts'
import { runScenarios, type Target } from '../scenarios.ts'

// GET /tagwerk/v1/{project_id}/compliance

const values = (...allowed: readonly string[]) => ({ tag_value: { '@@assign': allowed } })
const DAY_MS = 86_400_000

let service: TestService
let target: Target
let nowMs = Date.parse('2026-11-27T12:00:00Z')

beforeAll(async () => {
  service = await startTestService({ internals: { clock: () => nowMs } })
  await service.register(
    image(newImageId(), 'env=prod', 'Team=web'),
    image(newImageId(), 'env=old'),
    image(newImageId()),
  )
  const domain = await service.tokenFor(undefined)
  const put = async (path: string, token: string, tags: object) =>
    expect((await service.call('PUT', `/tagwerk/v1/${path}`, { token, body: { tags } })).status).toBe(200)
  await put('domain/policies/base', domain, { env: values('prod', 'dev*') })
  await put(`${service.project}/policies/extra`, service.token, { team: {} })
  target = await targetOf(service, {})
})
afterAll(() => service.stop())

const PATH = '/tagwerk/v1/{project}/compliance'
const show = async (query = '') => (await service.call('GET', PATH.replace('{project}', service.project) + query)).body

describe('compliance with the policies of a project', () => {
  it('counts the problems with all policies that apply, or with one of the project or its domain', async () => {
    const all = await show()
    expect([all.resources, all.compliant]).toEqual([3, 1])
    expect(all.keys).toMatchObject([
      { key: 'env', missing: 0, 'wrong-value': 1, 'wrong-case': 0 },
      { key: 'team', missing: 0, 'wrong-value': 0, 'wrong-case': 1 },
    ])
    expect((await show('?policy=base')).keys.map(({ key }: { key: string }) => key)).toEqual(['env'])
    expect((await show('?policy=extra&types=images')).keys).toMatchObject([{ key: 'team', 'wrong-case': 1 }])
    expect((await show('?as_of=1')).resources).toBe(1)
  })

  it('is that of the resources which are listed for a stored policy', async () => {
    const list = (body: object) =>
      service.call('POST', `${PATH.replace('{project}', service.project)}/resources`, { body })
    expect((await list({})).body.total_count).toBe(2)
    expect((await list({ policy: 'base', problem: 'wrong-value' })).body.total_count).toBe(1)
  })

  it('is printed by the command without a file', async () => {
    const { code, stdout, stderr } = await run(['policy', 'check'], { endpoint: service.url })
    expect([code, stderr]).toEqual([1, '2 of 3 resources do not comply.\n'])
    expect(stdout).toMatch(/env +images +0 +1 +0\nteam +images +0 +0 +1\n/)
  })

  it('gives coverage the numbers of valid values, now and in the days that are stored', async () => {
    const path = `/tagwerk/v1/${service.project}/coverage`
    const { body } = await service.call('GET', path)
    const env = { key: 'env', resources: 3, tagged: 2, coverage: 0.6667, valid: 1, validity: 0.3333 }
    expect(body.now.keys.find(({ key }: { key: string }) => key === 'env')).toMatchObject(env)
    expect(body.now.keys.find(({ key }: { key: string }) => key === 'Team').valid).toBeUndefined()
    nowMs += DAY_MS
    service = await service.renewed()
    target = await targetOf(service, {})
    await service.call('POST', `${path}/backfill`, { body: { from: '2026-11-27' } })
    const { points } = (await service.call('GET', `${path}?keys=env&from=2026-11-27`)).body
    expect(points).toMatchObject([{ day: '2026-11-27', keys: [env] }])
  })
})

describe('answers about the compliance of a project', () => {
  const of = (query: string) => ({ method: 'GET', path: `${PATH}?${query}` })
  runScenarios(
    () => target,
    [
      {
        name: 'a policy that does not exist is refused',
        request: of('policy=bas'),
        ...tagwerkError(400, 'request-invalid', 'policy', 'base'),
      },
      {
        name: 'an unknown parameter is refused',
        request: of('type=images'),
        ...tagwerkError(400, 'request-invalid', 'type', 'types'),
      },
    ],
  )
})
