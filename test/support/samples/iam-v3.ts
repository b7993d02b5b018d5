import { logIn, makeUser, READER_PASSWORD } from '../../api/fixtures.ts'
import { ADMIN_PASSWORD } from '../service.ts'
import type { SampleOverride, SampleOverrides, World } from './sample.ts'
import { newProject, newRole, newUser, PASSWORD, POLICY } from './values.ts'

const body = (value: unknown): SampleOverride => ({ fill: async () => ({ body: value }) })

/** A token of the administrator, which only the administrator may ask about. */
const ofAdminToken: SampleOverride = {
  reader: 403,
  fill: async ({ service }) => ({ headers: { 'x-subject-token': await service.tokenFor('default') } }),
}

/** The administrator, whose own project tokens may ask about it. */
const ofAdmin: SampleOverride = {
  reader: 403,
  fill: async ({ adminId }) => ({ path: { user_id: adminId } }),
}

/** A key of another user, of which only a token of the domain shows that it exists. */
const keyOfOther = { other: 404, reader: 404 }

const ofNewProject: SampleOverride = { fill: async (world) => ({ path: { project_id: await newProject(world) } }) }

/** A new domain, with an administrator. */
async function newDomain(world: Parameters<typeof newProject>[0]): Promise<string> {
  const domain = { name: world.newName(), administrator: { name: 'admin', password: PASSWORD } }
  return (await world.made('POST', '/v3/domains', { domain })).domain.id
}

/** A tag of the default project. */
const ofTaggedProject: SampleOverride = {
  fill: async (world) => {
    const tag = world.newName()
    await world.made('PUT', `/v3/projects/${world.projectId}/tags/${tag}`)
    return { path: { tag } }
  },
}

/** A user with a custom role in the default project or in the domain. */
const withRole =
  (kind: 'project' | 'domain'): NonNullable<SampleOverride['fill']> =>
  async (world) => {
    const user_id = await newUser(world)
    const role_id = await newRole(world)
    const scope = kind === 'project' ? world.projectId : world.domainId
    await world.made('PUT', `/v3/${kind}s/${scope}/users/${user_id}/roles/${role_id}`)
    return { path: { [`${kind}_id`]: scope, user_id, role_id } }
  }

const roleBody = async ({ newName }: World) => ({
  body: { role: { display_name: newName(), type: 'XA', description: 'for a test', policy: POLICY } },
})

/** A user who changes its own password. */
async function ownPassword(world: World) {
  const name = world.newName()
  const role = { project: world.projectId, role: 'readonly' }
  const user_id = await makeUser(world.service, world.domainToken, name, role)
  return {
    path: { user_id },
    body: { user: { original_password: READER_PASSWORD, password: PASSWORD } },
    token: (await logIn(world.service, name, 'default')).token,
  }
}

export const IAM_OVERRIDES: SampleOverrides = {
  'POST /v3/auth/tokens': body({
    auth: {
      identity: {
        methods: ['password'],
        password: { user: { name: 'admin', password: ADMIN_PASSWORD, domain: { name: 'default' } } },
      },
      scope: { project: { name: 'default' } },
    },
  }),
  'GET /v3/auth/tokens': ofAdminToken,
  'HEAD /v3/auth/tokens': ofAdminToken,
  'DELETE /v3/auth/tokens': ofAdminToken,
  'GET /v3/projects': { fill: async () => ({ query: { name: 'default' } }) },
  'PATCH /v3/projects/{project_id}': {
    fill: async (world) => ({
      path: { project_id: await newProject(world) },
      body: { project: { description: 'changed' } },
    }),
  },
  'DELETE /v3/projects/{project_id}': { fill: async (world) => ({ path: { project_id: await newProject(world) } }) },
  'PUT /v3/projects/{project_id}/tags': ofNewProject,
  'DELETE /v3/projects/{project_id}/tags': ofNewProject,
  'PUT /v3/projects/{project_id}/tags/{tag}': ofNewProject,
  'GET /v3/projects/{project_id}/tags/{tag}': ofTaggedProject,
  'HEAD /v3/projects/{project_id}/tags/{tag}': ofTaggedProject,
  'DELETE /v3/projects/{project_id}/tags/{tag}': ofTaggedProject,
  'GET /v3/users/{user_id}': ofAdmin,
  'GET /v3.0/OS-USER/users/{user_id}': ofAdmin,
  'GET /v3/users/{user_id}/projects': ofAdmin,
  'POST /v3/users': {
    fill: async ({ newName }) => ({ body: { user: { name: newName(), password: PASSWORD } } }),
  },
  'POST /v3.0/OS-USER/users': {
    fill: async ({ newName }) => ({ body: { user: { name: newName(), password: PASSWORD } } }),
  },
  'PUT /v3.0/OS-USER/users/{user_id}': body({ user: { description: 'changed' } }),
  'PUT /v3-ext/projects/{project_id}': {
    fill: async (world) => ({
      path: { project_id: await newProject(world) },
      body: { project: { status: 'suspended' } },
    }),
  },
  'PATCH /v3/users/{user_id}': body({ user: { description: 'changed' } }),
  // Users change only their own password; not even an administrator changes another's here.
  'POST /v3/users/{user_id}/password': { other: 403, domain: 403, fill: ownPassword },
  'POST /v3.0/OS-ROLE/roles': { fill: roleBody },
  'PATCH /v3.0/OS-ROLE/roles/{role_id}': { fill: roleBody },
  'GET /v3/projects/{project_id}/users/{user_id}/roles': { fill: withRole('project') },
  'HEAD /v3/projects/{project_id}/users/{user_id}/roles/{role_id}': { fill: withRole('project') },
  'DELETE /v3/projects/{project_id}/users/{user_id}/roles/{role_id}': { fill: withRole('project') },
  'POST /v3/domains': {
    fill: async ({ newName }) => ({
      body: { domain: { name: newName(), administrator: { name: 'admin', password: PASSWORD } } },
    }),
  },
  'PATCH /v3/domains/{domain_id}': {
    fill: async (world) => ({
      path: { domain_id: await newDomain(world) },
      body: { domain: { description: 'changed' } },
    }),
  },
  'DELETE /v3/domains/{domain_id}': { fill: async (world) => ({ path: { domain_id: await newDomain(world) } }) },
  'GET /v3/domains/{domain_id}/users/{user_id}/roles': { fill: withRole('domain') },
  'HEAD /v3/domains/{domain_id}/users/{user_id}/roles/{role_id}': { fill: withRole('domain') },
  'DELETE /v3/domains/{domain_id}/users/{user_id}/roles/{role_id}': { fill: withRole('domain') },
  'POST /v3.0/OS-CREDENTIAL/credentials': {
    other: 403,
    fill: async (world) => ({ body: { credential: { user_id: await newUser(world), description: 'for a test' } } }),
  },
  'GET /v3.0/OS-CREDENTIAL/credentials/{access_key}': keyOfOther,
  'PUT /v3.0/OS-CREDENTIAL/credentials/{access_key}': {
    ...keyOfOther,
    ...body({ credential: { status: 'inactive' } }),
  },
  'DELETE /v3.0/OS-CREDENTIAL/credentials/{access_key}': keyOfOther,
}
