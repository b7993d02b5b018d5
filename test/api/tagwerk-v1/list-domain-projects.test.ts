import { describe, expect, it } from 'vitest'
import { image, newImageId } from '../fixtures.ts'
import { runScenarios } from '../scenarios.ts'
import { needsDomain, withAccountWorld } from './account-calls.ts'
import { consoleOf } from './session-calls.ts'

// W90: GET /tagwerk/v1/domain/projects.

const PATH = '/tagwerk/v1/domain/projects'
const world = withAccountWorld()
const names = (projects: readonly { readonly name: string }[]) => projects.map(({ name }) => name)

describe('the projects of the domain', () => {
  it('are listed by name with their descriptions, states and numbers of resources', async () => {
    const { service, ask, ids } = world()
    const created = await ask('POST', PATH, { name: 'shop', description: 'sells things', enabled: false })
    await service.register(image(newImageId()), image(newImageId()))
    const { status, body } = await ask('GET', PATH)
    expect([status, names(body.projects), body.next_marker]).toEqual([
      200,
      ['default', 'guests', 'other', 'shop'],
      undefined,
    ])
    expect(body.projects[0]).toEqual({ id: ids.project, name: 'default', description: '', enabled: true, resources: 2 })
    expect(body.projects[3]).toEqual({
      id: created.body.id,
      name: 'shop',
      description: 'sells things',
      enabled: false,
      resources: 0,
    })
  })

  it('are read page by page, also behind a project that was deleted meanwhile', async () => {
    const { ask } = world()
    const first = (await ask('GET', `${PATH}?limit=2`)).body
    expect(names(first.projects)).toEqual(['default', 'guests'])
    const { id } = (await ask('POST', PATH, { name: 'guests2' })).body
    const second = (await ask('GET', `${PATH}?limit=1&marker=${first.next_marker}`)).body
    expect(names(second.projects)).toEqual(['guests2'])
    await ask('DELETE', `${PATH}/${id}`)
    const third = (await ask('GET', `${PATH}?limit=1&marker=${second.next_marker}`)).body
    expect(names(third.projects)).toEqual(['other'])
  })

  it('are all shown to a reader of the domain, and to a user with roles in projects those projects only', async () => {
    const { service, ask } = world()
    expect(names((await ask('GET', PATH, undefined, 'watcher')).body.projects)).toContain('other')
    const guest = await consoleOf(service, 'guest', 'only looking')
    expect(names((await guest('GET', PATH)).body.projects)).toEqual(['guests'])
  })

  it('of another domain are not listed', async () => {
    const { body } = await world().ask('GET', PATH, undefined, 'stranger')
    expect(body.projects).toMatchObject([{ name: 'default', resources: 0 }])
    expect(body.projects[0].id).not.toBe(world().ids.project)
  })
})

describe('answers to GET', () => {
  runScenarios(
    () => world().target,
    [
      ...needsDomain({ method: 'GET', path: PATH }),
      {
        name: 'a limit of 1001 is answered with 400',
        request: { method: 'GET', path: `${PATH}?limit=1001`, token: 'domain' },
        status: 400,
        partial: { error_code: 'limit-invalid', error_msg: expect.stringContaining('limit') },
      },
      {
        name: 'a marker that no page gave is answered with 400',
        request: { method: 'GET', path: `${PATH}?marker=default`, token: 'domain' },
        status: 400,
        partial: { error_code: 'marker-invalid', error_msg: expect.stringContaining('marker: must be a marker') },
      },
      {
        name: 'an unknown parameter is answered with 400',
        request: { method: 'GET', path: `${PATH}?nam=x`, token: 'domain' },
        status: 400,
        partial: { error_code: 'request-invalid', error_msg: expect.stringContaining('nam: is not a known parameter') },
      },
    ],
  )
})
