import { ADMIN_PASSWORD } from '../service.ts'
import type { Filled, SampleOverride, SampleOverrides, World } from './sample.ts'
import { newProject, newRole, newUser, POLICY } from './values.ts'

const NO_RULES = { tags: {} }

export const TAGWERK_OVERRIDES: SampleOverrides = {
  'POST /tagwerk/v1/{project_id}/resources/query': { isRead: true },
  'POST /tagwerk/v1/{project_id}/resources/search': { isRead: true },
  'GET /tagwerk/v1/{project_id}/resources/{resource_type}/{resource_id}/explain': {
    fill: async () => ({ query: { filter: 'size(tags) > 0' } }),
  },
  'PUT /tagwerk/v1/{project_id}/near-duplicates/{group_id}': {
    fill: async (world) => ({ path: { group_id: await newGroup(world) }, body: { ignored: true } }),
  },
  'POST /tagwerk/v1/{project_id}/near-duplicates/{group_id}/plan': {
    fill: async (world) => ({ path: { group_id: await newGroup(world) }, body: {} }),
  },
  'POST /tagwerk/v1/{project_id}/resources/tags': {
    fill: async () => ({
      body: { select: { tags: [{ key: 'no-such', values: [] }] }, action: 'delete', tags: [{ key: 'no-such' }] },
    }),
  },
  'POST /tagwerk/v1/{project_id}/plans': {
    fill: async () => ({
      body: { select: { resource_types: ['images'] }, actions: [{ remove: { keys: ['no-such'] } }] },
    }),
  },
  'PUT /tagwerk/v1/domain/policies/{policy_name}': {
    fill: async () => ({ path: { policy_name: 'sample-put' }, body: NO_RULES }),
  },
  'GET /tagwerk/v1/domain/policies/{policy_name}': { fill: ofNewPolicy('domain', 'sample-get') },
  'DELETE /tagwerk/v1/domain/policies/{policy_name}': { fill: ofNewPolicy('domain', 'sample-delete') },
  'POST /tagwerk/v1/domain/policies/convert': {
    isRead: true,
    fill: async () => ({
      body: { from: 'huawei-config', assignment: { parameters: { specifiedTagKey: { value: 'env' } } } },
    }),
  },
  'PUT /tagwerk/v1/{project_id}/policies/{policy_name}': {
    fill: async () => ({ path: { policy_name: 'sample-put' }, body: NO_RULES }),
  },
  'GET /tagwerk/v1/{project_id}/policies/{policy_name}': { fill: ofNewPolicy('project', 'sample-get') },
  'DELETE /tagwerk/v1/{project_id}/policies/{policy_name}': { fill: ofNewPolicy('project', 'sample-delete') },
  'POST /tagwerk/v1/domain/resources/query': { isRead: true },
  'POST /tagwerk/v1/domain/resources/search': { isRead: true },
  'POST /tagwerk/v1/{project_id}/resources/{resource_type}/{resource_id}/tags': {
    fill: async () => ({ body: { action: 'create', tags: [{ key: 'key1', value: 'value2' }] } }),
  },
  'PATCH /tagwerk/v1/domain/projects/{project_id}': { fill: async () => ({ body: { description: 'changed' } }) },
  'DELETE /tagwerk/v1/domain/projects/{project_id}': { fill: ofNewProject },
  'PATCH /tagwerk/v1/domain/users/{user_id}': { fill: async () => ({ body: { description: 'changed' } }) },
  'POST /tagwerk/v1/domain/roles': {
    fill: async ({ newName }) => ({ body: { display_name: newName(), scope: 'project', policy: POLICY } }),
  },
  'PATCH /tagwerk/v1/domain/roles/{role_id}': { fill: async () => ({ body: { policy: POLICY } }) },
  'DELETE /tagwerk/v1/domain/users/{user_id}/roles/{role_id}': { fill: withRole('domain') },
  'DELETE /tagwerk/v1/domain/users/{user_id}/projects/{project_id}/roles/{role_id}': { fill: withRole('project') },
  'PATCH /tagwerk/v1/domain/users/{user_id}/access-keys/{access_key}': { fill: ofNewKey({ enabled: false }) },
  'DELETE /tagwerk/v1/domain/users/{user_id}/access-keys/{access_key}': { fill: ofNewKey() },
  'POST /tagwerk/v1/session': {
    fill: async (world) => ({
      body: { user: await newReader(world), password: ADMIN_PASSWORD },
      headers: { 'x-tagwerk-console': '1' },
    }),
  },
  // Of all tokens only the one of the sample belongs to the user whose password its body has.
  'PUT /tagwerk/v1/session/password': { other: 400, domain: 400, reader: 400, fill: ownPassword },
  'GET /tagwerk/v1/session': { fill: ofSession },
  'DELETE /tagwerk/v1/session': { fill: ofSession },
  // The service of the samples was not started with --resettable.
  'POST /tagwerk/v1/reset': { status: 403 },
  'POST /tagwerk/v1/export': { isRead: true },
  'POST /tagwerk/v1/{project_id}/diff': { isRead: true, fill: async () => ({ body: { from: '0' } }) },
  'GET /tagwerk/v1/{project_id}/diff': { fill: async () => ({ query: { from: '0' } }) },
  'POST /tagwerk/v1/{project_id}/coverage/backfill': {
    fill: async () => ({ body: { from: '2026-01-01', to: '2026-01-01' } }),
  },
  'POST /tagwerk/v1/{project_id}/compliance': {
    isRead: true,
    fill: async () => ({ body: { policy: { tags: { env: {} } } } }),
  },
  'POST /tagwerk/v1/{project_id}/compliance/resources': {
    isRead: true,
    fill: async () => ({ body: { policy: { tags: { env: {} } } } }),
  },
  'POST /tagwerk/v1/{project_id}/policies/rehearse': {
    isRead: true,
    fill: async () => ({ body: { policy: { tags: { env: {} } }, since: '0' } }),
  },
  'POST /tagwerk/v1/import': { fill: async () => ({ body: '' }) },
}

