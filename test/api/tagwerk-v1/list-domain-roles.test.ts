import { describe, expect, it } from 'vitest'
import { runScenarios } from '../scenarios.ts'
import { needsDomain, withAccountWorld } from './account-calls.ts'
import { allowing, newRole, ROLES, USERS } from './role-calls.ts'

// W99: GET /tagwerk/v1/domain/roles.

const world = withAccountWorld()

describe('the roles of the domain', () => {
  it('are the system roles, then the custom ones with the number of their assignments', async () => {
    const { ask, ids } = world()
    const second = await newRole(world(), 'Tagger', 'ims:*:*')
    const first = await newRole(world(), 'Auditor', 'tagwerk:accountLog:read')
    await ask('PUT', `${USERS}/${ids.guest}/roles/${first}`)
    const { status, body } = await ask('GET', ROLES)
    expect([status, body.next_marker]).toEqual([200, undefined])
    expect(body.roles.map(({ name, type, scope }: Record<string, string>) => [name, type, scope])).toEqual([
      ['te_admin', 'system', 'any'],
      ['readonly', 'system', 'any'],
      [`custom_${first}`, 'custom', 'project'],
      [`custom_${second}`, 'custom', 'project'],
    ])
    expect(body.roles[0]).toMatchObject({
      display_name: 'Tenant Administrator',
      description: 'May do everything in its scope.',
      policy: { Statement: [{ Effect: 'Allow', Action: ['*:*:*'] }] },
    })
    expect(body.roles[0]).not.toHaveProperty('assignments')
    expect(body.roles[2]).toEqual({
      ...{ id: first, name: `custom_${first}`, display_name: 'Auditor', description: '', description_cn: '' },
      ...{ type: 'custom', scope: 'project', policy: allowing('tagwerk:accountLog:read'), assignments: 1 },
      ...{ created_at: expect.stringMatching(/^\d{4}-.*Z$/), updated_at: expect.stringMatching(/^\d{4}-.*Z$/) },
    })
  })

  it('are read page by page, over the border between system and custom roles', async () => {
    const { ask } = world()
    const seen: string[] = []
    let query = '?limit=1'
    for (;;) {
      const { roles, next_marker: next } = (await ask('GET', ROLES + query)).body
      seen.push(...roles.map(({ display_name }: { display_name: string }) => display_name))
      if (next === undefined) break
      query = `?limit=1&marker=${next}`
    }
    expect(seen).toEqual(['Tenant Administrator', 'Tenant Guest', 'Auditor', 'Tagger'])
  })

  it('of another domain are its own custom ones only', async () => {
    const { body } = await world().ask('GET', ROLES, undefined, 'stranger')
    expect(body.roles.map(({ name }: { name: string }) => name)).toEqual(['te_admin', 'readonly'])
  })
})

describe('answers to GET', () => {
  runScenarios(
    () => world().target,
    [
      ...needsDomain({ method: 'GET', path: ROLES }),
      {
        name: 'a marker of another list is answered with 400',
        request: { method: 'GET', path: `${ROLES}?marker=WyJhIl0`, token: 'domain' },
        status: 400,
        partial: { error_code: 'marker-invalid' },
      },
    ],
  )
})
