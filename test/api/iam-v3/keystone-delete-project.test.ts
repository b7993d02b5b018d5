import { describe, expect, it } from 'vitest'
import { image, newImageId } from '../fixtures.ts'
import { runScenarios } from '../scenarios.ts'
import { asked, conflict, needsManager, notFound, withWorld } from './world.ts'

// DELETE /v3/projects/{project_id} (OTC IAM API, "Deleting a Project").

const world = withWorld()

describe('deleting a project', () => {
  it('deleting a project without resources revokes its tokens and frees its name', async () => {
    const { ask, service } = world()
    const { body } = await ask('POST', '/v3/projects', { project: { name: 'gone' } })
    const path = `/v3/projects/${body.project.id}`
    const token = await service.tokenFor('gone')
    const deleted = await ask('DELETE', path)
    expect([deleted.status, deleted.text]).toEqual([204, ''])
    expect((await ask('GET', `/v3/${body.project.id}/tags`, undefined, token)).status).toBe(401)
    expect((await ask('GET', path)).status).toBe(404)
    expect((await ask('DELETE', path)).status).toBe(404)
    expect((await ask('POST', '/v3/projects', { project: { name: 'gone' } })).status).toBe(201)
  })

  it('a project can be deleted only after its resources', async () => {
    const { ask, service } = world()
    const id = newImageId()
    await service.register({ ...image(id), project: 'full' })
    const token = await service.tokenFor('full')
    const { body } = await ask('GET', '/v3/projects?name=full')
    const path = `/v3/projects/${body.projects[0].id}`
    const refused = await ask('DELETE', path)
    expect({ status: refused.status, body: refused.body }).toEqual(conflict('The project still has resources.'))
    expect((await ask('GET', path)).status).toBe(200)
    await ask('DELETE', `/tagwerk/v1/${body.projects[0].id}/resources/images/${id}`, undefined, token)
    expect((await ask('DELETE', path)).status).toBe(204)
  })
})

describe('answers to DELETE', () =>
  runScenarios(
    () => world().target,
    [
      ...needsManager({ method: 'DELETE', path: '/v3/projects/{other}' }),
      asked('an unknown id is answered with 404', 'DELETE', '/v3/projects/none', notFound('project_id', 'none')),
    ],
  ))
