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
    links: { self: `${service.url}/v3/roles`, previous: null, next: null },
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

describe('answers to GET', () =>
  runScenarios(
    () => world().target,
    [
      ...needsDomain({ method: 'GET', path: PATH }),
      asked('a request for another domain is answered with 403', 'GET', `${PATH}?domain_id=other`, FORBIDDEN),
      asked('a repeated parameter name is answered with 400', 'GET', `${PATH}?name=a&name=b`, bad('name')),
    ],
  ))
