import { randomUUID } from 'node:crypto'
import { startTestService, type TestService } from '../support/service.ts'
import type { Target } from './scenarios.ts'

/** A project and an administrator's token for it. */
export type TestProject = { readonly id: string; readonly token: string }

/** Gives an existing project by name. An import creates projects. */
export async function projectNamed(service: TestService, name: string): Promise<TestProject> {
  const token = await service.tokenFor(name)
  const { body } = await service.call('GET', `/v3/projects?name=${encodeURIComponent(name)}`, { token })
  return { id: body.projects[0].id, token }
}

/** The target of a family's scenarios, with the tokens `project`, `other` (for another project) and `domain`. */
export async function targetOf(
  service: TestService,
  fills: Readonly<Record<string, string>>,
  hasRevisions = true,
): Promise<Target> {
  await service.register({ ...image('00000000-0000-4000-8000-00000000feed'), project: 'other' })
  const other = await projectNamed(service, 'other')
  const tokens = { project: service.token, other: other.token, domain: await service.tokenFor(undefined) }
  return { url: service.url, tokens, fills: { project: service.project, other: other.id, ...fills }, hasRevisions }
}

/** The id of the image in the project `other` of a target. */
export const IMAGE_OF_OTHER = '00000000-0000-4000-8000-00000000feed'

/** An image line of an import. Tags are given as `key=value`. */
export function image(id: string, ...tags: readonly string[]) {
  return { resource_type: 'images', resource_id: id, resource_name: `image ${id.slice(-4)}`, tags: tags.map(tagOf) }
}

/** An instance line of an import. */
export function instance(id: string, ...tags: readonly string[]) {
  return { resource_type: 'instances', resource_id: id, resource_name: `instance ${id}`, tags: tags.map(tagOf) }
}

/** Parses `key=value` to a tag. */
export function tagOf(text: string): { readonly key: string; readonly value: string } {
  const [key = '', value = ''] = text.split('=')
  return { key, value }
}

/** Random ids of an image and an instance. */
export const newImageId = (): string => randomUUID()
export const newInstanceId = (): string => `${randomUUID().replaceAll('-', '')}in07`

/** `count` strings: the prefix with a number. */
export function texts(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${prefix}${i}`)
}

export const READER_PASSWORD = 'only looking'

/**
 * Starts a service with two more users: `reader` has role `readonly` in the default project, `guest` has it in project
 * `guests`, which has one image.
 */
export async function startWithUsers(options: Parameters<typeof startTestService>[0] = {}): Promise<TestService> {
  const service = await startTestService(options)
  const token = await service.tokenFor(undefined)
  await service.register({ ...image(newImageId()), project: 'guests' })
  const guests = await projectNamed(service, 'guests')
  await makeUser(service, token, 'reader', { project: service.project, role: 'readonly' })
  await makeUser(service, token, 'guest', { project: guests.id, role: 'readonly' })
  return service
}

/** A role by name, in a project by id or, without one, in the domain. */
export type TestRole = { readonly project?: string; readonly role: string }

/** Creates a user with READER_PASSWORD and a role, and returns its id. `token` is an administrator's domain token. */
export async function makeUser(
  service: TestService,
  token: string,
  name: string,
  assigned?: TestRole,
): Promise<string> {
  const body = { user: { name, password: READER_PASSWORD } }
  const { body: answer } = await service.call('POST', '/v3/users', { token, body })
  const { id, domain_id: domain } = answer.user
  if (assigned === undefined) return id
  const roles = await service.call('GET', `/v3/roles?name=${assigned.role}`, { token })
  const scope = assigned.project === undefined ? `domains/${domain}` : `projects/${assigned.project}`
  const path = `/v3/${scope}/users/${id}/roles/${roles.body.roles[0].id}`
  const { status } = await service.call('PUT', path, { token })
  if (status !== 204) throw new Error(`assigning the role failed: ${status}`)
  return id
}

/** Logs in a user created by `makeUser`, for a project or the domain. The token is empty if the login fails. */
export async function logIn(service: TestService, user: string, project: string | undefined) {
  const identity = {
    methods: ['password'],
    password: { user: { name: user, password: READER_PASSWORD, domain: { name: 'default' } } },
  }
  const scope = project === undefined ? {} : { scope: { project: { name: project } } }
  const answer = await service.call('POST', '/v3/auth/tokens', { body: { auth: { identity, ...scope } }, token: null })
  return { answer, token: answer.headers.get('x-subject-token') ?? '' }
}
