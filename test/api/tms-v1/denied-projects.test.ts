import { afterAll, beforeAll, expect, it } from 'vitest'
import { image, logIn, makeUser, newImageId } from '../fixtures.ts'
import { type DomainWorld, startDomainWorld } from './domain-world.ts'
import { tmsBody } from './tms-errors.ts'

// The view of a domain administrator on a project in which a policy denies the action.

let world: DomainWorld
let denied: string
let open: string
let token: string
const [own, other] = [newImageId(), newImageId()]

beforeAll(async () => {
  world = await startDomainWorld()
  open = await world.inProject('open', image(other, 'here=1'))
  denied = await world.inProject('denied', image(own, 'hidden=1'))
  const { service, tokens } = world
  const id = await makeUser(service, tokens.domain, 'walled', { role: 'te_admin' })
  const actions = [
    'tms:resources:list',
    'tms:resourceTags:*',
    'tms:tagKeys:list',
    'tms:tagValues:list',
    'tms:tags:list',
  ]
  const policy = { Version: '1.1', Statement: [{ Effect: 'Deny', Action: actions }] }
  const role = { display_name: 'wall', type: 'XA', policy }
  const made = await world.ask('POST', '/v3.0/OS-ROLE/roles', { role })
  const given = await world.ask('PUT', `/v3/projects/${denied}/users/${id}/roles/${made.body.role.id}`)
  expect([made.status, given.status]).toEqual([201, 204])
  token = (await logIn(service, 'walled', undefined)).token
})
afterAll(() => world.service.stop())

const FILTER = '/v1.0/resource-instances/filter'
const find = (key: string, where = {}) => ({ resource_types: ['images'], tags: [{ key, values: [] }], ...where })

it('a filter leaves out resources of a denied project and returns those of others', async () => {
  const found = async (body: object, as?: string) => (await world.ask('POST', FILTER, body, as)).body.total_count
  expect([await found(find('hidden')), await found(find('here'))]).toEqual([1, 1])
  expect([await found(find('hidden'), token), await found(find('here'), token)]).toEqual([0, 1])
  expect(await found(find('here', { project_id: open }), token)).toBe(1)
})

it('a denied project is answered like an unknown one', async () => {
  const resources = [{ resource_id: own, resource_type: 'images' }]
  const shownOf = (project: string) => `/v2.0/resources/${own}/tags?resource_type=images&project_id=${project}`
  const calls = (project_id: string) =>
    [
      ['POST', FILTER, find('hidden', { project_id })],
      ['GET', shownOf(project_id), undefined],
      ['GET', `/v1.0/tags?resource_types=images&tag_types=resource&project_id=${project_id}`, undefined],
      ['POST', '/v1.0/resource-tags/batch-create', { project_id, resources, tags: [{ key: 'a', value: 'b' }] }],
      ['POST', '/v1.0/resource-tags/batch-delete', { project_id, resources, tags: [{ key: 'hidden' }] }],
    ] as const
  for (const [method, path, body] of calls(denied)) {
    const { status, body: answer } = await world.ask(method, path, body, token)
    expect([path, status, answer]).toEqual([path, 400, tmsBody('TMS.2011', 'project_id', denied)])
  }
  const shown = await world.ask('GET', shownOf(denied))
  expect(shown.body.tags).toEqual([{ key: 'hidden', value: '1' }])
})

it('keys and values of a denied project are not listed', async () => {
  expect((await world.ask('GET', '/v1.0/tag-keys')).body.keys).toEqual(['here', 'hidden'])
  expect((await world.ask('GET', '/v1.0/tag-keys', undefined, token)).body.keys).toEqual(['here'])
  expect((await world.ask('GET', '/v1.0/tag-values?key=hidden')).body.values).toEqual(['1'])
  expect((await world.ask('GET', '/v1.0/tag-values?key=hidden', undefined, token)).body.values).toEqual([])
})
