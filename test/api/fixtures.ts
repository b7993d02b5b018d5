import { randomUUID } from 'node:crypto'
import { startTestService, type TestService } from '../support/service.ts'
import type { Target } from './scenarios.ts'

/** A project and a token of the administrator for it. */
export type TestProject = { readonly id: string; readonly token: string }

/** Gives a project by name; it has to exist, an import makes it. */
export async function projectNamed(service: TestService, name: string): Promise<TestProject> {
  const token = await service.tokenFor(name)
  const { body } = await service.call('GET', `/v3/projects?name=${encodeURIComponent(name)}`, { token })
  return { id: body.projects[0].id, token }
}

/** The target of a family's scenarios: tokens `project`, `other` (another project's) and `domain`. */
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

/** The id of the image that project `other` of a target holds. */
export const IMAGE_OF_OTHER = '00000000-0000-4000-8000-00000000feed'

/** An image as an import takes it. Tags are written `key=value`. */
export function image(id: string, ...tags: readonly string[]) {
  return { resource_type: 'images', resource_id: id, resource_name: `image ${id.slice(-4)}`, tags: tags.map(tagOf) }
}

/** An instance as an import takes it. */
export function instance(id: string, ...tags: readonly string[]) {
  return { resource_type: 'instances', resource_id: id, resource_name: `instance ${id}`, tags: tags.map(tagOf) }
}

/** `key=value` as a tag. */
export function tagOf(text: string): { readonly key: string; readonly value: string } {
  const [key = '', value = ''] = text.split('=')
  return { key, value }
}

/** The id of an image or instance that differs from all others. */
export const newImageId = (): string => randomUUID()
export const newInstanceId = (): string => `${randomUUID().replaceAll('-', '')}in07`

/** `count` texts that begin alike. */
export function texts(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${prefix}${i}`)
}

export const READER_PASSWORD = 'only looking'

/**
 * Starts a service that also knows `reader` with role `readonly` in the default project, and `guest` with that role in
 * project `guests` only, which holds one image.
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

/** A role by its name, in a project by its id or in the whole domain. */
export type TestRole = { readonly project?: string; readonly role: string }

/** Makes a user with READER_PASSWORD and a role, and gives its id. `token` is an administrator's for the domain. */
export async function makeUser(service: TestService, token: string, name: string, held?: TestRole): Promise<string> {
  const body = { user: { name, password: READER_PASSWORD } }
  const { body: answer } = await service.call('POST', '/v3/users', { token, body })
  const { id, domain_id: domain } = answer.user
  if (held === undefined) return id
  const roles = await service.call('GET', `/v3/roles?name=${held.role}`, { token })
  const place = held.project === undefined ? `domains/${domain}` : `projects/${held.project}`
  const path = `/v3/${place}/users/${id}/roles/${roles.body.roles[0].id}`
  const { status } = await service.call('PUT', path, { token })
  if (status !== 204) throw new Error(`the role was not given: ${status}`)
  return id
}

/** Takes a token of a user of `startWithUsers` for a project, or answers what came instead. */
export async function logIn(service: TestService, user: string, project: string | undefined) {
  const identity = {
    methods: ['password'],
    password: { user: { name: user, password: READER_PASSWORD, domain: { name: 'default' } } },
  }
  const scope = project === undefined ? {} : { scope: { project: { name: project } } }
  const answer = await service.call('POST', '/v3/auth/tokens', { body: { auth: { identity, ...scope } }, token: null })
  return { answer, token: answer.headers.get('x-subject-token') ?? '' }
}
