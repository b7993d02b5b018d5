import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startTestService, type TestService } from '../../support/service.ts'
import { iamError } from '../expected.ts'
import { logIn, startWithUsers, targetOf } from '../fixtures.ts'
import { runScenarios, type Target } from '../scenarios.ts'

// GET /v3/auth/projects (contract 6.1).

const PATH = '/v3/auth/projects'

let service: TestService
let target: Target
beforeAll(async () => {
  service = await startWithUsers()
  target = await targetOf(service, {}, false)
})
afterAll(() => service.stop())

it('the projects that the caller can get a token for are listed for any scope', async () => {
  for (const token of [service.token, await service.tokenFor(undefined)]) {
    const { status, body } = await service.call('GET', PATH, { token })
    expect(status).toBe(200)
    expect(body.projects.map(({ name }: { name: string }) => name)).toEqual(['default', 'guests', 'other'])
    expect(body.links).toEqual({ self: `${service.url}/v3/auth/projects`, previous: null, next: null })
    expect(body.projects[0].links.self).toBe(`${service.url}/v3/projects/${service.project}`)
  }
})

it('projects are filtered as in the list of all projects', async () => {
  const token = await service.tokenFor(undefined)
  const tagged = { project: { tags: ['x'] } }
  await service.call('PATCH', `/v3/projects/${service.project}`, { token, body: tagged })
  for (const [query, names] of [
    ['name=guests', ['guests']],
    ['tags=x&enabled=true', ['default']],
    ['not-tags=x', ['guests', 'other']],
    ['domain_id=none', []],
    ['enabled=false', []],
  ] as const) {
    const { body } = await service.call('GET', `${PATH}?${query}`)
    expect([query, body.projects.map(({ name }: { name: string }) => name)]).toEqual([query, names])
    expect(body.links.self).toBe(`${service.url}${PATH}?${query}`)
  }
})

it('each user sees only projects with an own role', async () => {
  const { token } = await logIn(service, 'guest', 'guests')
  const { body } = await service.call('GET', PATH, { token })
  expect(body.projects.map(({ name }: { name: string }) => name)).toEqual(['guests'])
})

it('the self link has the public URL of the service', async () => {
  const known = await startTestService({ flags: { 'public-url': 'https://tags.example.com/auth/tagwerk' } })
  try {
    const { body } = await known.call('GET', PATH)
    expect(body.links.self).toBe('https://tags.example.com/auth/tagwerk/v3/auth/projects')
    expect(body.projects[0].links.self).toBe(`https://tags.example.com/auth/tagwerk/v3/projects/${known.project}`)
  } finally {
    await known.stop()
  }
})

describe('answers to GET', () => {
  const invalid = iamError(401, 'Unauthorized', 'The X-Auth-Token is invalid!')
  runScenarios(
    () => target,
    [
      {
        name: 'a request without a token is answered with 401',
        request: { method: 'GET', path: PATH, token: null },
        ...invalid,
      },
      {
        name: 'a malformed token is answered with 401',
        request: { method: 'GET', path: PATH, headers: { 'x-auth-token': 'x' } },
        ...invalid,
      },
    ],
  )
})
