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

describe('changes a project', () => {
  it('in what is given and nothing else, and shows it', async () => {
    const { ask } = world()
    const id = await newProject('before')
    const { status, body } = await change(id, { description: 'new' })
    expect([status, body.project]).toMatchObject([200, { id, name: 'before', description: 'new', enabled: true }])
    expect((await change(id, { name: 'after' })).body.project).toMatchObject({ name: 'after', description: 'new' })
    expect((await ask('GET', `/v3/projects/${id}`)).body.project).toMatchObject({ name: 'after', description: 'new' })
    expect((await change(id, {})).status).toBe(200)
    expect((await change(id, { name: 'after' })).status).toBe(200)
  })

  it('in nothing where null is given', async () => {
    const id = await newProject('of-nulls')
    await change(id, { description: 'kept', enabled: false })
    const { status, body } = await change(id, { name: null, description: null, enabled: null, domain_id: null })
    expect([status, body.project]).toMatchObject([200, { name: 'of-nulls', description: 'kept', enabled: false }])
  })

  it('whose tokens do not count while it is disabled', async () => {
    const { ask, service } = world()
    const id = await newProject('shut')
    const token = await service.tokenFor('shut')
    const status = async () => (await ask('GET', `/v3/${id}/tags`, undefined, token)).status
    expect(await status()).toBe(200)
    await change(id, { enabled: false })
    expect(await status()).toBe(401)
    await change(id, { enabled: true })
    expect(await status()).toBe(200)
  })
})

describe('answers', () => {
  const body = { project: { description: 'no' } }
  const refused = (name: string, project: unknown, expected: ReturnType<typeof bad>) =>
    asked(name, 'PATCH', PATH, expected, { project })
  runScenarios(
    () => world().target,
    [
      ...needsManager({ method: 'PATCH', path: PATH, body }),
      asked('404 to an unknown id', 'PATCH', '/v3/projects/none', notFound('project_id', 'none'), body),
      refused('409 to a name that is taken', { name: 'other' }, conflict(NAME_TAKEN, 'project.name', 'other')),
      refused('400 to a name of 65 characters', { name: 'x'.repeat(65) }, bad('project.name', '64', '65')),
      refused('400 to an empty name', { name: '' }, bad('project.name')),
      refused('400 to 256 characters of description', { description: 'x'.repeat(256) }, bad('255', '256')),
      refused('400 to a state that is no boolean', { enabled: 'no' }, bad('project.enabled', 'true or false')),
      asked('400 to null for a project', 'PATCH', PATH, bad('project', 'an object'), { project: null }),
      asked('400 without a project', 'PATCH', PATH, bad('project', 'required'), {}),
    ],
  )
})
