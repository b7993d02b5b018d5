import { afterAll, beforeAll, expect, it } from 'vitest'
import { startTestService, type TestService } from '../support/service.ts'

let service: TestService

beforeAll(async () => {
  service = await startTestService({ flags: { region: 'eu-de' } })
})
afterAll(() => service.stop())

const namesOf = (projects: readonly { readonly name: string }[]) => projects.map(({ name }) => name)

it('the first start makes one project, named after the region, which SDKs find by that name', async () => {
  const token = await service.tokenFor(undefined)
  const found = await service.call('GET', '/v3/projects?name=eu-de', { token })
  expect(namesOf(found.body.projects)).toEqual(['eu-de'])
  expect(namesOf((await service.call('GET', '/v3/projects', { token })).body.projects)).toEqual(['eu-de'])
})

it('looking up a project that does not exist creates none', async () => {
  const token = await service.tokenFor(undefined)
  expect((await service.call('GET', '/v3/projects?name=local', { token })).body.projects).toEqual([])
  expect((await service.call('GET', '/v3/projects/local', { token })).status).toBe(404)
  expect(namesOf((await service.call('GET', '/v3/projects', { token })).body.projects)).toEqual(['eu-de'])
})
