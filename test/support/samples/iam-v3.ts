import { logIn, makeUser, READER_PASSWORD } from '../../api/fixtures.ts'
import { ADMIN_PASSWORD } from '../service.ts'
import { reading, type Sample, type Samples, type World, writing } from './sample.ts'

const PASSWORD = 'a long Passphrase 1'
const POLICY = { Version: '1.1', Statement: [{ Effect: 'Allow', Action: ['ims:images:update'] }] }

const newUser = async (world: World): Promise<{ readonly id: string }> =>
  (await world.made('POST', '/v3/users', { user: { name: world.newName(), password: PASSWORD } })).user

const newProject = async (world: World): Promise<{ readonly id: string }> =>
  (await world.made('POST', '/v3/projects', { project: { name: world.newName() } })).project

const newRole = async (world: World): Promise<{ readonly id: string }> => {
  const role = { display_name: world.newName(), type: 'XA', description: 'for a test', policy: POLICY }
  return (await world.made('POST', '/v3.0/OS-ROLE/roles', { role })).role
}

/** A key of a user made for it. */
const newKey = async (world: World): Promise<string> => {
  const { id: user_id } = await newUser(world)
  const { credential } = await world.made('POST', '/v3.0/OS-CREDENTIAL/credentials', { credential: { user_id } })
  return credential.access
}

/** A user with a role in a place, the place being named in the path by its kind. */
async function assigned(world: World, kind: 'project' | 'domain') {
  const { id: user_id } = await newUser(world)
  const { id: role_id } = await newRole(world)
  const place = kind === 'project' ? world.projectId : world.domainId
  await world.made('PUT', `/v3/${kind}s/${place}/users/${user_id}/roles/${role_id}`)
  return { path: { [`${kind}_id`]: place, user_id, role_id } }
}

const subject = async (world: World) => ({
  headers: { 'x-subject-token': await world.service.tokenFor('default') },
})

/** The first of a list that everybody may see. */
const firstOf =
  (list: string, name: string): Sample['fill'] =>
  async (world) => {
    const body = await world.made('GET', `/v3/${list}`)
    return { path: { [name]: body[list][0].id } }
  }

const onUser = async (world: World) => ({ path: { user_id: (await newUser(world)).id } })
const onRole = async (world: World) => ({ path: { role_id: (await newRole(world)).id } })
const onKey = async (world: World) => ({ path: { access_key: await newKey(world) } })
const onProject = async (world: World) => ({ path: { project_id: (await newProject(world)).id } })

