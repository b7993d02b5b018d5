import { afterAll, beforeAll, expect, it } from 'vitest'
import { startTestService, type TestService } from '../../support/service.ts'
import { image, logIn, makeUser, newImageId, projectNamed } from '../fixtures.ts'

// Import and export by a user who is an administrator of the domain, and denied both in one project.

let service: TestService
let denied: string
let token: string
let take: () => Promise<unknown>

beforeAll(async () => {
  service = await startTestService()
  const admin = await service.tokenFor(undefined)
  for (const project of ['open', 'denied']) await service.register({ ...image(newImageId(), `in=${project}`), project })
  denied = (await projectNamed(service, 'denied')).id
  const id = await makeUser(service, admin, 'walled', { role: 'te_admin' })
  const policy = { Version: '1.1', Statement: [{ Effect: 'Deny', Action: ['tagwerk:*:*'] }] }
  const role = { display_name: 'wall', type: 'XA', policy }
  const made = await service.call('POST', '/v3.0/OS-ROLE/roles', { body: { role }, token: admin })
  const path = `/v3/projects/${denied}/users/${id}/roles/${made.body.role.id}`
  const given = await service.call('PUT', path, { token: admin })
  expect([made.status, given.status]).toEqual([201, 204])
  take = () => service.call('DELETE', path, { token: admin })
  token = (await logIn(service, 'walled', undefined)).token
})
afterAll(() => service.stop())

const line = (project: string) => JSON.stringify({ ...image(newImageId()), project })
const send = (lines: readonly string[], query = '') =>
  service.call('POST', `/tagwerk/v1/import${query}`, { body: lines.join('\n'), token })
const exported = async (query = '', as = token) => {
  const { status, text } = await service.call('GET', `/tagwerk/v1/export${query}`, { token: as })
  return status === 200
    ? text
        .trim()
        .split('\n')
        .map((each) => JSON.parse(each).project)
    : status
}

it('an export omits the denied project, and answers 404 for its name and id', async () => {
  expect(await exported('', await service.tokenFor(undefined))).toEqual(['denied', 'open'])
  expect(await exported()).toEqual(['open'])
  expect(await exported('?project=open')).toEqual(['open'])
  for (const project of ['denied', denied, 'none']) expect(await exported(`?project=${project}`)).toBe(404)
})

it('an import refuses the lines for the denied project and accepts the others', async () => {
  for (const query of ['?dry_run=true', '']) {
    const { status, body } = await send([line('denied'), line('open'), line(denied)], query)
    expect(status).toBe(200)
    expect(body).toMatchObject({ created: 1, refused: 2 })
    expect(body.refusals).toMatchObject([
      { line: 1, field: 'project' },
      { line: 3, field: 'project' },
    ])
  }
  expect(await exported('?project=denied', await service.tokenFor(undefined))).toEqual(['denied'])
})

it('a query and counts of the domain leave the denied project out', async () => {
  const admin = await service.tokenFor(undefined)
  const projectsOf = async (as: string) => {
    const { body } = await service.call('POST', '/tagwerk/v1/domain/resources/query', { token: as, body: { limit: 0 } })
    return body.projects.map(({ project_name }: { project_name: string }) => project_name)
  }
  expect(await projectsOf(admin)).toEqual(['denied', 'open'])
  expect(await projectsOf(token)).toEqual(['open'])
  const valuesOf = async (as: string) => {
    const { body } = await service.call('GET', '/tagwerk/v1/domain/tag-values?key=in', { token: as })
    return body.values.map(({ value }: { value: string }) => value)
  }
  expect(await valuesOf(admin)).toEqual(['denied', 'open'])
  expect(await valuesOf(token)).toEqual(['open'])
})

it('export and import work again after the Deny is removed', async () => {
  await take()
  expect((await send([line('denied')])).body).toMatchObject({ created: 1, refused: 0 })
  expect(await exported('?project=denied')).toEqual(['denied', 'denied'])
})
