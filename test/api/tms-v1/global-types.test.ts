import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { logIn, makeUser, projectNamed } from '../fixtures.ts'
import { type DomainWorld, startDomainWorld } from './domain-world.ts'
import { tmsBody } from './tms-errors.ts'

// T6, T7 and T11 without a project's id, for resources of global types (contract 5).

const NETWORK = 'central-networks'
/** More projects than are searched side by side. */
const PROJECTS = 70

let world: DomainWorld
/** A token of a user who is denied the project `a-first`. */
let walled: string

const line = (project: string, resource_type: string, id: string) => ({
  ...{ project, resource_type, resource_id: id },
  tags: [{ key: 'in', value: project }],
})

beforeAll(async () => {
  world = await startDomainWorld()
  const { service, tokens } = world
  await service.register(
    ...Array.from({ length: PROJECTS }, (_, i) => line(`p${i + 10}`, NETWORK, `n${i + 10}`)),
    line('b-second', NETWORK, 'twice'),
    line('a-first', NETWORK, 'twice'),
    line('a-first', 'ecs', 'server'),
    line('b-second', 'ga', 'accelerator'),
  )
  const user = await makeUser(service, tokens.domain, 'walled', { role: 'te_admin' })
  const policy = { Version: '1.1', Statement: [{ Effect: 'Deny', Action: ['tms:resourceTags:*'] }] }
  const made = await world.ask('POST', '/v3.0/OS-ROLE/roles', { role: { display_name: 'wall', type: 'XA', policy } })
  const { id } = await projectNamed(service, 'a-first')
  await world.ask('PUT', `/v3/projects/${id}/users/${user}/roles/${made.body.role.id}`)
  walled = (await logIn(service, 'walled', undefined)).token
})
afterAll(() => world.service.stop())

const named = (resource_id: string, resource_type = NETWORK) => ({ resource_id, resource_type })
const show = (id: string, type = NETWORK, token?: string) =>
  world.ask('GET', `/v2.0/resources/${id}/tags?resource_type=${type}`, undefined, token)
const add = (resources: readonly object[], more: object = {}, token?: string) =>
  world.ask('POST', '/v1.0/resource-tags/batch-create', { resources, tags: [{ key: 'k', value: 'v' }], ...more }, token)
const remove = (resources: readonly object[], token?: string) =>
  world.ask('POST', '/v1.0/resource-tags/batch-delete', { resources, tags: [{ key: 'k' }] }, token)
const keysOf = async (id: string, type?: string, token?: string) =>
  (await show(id, type, token)).body.tags.map(({ key, value }: { key: string; value: string }) => `${key}=${value}`)

describe('without a project, tags of resources of global types', () => {
  it('are shown wherever the resource is, under every name of the type', async () => {
    expect(await keysOf('n10')).toEqual(['in=p10'])
    expect(await keysOf(`n${PROJECTS + 9}`, 'cc.centralNetworks')).toEqual([`in=p${PROJECTS + 9}`])
    expect(await keysOf('accelerator', 'ga')).toEqual(['in=b-second'])
  })

  it('are those of the first project by name that has the resource and that the caller may use', async () => {
    expect(await keysOf('twice')).toEqual(['in=a-first'])
    expect(await keysOf('twice', NETWORK, walled)).toEqual(['in=b-second'])
  })

  it('are added and removed in one call over several projects and types', async () => {
    const resources = [named('n10'), named('n79'), named('accelerator', 'ga'), named('n10', 'central-network')]
    const isNull = { project_id: null }
    for (const more of [{}, isNull]) expect((await add(resources, more)).body).toEqual({ failed_resources: [] })
    expect([await keysOf('n79'), await keysOf('accelerator', 'ga')]).toEqual([
      ['in=p79', 'k=v'],
      ['in=b-second', 'k=v'],
    ])
    expect((await remove(resources)).body).toEqual({ failed_resources: [] })
    expect(await keysOf('n79')).toEqual(['in=p79'])
  })

  it('are not changed in a project that denies it to the caller', async () => {
    expect((await add([named('twice')], {}, walled)).body).toEqual({ failed_resources: [] })
    expect([await keysOf('twice'), await keysOf('twice', NETWORK, walled)]).toEqual([
      ['in=a-first'],
      ['in=b-second', 'k=v'],
    ])
  })

  it('a resource that no project has is not found, and others are changed', async () => {
    const missing = tmsBody('TMS.0005', 'id: does not exist (got "none")')
    expect(await show('none')).toMatchObject({ status: 404, body: missing })
    expect((await add([named('none'), named('n11')])).body).toEqual({
      failed_resources: [{ ...named('none'), ...missing }],
    })
    expect(await keysOf('n11')).toEqual(['in=p11', 'k=v'])
  })
})

describe('the project stays mandatory', () => {
  it.each([
    ['a type of a region', ['ecs']],
    ['a type of a region after a global one', [NETWORK, 'ecs']],
    ['a type that is not registered', ['robot']],
    ['no resource', []],
  ])('for %s', async (_, types) => {
    const refused = { status: 400, body: tmsBody('TMS.2011', 'project_id', 'required') }
    const resources = types.map((type) => named('server', type))
    expect(await add(resources)).toMatchObject(refused)
    expect(await remove(resources)).toMatchObject(refused)
    for (const type of types.slice(-1)) expect(await show('server', type)).toMatchObject(refused)
  })

  it('the id of a project counts for global types too', async () => {
    const { id } = await projectNamed(world.service, 'b-second')
    const shown = await world.ask('GET', `/v2.0/resources/twice/tags?resource_type=${NETWORK}&project_id=${id}`)
    expect(shown.body.tags[0]).toEqual({ key: 'in', value: 'b-second' })
    const elsewhere = await world.ask('GET', `/v2.0/resources/n10/tags?resource_type=${NETWORK}&project_id=${id}`)
    expect(elsewhere.status).toBe(404)
  })
})