/** One working call of each operation of the identity service. */
export const IAM_SAMPLES: Samples = {
  'GET /v3': reading(200),
  'GET /v3/': reading(200),
  'POST /v3/auth/tokens': reading(201, async () => ({
    body: {
      auth: {
        identity: {
          methods: ['password'],
          password: { user: { name: 'admin', password: ADMIN_PASSWORD, domain: { name: 'default' } } },
        },
        scope: { project: { name: 'default' } },
      },
    },
  })),
  'GET /v3/auth/tokens': reading(200, subject),
  'HEAD /v3/auth/tokens': reading(200, subject),
  'DELETE /v3/auth/tokens': reading(204, subject),
  'GET /v3/auth/projects': reading(200),
  'GET /v3/auth/domains': reading(200),
  'GET /v3/domains': reading(200),
  'GET /v3/domains/{domain_id}': reading(200, async (world) => ({ path: { domain_id: world.domainId } })),
  'GET /v3/auth/catalog': reading(200),
  'GET /v3/services': reading(200),
  'GET /v3/services/{service_id}': reading(200, firstOf('services', 'service_id')),
  'GET /v3/endpoints': reading(200),
  'GET /v3/endpoints/{endpoint_id}': reading(200, firstOf('endpoints', 'endpoint_id')),
  'GET /v3/regions': reading(200),
  'GET /v3/regions/{region_id}': reading(200, firstOf('regions', 'region_id')),
  'GET /v3/projects': reading(200, async () => ({ query: { name: 'default' } })),
  'POST /v3/projects': writing(201, async (world) => ({ body: { project: { name: world.newName() } } })),
  'GET /v3/projects/{project_id}': reading(200),
  'PATCH /v3/projects/{project_id}': writing(200, async (world) => ({
    ...(await onProject(world)),
    body: { project: { description: 'changed' } },
  })),
  'DELETE /v3/projects/{project_id}': writing(204, onProject),
  'GET /v3/users': reading(200),
  'POST /v3/users': writing(201, async (world) => ({ body: { user: { name: world.newName(), password: PASSWORD } } })),
  'GET /v3/users/{user_id}': reading(200, async (world) => ({ path: { user_id: world.adminId } })),
  'GET /v3.0/OS-USER/users/{user_id}': reading(200, async (world) => ({ path: { user_id: world.adminId } })),
  'PATCH /v3/users/{user_id}': writing(200, async (world) => ({
    ...(await onUser(world)),
    body: { user: { description: 'changed' } },
  })),
  'DELETE /v3/users/{user_id}': writing(204, onUser),
  'GET /v3/users/{user_id}/projects': reading(200, async (world) => ({ path: { user_id: world.adminId } })),
  'POST /v3/users/{user_id}/password': writing(204, async (world) => {
    const name = world.newName()
    const user_id = await makeUser(world.service, world.domainToken, name, {
      project: world.projectId,
      role: 'readonly',
    })
    return {
      path: { user_id },
      body: { user: { original_password: READER_PASSWORD, password: PASSWORD } },
      token: (await logIn(world.service, name, 'default')).token,
    }
  }),
  'GET /v3/roles': reading(200),
  'GET /v3/roles/{role_id}': reading(200, onRole),
  'GET /v3/role_assignments': reading(200),
  'GET /v3.0/OS-ROLE/roles': reading(200),
  'POST /v3.0/OS-ROLE/roles': writing(201, async (world) => ({
    body: { role: { display_name: world.newName(), type: 'XA', description: 'for a test', policy: POLICY } },
  })),
  'GET /v3.0/OS-ROLE/roles/{role_id}': reading(200, onRole),
  'PATCH /v3.0/OS-ROLE/roles/{role_id}': writing(200, async (world) => ({
    ...(await onRole(world)),
    body: { role: { display_name: world.newName(), type: 'XA', description: 'changed', policy: POLICY } },
  })),
  'DELETE /v3.0/OS-ROLE/roles/{role_id}': writing(204, onRole),
  'GET /v3/projects/{project_id}/users/{user_id}/roles': reading(200, (world) => assigned(world, 'project')),
  'PUT /v3/projects/{project_id}/users/{user_id}/roles/{role_id}': writing(204, async (world) => ({
    path: { user_id: (await newUser(world)).id, role_id: (await newRole(world)).id },
  })),
  'HEAD /v3/projects/{project_id}/users/{user_id}/roles/{role_id}': reading(204, (world) => assigned(world, 'project')),
  'DELETE /v3/projects/{project_id}/users/{user_id}/roles/{role_id}': writing(204, (world) =>
    assigned(world, 'project'),
  ),
  'GET /v3/domains/{domain_id}/users/{user_id}/roles': reading(200, (world) => assigned(world, 'domain')),
  'PUT /v3/domains/{domain_id}/users/{user_id}/roles/{role_id}': writing(204, async (world) => ({
    path: { domain_id: world.domainId, user_id: (await newUser(world)).id, role_id: (await newRole(world)).id },
  })),
  'HEAD /v3/domains/{domain_id}/users/{user_id}/roles/{role_id}': reading(204, (world) => assigned(world, 'domain')),
  'DELETE /v3/domains/{domain_id}/users/{user_id}/roles/{role_id}': writing(204, (world) => assigned(world, 'domain')),
  'POST /v3.0/OS-CREDENTIAL/credentials': writing(201, async (world) => ({
    body: { credential: { user_id: (await newUser(world)).id, description: 'for a test' } },
  })),
  'GET /v3.0/OS-CREDENTIAL/credentials': reading(200),
  'GET /v3.0/OS-CREDENTIAL/credentials/{access_key}': reading(200, onKey),
  'PUT /v3.0/OS-CREDENTIAL/credentials/{access_key}': writing(200, async (world) => ({
    ...(await onKey(world)),
    body: { credential: { status: 'inactive' } },
  })),
  'DELETE /v3.0/OS-CREDENTIAL/credentials/{access_key}': writing(204, onKey),
}