/** Makes a user who can log in, and gives its name: wrong passwords for the administrator would lock the other samples. */
async function newReader({ made, newName, projectId }: World, password = ADMIN_PASSWORD): Promise<string> {
  const name = newName()
  const { user } = await made('POST', '/v3/users', { user: { name, password } })
  const { roles } = await made('GET', '/v3/roles?name=readonly')
  await made('PUT', `/v3/projects/${projectId}/users/${user.id}/roles/${roles[0].id}`)
  return name
}

/** Makes a user who changes its password, which no other user has. */
async function ownPassword(world: World): Promise<Filled> {
  const [original_password, password] = ['first word 1', 'other word 2']
  const user = {
    name: await newReader(world, original_password),
    password: original_password,
    domain: { name: 'default' },
  }
  const auth = { identity: { methods: ['password'], password: { user } }, scope: { project: { name: 'default' } } }
  const { headers } = await world.service.call('POST', '/v3/auth/tokens', { token: null, body: { auth } })
  return { body: { original_password, password }, token: headers.get('x-subject-token') ?? '' }
}

/** Makes a project without resources. */
async function ofNewProject(world: World): Promise<Filled> {
  return { path: { project_id: await newProject(world) } }
}

/** Gives a new user a new role in the domain or in the default project. */
function withRole(level: 'domain' | 'project'): NonNullable<SampleOverride['fill']> {
  return async (world) => {
    const path = { user_id: await newUser(world), role_id: await newRole(world), project_id: world.projectId }
    const place = level === 'domain' ? '' : `/projects/${path.project_id}`
    await world.made('PUT', `/tagwerk/v1/domain/users/${path.user_id}${place}/roles/${path.role_id}`)
    return { path }
  }
}

/** Makes an access key of a new user. */
function ofNewKey(body?: object): NonNullable<SampleOverride['fill']> {
  return async (world) => {
    const user_id = await newUser(world)
    const { access_key } = await world.made('POST', `/tagwerk/v1/domain/users/${user_id}/access-keys`, {})
    return { path: { user_id, access_key }, ...(body && { body }) }
  }
}

/** Logs in to the console. */
async function ofSession({ service }: World): Promise<Filled> {
  const console = { 'x-tagwerk-console': '1' }
  const body = { user: 'admin', password: ADMIN_PASSWORD }
  const { headers } = await service.call('POST', '/tagwerk/v1/session', { body, headers: console })
  return { headers: { ...console, cookie: headers.get('set-cookie')?.split(';')[0] ?? '' } }
}

/** Puts a policy without rules in the domain or the default project. */
function ofNewPolicy(level: 'domain' | 'project', name: string): NonNullable<SampleOverride['fill']> {
  return async ({ service, domainToken }) => {
    const token = level === 'domain' ? domainToken : service.token
    const place = level === 'domain' ? 'domain' : service.project
    await service.call('PUT', `/tagwerk/v1/${place}/policies/${name}`, { token, body: NO_RULES })
    return { path: { policy_name: name } }
  }
}

/** Makes two spellings of a key, and gives the id of their group. */
async function newGroup({ service, newImage, newName }: World): Promise<string> {
  const name = newName()
  await newImage(`${name}=1`, `${name.toUpperCase()}=2`)
  const { body } = await service.call('GET', `/tagwerk/v1/${service.project}/near-duplicates?kind=certain`)
  return body.groups.find((group: { canonical: string }) => group.canonical.toLowerCase() === name).id
}
