import { describe, expect, it } from 'vitest'
import { runScenarios } from '../scenarios.ts'
import { asked, bad, conflict, NAME_TAKEN, needsManager, notFound, withWorld } from './world.ts'

// PATCH /v3/projects/{project_id} (OTC IAM API, "Modifying Project Data").

const world = withWorld()
const PATH = '/v3/projects/{project}'

async function newProject(name: string): Promise<string> {
  const { body } = await world().ask('POST', '/v3/projects', { project: { name } })
  return body.project.id
}
const change = (id: string, project: object) => world().ask('PATCH', `/v3/projects/${id}`, { project })

describe('updating a project', () => {
  it('only the given members of a project change, and the answer shows them', async () => {
    const { ask } = world()
    const id = await newProject('before')
    const { status, body } = await change(id, { description: 'new' })
    expect([status, body.project]).toMatchObject([200, { id, name: 'before', description: 'new', enabled: true }])
    expect((await change(id, { name: 'after' })).body.project).toMatchObject({ name: 'after', description: 'new' })
    expect((await ask('GET', `/v3/projects/${id}`)).body.project).toMatchObject({ name: 'after', description: 'new' })
    expect((await change(id, {})).status).toBe(200)
    expect((await change(id, { name: 'after' })).status).toBe(200)
  })

  it('tags are replaced when they are given, and kept otherwise', async () => {
    const id = await newProject('tagged')
    expect((await change(id, { tags: ['b', 'a'] })).body.project.tags).toEqual(['b', 'a'])
    expect((await change(id, { description: 'new' })).body.project.tags).toEqual(['b', 'a'])
    expect((await change(id, { tags: null })).body.project.tags).toEqual(['b', 'a'])
    expect((await change(id, { tags: ['c'] })).body.project.tags).toEqual(['c'])
    expect((await change(id, { tags: [] })).body.project.tags).toEqual([])
  })

  it('null changes nothing', async () => {
    const id = await newProject('of-nulls')
    await change(id, { description: 'kept', enabled: false })
    const { status, body } = await change(id, { name: null, description: null, enabled: null, domain_id: null })
    expect([status, body.project]).toMatchObject([200, { name: 'of-nulls', description: 'kept', enabled: false }])
  })

  it('disabling a project revokes its tokens for good, and new ones are issued when it is enabled', async () => {
    const { ask, service } = world()
    const id = await newProject('shut')
    const token = await service.tokenFor('shut')
    const status = async (given = token) => (await ask('GET', `/v3/${id}/tags`, undefined, given)).status
    expect(await status()).toBe(200)
    await change(id, { enabled: false })
    expect(await status()).toBe(401)
    await change(id, { enabled: true })
    expect(await status()).toBe(401)
    expect(await status(await service.tokenFor('shut'))).toBe(200)
  })
})

describe('answers to PATCH', () => {
  const body = { project: { description: 'no' } }
  const refused = (name: string, project: unknown, expected: ReturnType<typeof bad>) =>
    asked(name, 'PATCH', PATH, expected, { project })
  runScenarios(
    () => world().target,
    [
      ...needsManager({ method: 'PATCH', path: PATH, body }),
      asked('an unknown id is answered with 404', 'PATCH', '/v3/projects/none', notFound('project_id', 'none'), body),
      refused('a tag with a comma is answered with 400', { tags: ['a,b'] }, bad('project.tags[0]', 'a,b')),
      refused('a tag twice is answered with 400', { tags: ['a', 'a'] }, bad('project.tags[0]', 'twice')),
      refused(
        'a name that is taken is answered with 409',
        { name: 'other' },
        conflict(NAME_TAKEN, 'project.name', 'other'),
      ),
      refused(
        'a name of 65 characters is answered with 400',
        { name: 'x'.repeat(65) },
        bad('project.name', '64', '65'),
      ),
      refused('an empty name is answered with 400', { name: '' }, bad('project.name')),
      refused(
        'a description of 256 characters is answered with 400',
        { description: 'x'.repeat(256) },
        bad('255', '256'),
      ),
      refused(
        'a value of enabled that is not a boolean is answered with 400',
        { enabled: 'no' },
        bad('project.enabled', 'true or false'),
      ),
      asked('null for a project is answered with 400', 'PATCH', PATH, bad('project', 'an object'), { project: null }),
      asked('a request without a project is answered with 400', 'PATCH', PATH, bad('project', 'required'), {}),
    ],
  )
})
