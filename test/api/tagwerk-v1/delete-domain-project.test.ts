import { describe, expect, it } from 'vitest'
import { tagwerkError } from '../expected.ts'
import { image, newImageId } from '../fixtures.ts'
import { runScenarios } from '../scenarios.ts'
import { asked, needsAction, withAccountWorld } from './account-calls.ts'

// W93: DELETE /tagwerk/v1/domain/projects/{project_id}.

const PATH = '/tagwerk/v1/domain/projects'
const world = withAccountWorld()

describe('deleting a project', () => {
  it('deletes a project without resources', async () => {
    const { outcome, ask, lastLogged } = world()
    const { id } = (await ask('POST', PATH, { name: 'brief' })).body
    expect(await outcome('DELETE', `${PATH}/${id}`)).toEqual([204, null])
    expect(await lastLogged()).toMatchObject({ event: 'project.deleted', target: { id, name: 'brief' } })
    expect(await outcome('DELETE', `${PATH}/${id}`)).toEqual([404, 'project-not-found'])
  })

  it('is refused while the project has resources', async () => {
    const { outcome, ask, service } = world()
    const { id } = (await ask('POST', PATH, { name: 'full' })).body
    await service.register({ ...image(newImageId()), project: 'full' })
    expect(await outcome('DELETE', `${PATH}/${id}`)).toEqual([409, 'project-in-use'])
    expect((await ask('GET', PATH)).body.projects).toContainEqual(expect.objectContaining({ id, resources: 1 }))
  })

  it('of another domain is answered with 404, and the project stays', async () => {
    const { outcome, ask, ids } = world()
    expect(await outcome('DELETE', `${PATH}/${ids.other}`, undefined, 'stranger')).toEqual([404, 'project-not-found'])
    expect((await ask('GET', PATH)).body.projects).toContainEqual(expect.objectContaining({ id: ids.other }))
  })
})

describe('answers to DELETE', () => {
  runScenarios(
    () => world().target,
    [
      ...needsAction('iam:projects:deleteProject', { method: 'DELETE', path: `${PATH}/{other}` }),
      asked(
        'a project with resources is answered with 409',
        { method: 'DELETE', path: `${PATH}/{other}` },
        tagwerkError(409, 'project-in-use', 'still has resources'),
      ),
      asked(
        'an unknown id is answered with 404 and the id',
        { method: 'DELETE', path: `${PATH}/none` },
        tagwerkError(404, 'project-not-found', 'project_id: ', '"none"'),
      ),
    ],
  )
})
