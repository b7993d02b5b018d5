import { describe, expect, it } from 'vitest'
import { runScenarios } from '../scenarios.ts'
import { READONLY, TE_ADMIN } from './assignment-cases.ts'
import { give, newPolicy } from './policies.ts'
import { asked, bad, needsDomain, withWorld } from './world.ts'

// GET /v3/role_assignments (Keystone v3, "List role assignments"; OTC IAM API, "Querying Role Assignments").

const world = withWorld()
const PATH = '/v3/role_assignments'

type Id = { id: string }
type Shown = { user: Id; role: Id; scope: { project?: Id; domain?: Id }; links: { assignment: string } }

async function list(query = '', token = 'domain'): Promise<Shown[]> {
  const { status, body } = await world().ask('GET', PATH + query, undefined, token)
  expect([query, status]).toEqual([query, 200])
  return body.role_assignments
}

/** Assignments by the names of the test's world. */
async function shortList(query = ''): Promise<string[]> {
  const names = new Map(Object.entries(world().ids).map(([name, id]) => [id, name]))
  const nameOf = (id: Id | undefined) => names.get(id?.id ?? '') ?? 'another project'
  return (await list(query)).map(({ user, scope }) => `${nameOf(user)} in ${nameOf(scope.project ?? scope.domain)}`)
}

const ADMIN = 'admin in domain'
const GUEST = 'guest in another project'
const READER = 'reader in project'
const WATCHER = 'watcher in domain'

describe('listing role assignments', () => {
  it.each(['domain', 'watcher'])(
    'role assignments are listed by user name in the documented form to the token "%s"',
    async (token) => {
      const { service, ids, ask } = world()
      const { body } = await ask('GET', PATH, undefined, token)
      expect(body.links).toEqual({ self: service.url + PATH, previous: null, next: null })
      const [admin, , reader] = body.role_assignments
      expect([admin, reader]).toEqual([
        {
          user: { id: ids.admin },
          role: { id: TE_ADMIN },
          scope: { domain: { id: ids.domain } },
          links: { assignment: `${service.url}/v3/domains/${ids.domain}/users/${ids.admin}/roles/${TE_ADMIN}` },
        },
        {
          user: { id: ids.reader },
          role: { id: READONLY },
          scope: { project: { id: ids.project } },
          links: { assignment: `${service.url}/v3/projects/${ids.project}/users/${ids.reader}/roles/${READONLY}` },
        },
      ])
      expect(await shortList()).toEqual([ADMIN, GUEST, READER, WATCHER])
    },
  )

  it('include_names adds names', async () => {
    const { ids } = world()
    const domain = { id: ids.domain, name: 'default' }
    expect(await list('?include_names=true&user.id={admin}')).toMatchObject([
      { user: { id: ids.admin, name: 'admin', domain }, role: { id: TE_ADMIN, name: 'te_admin' }, scope: { domain } },
    ])
    expect(await list('?include_names=true&user.id={reader}')).toMatchObject([
      { role: { id: READONLY, name: 'readonly' }, scope: { project: { id: ids.project, name: 'default', domain } } },
    ])
    expect((await list('?include_names=false&user.id={reader}'))[0]?.user).toEqual({ id: ids.reader })
  })

  it('an assignment can be checked and removed by its link', async () => {
    const { ask, newUser, service, ids } = world()
    const user = await newUser('assigned')
    const policy = await newPolicy(world(), 'Assigned', ['ims:*:get*'])
    await give(world(), 'projects/{other}', user, policy.id)
    const [shown] = await list(`?user.id=${user}&include_names=true`)
    expect(shown?.role).toEqual({
      id: policy.id,
      name: policy.name,
      domain: { id: ids.domain, name: 'default' },
    })
    const path = shown?.links.assignment.replace(service.url, '') as string
    expect((await ask('HEAD', path)).status).toBe(204)
    expect((await ask('DELETE', path)).status).toBe(204)
    expect(await list(`?user.id=${user}`)).toEqual([])
  })
})

describe('filtering role assignments', () => {
  it.each([
    ['user.id={reader}', [READER]],
    ['user.id=none', []],
    [`role.id=${TE_ADMIN}`, [ADMIN]],
    [`role.id=${READONLY}`, [GUEST, READER, WATCHER]],
    ['role.id=none', []],
    ['scope.project.id={project}', [READER]],
    ['scope.project.id={other}', []],
    ['scope.project.id=none', []],
    ['scope.domain.id={domain}', [ADMIN, WATCHER]],
    ['scope.domain.id=none', []],
    [`scope.domain.id={domain}&role.id=${READONLY}&user.id={watcher}`, [WATCHER]],
    [`scope.domain.id={domain}&user.id={reader}`, []],
    ['group.id=any', []],
    ['scope.system=all', []],
    ['scope.OS-INHERIT:inherited_to=projects', []],
    ['include_subtree=true&scope.project.id={project}', [READER]],
    ['effective=false', [ADMIN, GUEST, READER, WATCHER]],
    ['effective=true&scope.domain.id={domain}', [ADMIN, WATCHER]],
    ['effective=true&scope.project.id={project}', ['admin in project', READER, 'watcher in project']],
  ])('the query %s filters role assignments', async (query, expected) => {
    expect(await shortList(`?${query}`)).toEqual(expected)
  })

  it('an effective assignment in a project links to the assignment in the domain', async () => {
    const { ids, service } = world()
    const [shown] = await list('?effective=true&scope.project.id={project}&user.id={admin}')
    expect(shown).toEqual({
      user: { id: ids.admin },
      role: { id: TE_ADMIN },
      scope: { project: { id: ids.project } },
      links: { assignment: `${service.url}/v3/domains/${ids.domain}/users/${ids.admin}/roles/${TE_ADMIN}` },
    })
  })
})

describe('answers to GET', () =>
  runScenarios(
    () => world().target,
    [
      ...needsDomain({ method: 'GET', path: PATH }),
      asked(
        'a filter by both project and domain is answered with 400',
        'GET',
        `${PATH}?scope.project.id={project}&scope.domain.id={domain}`,
        bad('scope.domain.id', 'scope.project.id'),
      ),
      asked(
        'a filter by both user and group is answered with 400',
        'GET',
        `${PATH}?user.id={reader}&group.id=x`,
        bad('group.id', 'user.id'),
      ),
      asked(
        'a repeated user parameter is answered with 400',
        'GET',
        `${PATH}?user.id=a&user.id=b`,
        bad('user.id', 'string'),
      ),
      asked(
        'the parameter include_names=perhaps is answered with 400',
        'GET',
        `${PATH}?include_names=perhaps`,
        bad('include_names', 'true or false'),
      ),
    ],
  ))
