import { afterAll, beforeAll, expect, it } from 'vitest'
import { startTestService, type TestService } from '../support/service.ts'

let service: TestService
let token: string
beforeAll(async () => {
  service = await startTestService({ flags: { 'domain-projects-max': '2', 'domain-users-max': '2' } })
  token = await service.tokenFor(undefined)
})
afterAll(() => service.stop())

it('a domain gets no more users than --domain-users-max, and the refusal names the limit', async () => {
  const create = (name: string) =>
    service.call('POST', '/v3/users', { token, body: { user: { name, password: 'Staple-battery-7' } } })
  expect((await create('one')).status).toBe(201)
  const { status, body } = await create('two')
  expect([status, body]).toEqual([
    400,
    {
      error: {
        code: 400,
        title: 'Bad Request',
        message: expect.stringMatching(/^The domain has reached a limit\. .*users of the domain.* 2\b/),
      },
    },
  ])
})

it('a domain gets no more projects than --domain-projects-max, by calls and by imports', async () => {
  const create = (name: string) => service.call('POST', '/v3/projects', { token, body: { project: { name } } })
  const line = (project: string) => ({ resource_type: 'images', project, resource_id: project, resource_name: 'n' })
  const load = (...projects: string[]) =>
    service.call('POST', '/tagwerk/v1/import', {
      token,
      body: projects.map((project) => `${JSON.stringify(line(project))}\n`).join(''),
      headers: { 'content-type': 'application/x-ndjson' },
    })
  expect((await create('two')).status).toBe(201)
  const third = await create('three')
  expect([third.status, third.body.error.message]).toEqual([400, expect.stringContaining('projects of the domain')])
  const { status, body } = await load('two', 'four', 'default')
  expect([status, body]).toMatchObject([200, { created: 2, refused: 1, refusals: [{ line: 2 }] }])
  expect(JSON.stringify(body.refusals)).toContain('projects of the domain')
})
