import { describe, expect, it } from 'vitest'
import { tagwerkError } from '../expected.ts'
import { runScenarios } from '../scenarios.ts'
import { asked, needsDomain, withAccountWorld } from './account-calls.ts'
import { ASSIGNMENTS, newRole, systemRole, USERS } from './role-calls.ts'

// W103: GET /tagwerk/v1/domain/role-assignments.

const world = withAccountWorld()
type Assignment = { user: { name: string }; role: { name: string }; project?: { name: string } }
const short = ({ user, role, project }: Assignment) => [user.name, role.name, project?.name ?? 'everywhere'].join(' ')
const list = async (query = '', token?: string) =>
  (await world().ask('GET', ASSIGNMENTS + query, undefined, token)).body
const shortList = async (query = '', token?: string) => (await list(query, token)).assignments.map(short)

describe('the roles of users', () => {
  it('are listed by user, those in the whole domain before those in projects', async () => {
    const { ask, ids } = world()
    const admin = await systemRole(world(), 'te_admin')
    await ask('PUT', `${USERS}/${ids.guest}/projects/${ids.project}/roles/${admin}`)
    await ask('PUT', `${USERS}/${ids.guest}/roles/${await systemRole(world(), 'readonly')}`)
    expect(await shortList()).toEqual([
      'admin te_admin everywhere',
      'guest readonly everywhere',
      'guest te_admin default',
      'guest readonly guests',
      'reader readonly default',
      'watcher readonly everywhere',
    ])
    const { assignments } = await list(`?user_id=${ids.reader}`)
    expect(assignments).toEqual([
      {
        user: { id: ids.reader, name: 'reader' },
        role: { id: await systemRole(world(), 'readonly'), name: 'readonly', display_name: 'Tenant Guest' },
        project: { id: ids.project, name: 'default' },
      },
    ])
  })

  it('are selected by user, by role, and by the project in which they count', async () => {
    const { ids } = world()
    expect(await shortList(`?user_id=${ids.guest}&project_id=${ids.project}`)).toEqual([
      'guest readonly everywhere',
      'guest te_admin default',
    ])
    expect(await shortList(`?project_id=${ids.other}`)).toEqual([
      'admin te_admin everywhere',
      'guest readonly everywhere',
      'watcher readonly everywhere',
    ])
    const admin = await systemRole(world(), 'te_admin')
    expect(await shortList(`?role_id=${admin}`)).toEqual(['admin te_admin everywhere', 'guest te_admin default'])
    expect(await shortList(`?role_id=${await newRole(world(), 'Nobody', 'a:b:c')}`)).toEqual([])
  })

  it.each([1, 2, 4])(
    'are complete in pages of %i, also where a page ends among the roles of one user',
    async (limit) => {
      const seen: string[] = []
      let query = `?limit=${limit}`
      for (;;) {
        const page = await list(query)
        seen.push(...page.assignments.map(short))
        if (page.next_marker === undefined) break
        expect(page.assignments).toHaveLength(limit)
        query = `?limit=${limit}&marker=${page.next_marker}`
      }
      expect(seen).toEqual(await shortList())
    },
  )

  it('of another domain are not listed', async () => {
    expect(await shortList('', 'stranger')).toEqual(['boss te_admin everywhere'])
  })
})

describe('answers to GET', () => {
  const foreign = (name: string, query: string, code: string) =>
    asked(
      `${name} is answered with 404`,
      { method: 'GET', path: `${ASSIGNMENTS}?${query}`, token: 'stranger' },
      tagwerkError(404, code),
    )
  runScenarios(
    () => world().target,
    [
      ...needsDomain({ method: 'GET', path: ASSIGNMENTS }),
      foreign('a user of another domain', 'user_id={reader}', 'user-not-found'),
      foreign('a project of another domain', 'project_id={project}', 'project-not-found'),
      foreign('a role that does not exist', 'role_id=none', 'role-not-found'),
      asked(
        'a filter that does not exist is answered with 400',
        { method: 'GET', path: `${ASSIGNMENTS}?user=x` },
        tagwerkError(400, 'request-invalid', 'user: is not a known parameter'),
      ),
    ],
  )
})
