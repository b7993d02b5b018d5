import { describe, expect, it } from 'vitest'
import { tagwerkError } from '../expected.ts'
import { runScenarios } from '../scenarios.ts'
import { asked, bad, needsAction, withAccountWorld } from './account-calls.ts'

// W92: PATCH /tagwerk/v1/domain/projects/{project_id}.

const PATH = '/tagwerk/v1/domain/projects'
const world = withAccountWorld()
const change = (project: string, body: unknown, token?: string) =>
  world().outcome('PATCH', `${PATH}/${project}`, body, token)

describe('changing a project', () => {
  it('changes the members that are given and keeps the others', async () => {
    const { ask, lastLogged } = world()
    const { id } = (await ask('POST', PATH, { name: 'shop', description: 'sells things' })).body
    expect(await change(id, { name: 'store' })).toEqual([
      200,
      { id, name: 'store', description: 'sells things', enabled: true, resources: 0 },
    ])
    expect(await lastLogged()).toMatchObject({
      event: 'project.updated',
      target: { id, name: 'shop' },
      detail: { changed: ['name'], name: 'store' },
    })
    expect(await change(id, { description: '' })).toMatchObject([200, { name: 'store', description: '' }])
  })

  it('disabling it revokes its tokens for good', async () => {
    const { service, ask } = world()
    const { id } = (await ask('POST', PATH, { name: 'frozen' })).body
    const token = await service.tokenFor('frozen')
    const read = async () => (await service.call('GET', `/v3/${id}/tags`, { token })).status
    expect(await read()).toBe(200)
    expect(await change(id, { enabled: false })).toMatchObject([200, { enabled: false }])
    expect(await read()).toBe(401)
    expect(await change(id, { enabled: true })).toMatchObject([200, { enabled: true }])
    expect(await read()).toBe(401)
  })

  it('of another domain is answered like one that does not exist, and nothing changes', async () => {
    const { ask, ids } = world()
    const asking = { name: 'taken over' }
    const [foreign, none] = [await change(ids.other!, asking, 'stranger'), await change('none', asking, 'stranger')]
    expect([foreign, none]).toEqual([
      [404, 'project-not-found'],
      [404, 'project-not-found'],
    ])
    expect((await ask('GET', PATH)).body.projects).toContainEqual(expect.objectContaining({ name: 'other' }))
  })
})

const refused = (name: string, body: unknown, expected: ReturnType<typeof bad>) =>
  asked(name, { method: 'PATCH', path: `${PATH}/{other}`, body }, expected)

describe('answers to PATCH', () => {
  runScenarios(
    () => world().target,
    [
      ...needsAction('iam:projects:updateProject', {
        method: 'PATCH',
        path: `${PATH}/{other}`,
        body: { enabled: false },
      }),
      asked(
        'an unknown id is answered with 404 and the id',
        { method: 'PATCH', path: `${PATH}/none`, body: {} },
        tagwerkError(404, 'project-not-found', 'project_id: must be the id of a project of the domain (got "none")'),
      ),
      refused(
        'a name that is taken is answered with 409',
        { name: 'default' },
        tagwerkError(409, 'name-taken', ' name: ', '"default"'),
      ),
      refused('an empty name is answered with 400', { name: '' }, bad('name: must be text that matches')),
      refused('null is answered with 400', { description: null }, bad('description: must be a string')),
      refused(
        'a member that cannot change is answered with 400',
        { resources: 1 },
        bad('resources: is not a known member'),
      ),
    ],
  )
})
