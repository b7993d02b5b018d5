import { describe, expect, it } from 'vitest'
import { runScenarios } from '../scenarios.ts'
import { ID } from './accounts.ts'
import { asked, bad, conflict, FORBIDDEN, NAME_TAKEN, needsManager, withWorld } from './world.ts'

// POST /v3/projects (OTC IAM API, "Creating a Project").

const world = withWorld()
const PATH = '/v3/projects'

const create = (project: unknown, token = 'domain') => world().ask('POST', PATH, { project }, token)

describe('makes a project', () => {
  it('in the form of the documents', async () => {
    const { ids, service, ask } = world()
    const sent = { name: 'eu-de_test1', description: 'Tests.', domain_id: ids.domain, parent_id: ids.domain }
    const { status, body } = await create({ ...sent, is_domain: false, enabled: true })
    expect([status, body]).toEqual([
      201,
      {
        project: {
          ...{ id: ID, ...sent, is_domain: false, enabled: true },
          links: { self: `${service.url}/v3/projects/${body.project.id}` },
        },
      },
    ])
    const found = await ask('GET', `${PATH}?name=eu-de_test1`)
    expect(found.body.projects).toEqual([body.project])
  })

  it('of which nothing but the name is said', async () => {
    const { status, body } = await create({ name: '项目 one' })
    expect([status, body.project]).toMatchObject([201, { name: '项目 one', description: '', enabled: true }])
  })

  it('taking null for what was not said', async () => {
    const nothing = { description: null, domain_id: null, parent_id: null, is_domain: null, enabled: null }
    const { status, body } = await create({ name: 'of-nulls', ...nothing, tags: null })
    expect([status, body.project]).toMatchObject([201, { name: 'of-nulls', description: '', enabled: true }])
  })

  it('whatever is sent beside it, however deep', async () => {
    const deep = `${'{"a":'.repeat(5000)}null${'}'.repeat(5000)}`
    const sent = `{"project": {"name": "of-depths", "other": ${deep}, "__proto__": null}, "other": ${deep}}`
    expect((await world().ask('POST', PATH, sent)).status).toBeLessThan(500)
  })

  it('that can be worked in at once, by administrators of the domain', async () => {
    const { service, ask } = world()
    const { body } = await create({ name: 'at-once' })
    const token = await service.tokenFor('at-once')
    expect((await ask('GET', `/v3/${body.project.id}/tags`, undefined, token)).status).toBe(200)
  })
})

describe('answers', () => {
  const refused = (name: string, project: unknown, expected: ReturnType<typeof bad>) =>
    asked(name, 'POST', PATH, expected, { project })
  runScenarios(
    () => world().target,
    [
      ...needsManager({ method: 'POST', path: PATH, body: { project: { name: 'no' } } }),
      refused('409 to a name that is taken', { name: 'default' }, conflict(NAME_TAKEN, 'project.name', 'default')),
      refused('403 to another domain', { name: 'a', domain_id: 'other' }, FORBIDDEN),
      refused('400 to another parent', { name: 'a', parent_id: 'x' }, bad('project.parent_id', '"x"')),
      refused('400 to a domain', { name: 'a', is_domain: true }, bad('project.is_domain', 'false')),
      refused('400 to null for a name', { name: null }, bad('project.name', 'a string')),
      asked('400 to null for a project', 'POST', PATH, bad('project', 'an object'), { project: null }),
      asked('400 to a list for a project', 'POST', PATH, bad('project', 'an object'), { project: [null] }),
      refused('400 without a name', {}, bad('project.name', 'required')),
      refused('400 to an empty name', { name: '' }, bad('project.name')),
      refused('400 to blanks outside', { name: ' a' }, bad('project.name', '" a"')),
      refused('400 to a name of 65 characters', { name: 'x'.repeat(65) }, bad('project.name', '64', '65')),
      refused('400 to 256 characters of description', { name: 'a', description: 'x'.repeat(256) }, bad('255', '256')),
      refused('400 to a name that is no text', { name: 1 }, bad('project.name', 'string')),
      asked('400 without a body', 'POST', PATH, bad()),
      asked('400 without a project', 'POST', PATH, bad('project', 'required'), {}),
      asked(
        '201 to the longest name',
        'POST',
        PATH,
        { status: 201 },
        {
          project: { name: 'x'.repeat(64), description: 'x'.repeat(255) },
        },
      ),
    ],
  )
})
