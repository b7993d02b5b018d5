import { describe, expect, it } from 'vitest'
import { runScenarios } from '../scenarios.ts'
import { newPolicy } from './policies.ts'
import { asked, bad, FORBIDDEN, needsDomain, withWorld } from './world.ts'

// GET /v3/roles (OTC IAM API, "Querying a Role List").

const world = withWorld()
const PATH = '/v3/roles'

async function list(query = '', token = 'domain') {
  const { status, body } = await world().ask('GET', PATH + query, undefined, token)
  expect(status).toBe(200)
  return body
}
const namesOf = ({ roles }: { roles: { display_name: string }[] }) => roles.map(({ display_name }) => display_name)

it('the system roles are listed with fixed ids', async () => {
  const { service } = world()
  const [admin, readonly] = ['b3a1c5d0e64f4c0f9a7d2e8f10000001', 'b3a1c5d0e64f4c0f9a7d2e8f10000002']
  const common = { description_cn: '', catalog: 'BASE', type: 'AA', domain_id: null }
  const linked = (id: string) => ({ self: `${service.url}/v3/roles/${id}`, previous: null, next: null })
  const policy = (...actions: string[]) => ({ Version: '1.0', Statement: [{ Effect: 'Allow', Action: actions }] })
  expect(await list()).toEqual({
    links: { self: `${service.url}/v3/roles?page=1&per_page=300`, previous: null, next: null },
    roles: [
      {
        id: admin,
        name: 'te_admin',
        display_name: 'Tenant Administrator',
        ...common,
        description: 'May do everything in its scope.',
        policy: policy('*:*:*'),
        links: linked(admin),
      },
      {
        id: readonly,
        name: 'readonly',
        display_name: 'Tenant Guest',
        ...common,
        description: 'May see everything in its scope.',
        policy: policy('*:*:get*', '*:*:list*'),
        links: linked(readonly),
      },
    ],
    total_number: 2,
  })
})

it('custom roles of the domain are listed too, and only they with domain_id', async () => {
  const { ids } = world()
  const role = await newPolicy(world(), 'Taggers', ['ims:images:update'])
  expect(namesOf(await list())).toEqual(['Tenant Administrator', 'Tenant Guest', 'Taggers'])
  expect(namesOf(await list('', 'watcher'))).toHaveLength(3)
  expect(namesOf(await list(`?domain_id=${ids.domain}`))).toEqual(['Taggers'])
  expect(namesOf(await list('?name=readonly'))).toEqual(['Tenant Guest'])
  expect(namesOf(await list(`?name=${role.name}`))).toEqual(['Taggers'])
  expect(namesOf(await list('?display_name=Taggers'))).toEqual(['Taggers'])
  expect(namesOf(await list('?display_name=taggers'))).toEqual([])
})

it('roles are filtered by kind, by where they are shown and by catalogue', async () => {
  const { ids } = world()
  const system = ['Tenant Administrator', 'Tenant Guest']
  const custom = async (query: string) => namesOf(await list(query)).filter((name) => !system.includes(name)).length
  await newPolicy(world(), 'In projects', ['ims:images:list'])
  const all = await custom('')
  expect(namesOf(await list('?permission_type=role'))).toEqual(system)
  expect(namesOf(await list('?permission_type=policy'))).toEqual([])
  expect(await custom(`?permission_type=policy&domain_id=${ids.domain}`)).toBe(all)
  expect(namesOf(await list('?catalog=BASE'))).toEqual(system)
  expect(await custom('?catalog=CUSTOMED')).toBe(all)
  expect(namesOf(await list('?catalog=base'))).toEqual([])
  expect(namesOf(await list('?type=domain'))).toEqual(system)
  expect([await custom('?type=project'), await custom('?type=all')]).toEqual([all, all])
})

it('a page past the last one is empty, as Terraform needs to stop', async () => {
  const { roles, links, total_number } = await list('?page=2&display_name=Tenant Guest')
  expect([roles, links.next, total_number]).toEqual([[], null, 1])
})

describe('answers to GET', () =>
  runScenarios(
    () => world().target,
    [
      ...needsDomain({ method: 'GET', path: PATH }),
      asked('a request for another domain is answered with 403', 'GET', `${PATH}?domain_id=other`, FORBIDDEN),
      asked('a page size of 301 is answered with 400', 'GET', `${PATH}?per_page=301`, bad('per_page', '300')),
      asked('an unknown kind is answered with 400', 'GET', `${PATH}?permission_type=x`, bad('permission_type', 'role')),
      asked('an unknown place is answered with 400', 'GET', `${PATH}?type=AX`, bad('type', 'project')),
      asked('a repeated parameter name is answered with 400', 'GET', `${PATH}?name=a&name=b`, bad('name')),
    ],
  ))
