import { newImageId } from '../../api/fixtures.ts'
import type { World } from './sample.ts'

export const PASSWORD = 'a long Passphrase 1'
export const POLICY = { Version: '1.1', Statement: [{ Effect: 'Allow', Action: ['ims:images:update'] }] }

/** Creates a user without roles and gives its id. */
export async function newUser(world: World): Promise<string> {
  const user = { name: world.newName(), password: PASSWORD }
  return (await world.made('POST', '/v3/users', { user })).user.id
}

/** Creates a project and gives its id. */
export async function newProject(world: World): Promise<string> {
  return (await world.made('POST', '/v3/projects', { project: { name: world.newName() } })).project.id
}

/** Creates a custom role and gives its id. */
export async function newRole(world: World): Promise<string> {
  const role = { display_name: world.newName(), type: 'XA', description: 'for a test', policy: POLICY }
  return (await world.made('POST', '/v3.0/OS-ROLE/roles', { role })).role.id
}

/** Creates an access key for a new user. */
async function newAccessKey(world: World): Promise<string> {
  const credential = { user_id: await newUser(world) }
  return (await world.made('POST', '/v3.0/OS-CREDENTIAL/credentials', { credential })).credential.access
}

/** Creates an image by a job and gives the id of the job. */
async function newImageJob({ service, newName }: World): Promise<string> {
  const body = { name: newName(), instance_id: newImageId() }
  return (await service.call('POST', '/v2/cloudimages/action', { body })).body.job_id
}

/** Makes a plan that changes nothing, applies it, and gives its id: the number of other plans is limited. */
async function newAppliedPlan({ service }: World): Promise<string> {
  const path = `/tagwerk/v1/${service.project}/plans`
  const body = {
    select: { ids: [{ resource_type: 'images', resource_id: 'no-such' }] },
    actions: [{ set: { a: '1' } }],
  }
  const { id } = (await service.call('POST', path, { body })).body
  await service.call('POST', `${path}/${id}/apply`)
  return id
}

/** The id of the first record of a list of the catalog. */
const firstOf = (list: string) => async (world: World) => (await world.made('GET', `/v3/${list}`))[list][0].id

/**
 * Values of path names, mandatory query parameters and mandatory members of bodies, by name. A value that names a record
 * creates it for this call alone.
 */
export const VALUES: Readonly<Record<string, (world: World) => string | Promise<string>>> = {
  access_key: newAccessKey,
  api_version: () => 'v1.0',
  description: () => 'for a test',
  display_name: ({ newName }) => newName(),
  domain_id: ({ domainId }) => domainId,
  endpoint_id: firstOf('endpoints'),
  image_id: ({ newImage }) => newImage('key1=value1', 'aaaa='),
  instance_id: ({ newInstance }) => newInstance('key1=value1'),
  job_id: newImageJob,
  key: () => 'key1',
  member: ({ otherProjectId }) => otherProjectId,
  name: ({ newName }) => newName(),
  password: () => PASSWORD,
  plan_id: newAppliedPlan,
  project_id: ({ projectId }) => projectId,
  region_id: firstOf('regions'),
  resource_id: ({ newImage }) => newImage('key1=value1'),
  resource_type: () => 'images',
  resource_types: () => 'images',
  role_id: newRole,
  service_id: firstOf('services'),
  tag: () => 'aaaa',
  user_id: newUser,
  value: () => 'value1',
}
