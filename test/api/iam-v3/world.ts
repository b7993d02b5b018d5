import { afterAll, beforeAll } from 'vitest'
import type { Answer, TestService } from '../../support/service.ts'
import { iamError, says, saysRefusal } from '../expected.ts'
import { logIn, makeUser, READER_PASSWORD, startWithUsers, targetOf } from '../fixtures.ts'
import type { Scenario, Target } from '../scenarios.ts'

/**
 * A service with users, and tokens by name: `project` and `domain` are the administrator's; `reader` has read-only
 * access to project default, `watcher` has read-only access to the domain.
 */
export type World = {
  readonly service: TestService
  readonly target: Target
  /** Ids by name: `domain`, `project`, `other`, and the users `admin`, `reader`, `watcher`. */
  readonly ids: Readonly<Record<string, string>>
  /** Sends a request, by default with the administrator's domain token. `token` is a name or a token. */
  ask(method: string, path: string, body?: unknown, token?: string): Promise<Answer>
  /** Creates a user without roles and returns its id. */
  newUser(name: string): Promise<string>
  /** Issues a token for a user created here, for a project by name or for the domain. */
  tokenOf(name: string, project?: string): Promise<string>
}

/** Starts a world for the tests of a file. */
export function withWorld(): () => World {
  let world: World
  beforeAll(async () => {
    world = await startWorld()
  })
  afterAll(() => world.service.stop())
  return () => world
}

async function startWorld(): Promise<World> {
  const service = await startWithUsers()
  const admin = await service.tokenFor(undefined)
  await makeUser(service, admin, 'watcher', { role: 'readonly' })
  const { body } = await service.call('GET', '/v3/users', { token: admin })
  const ids: Record<string, string> = { project: service.project, domain: body.users[0].domain_id }
  for (const { name, id } of body.users) ids[name] = id
  const bare = await targetOf(service, ids, false)
  const tokens = {
    ...bare.tokens,
    reader: (await logIn(service, 'reader', 'default')).token,
    watcher: (await logIn(service, 'watcher', undefined)).token,
  }
  const target = { ...bare, tokens }
  return {
    service,
    target,
    ids: target.fills,
    ask: (method, path, sent, token = 'domain') => {
      const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => target.fills[name] ?? `{${name}}`)
      const own = (tokens as Record<string, string>)[token] ?? token
      return service.call(method, filled, { token: own, ...(sent === undefined ? {} : { body: sent }) })
    },
    newUser: (name) => makeUser(service, admin, name),
    tokenOf: async (name, project) => (await logIn(service, name, project)).token,
  }
}

export const PASSWORD = READER_PASSWORD

export const UNAUTHORIZED = iamError(401, 'Unauthorized', 'The X-Auth-Token is invalid!')
export const forbidden = (...fragments: string[]) =>
  iamError(403, 'Forbidden', saysRefusal('You have no right to do this action', ...fragments))
export const FORBIDDEN = forbidden()

export const bad = (...fragments: string[]) =>
  iamError(400, 'Bad Request', says('The request body is invalid', ...fragments))
export const notFound = (...fragments: string[]) =>
  iamError(404, 'Not Found', says('The requested resource does not exist.', ...fragments))
export const conflict = (text: string, ...fragments: string[]) => iamError(409, 'Conflict', says(text, ...fragments))

export const NAME_TAKEN = 'There is one of that name already.'
export const LAST_ADMIN = 'The domain would be left without an administrator.'

/** An error without body, for HEAD. */
export const statusOnly = ({ status }: { readonly status: number }) => ({ status, body: null })

type Asked = Scenario['request']

/** Scenarios for operations that need a token. */
export function needsToken(request: Asked): Scenario[] {
  const show = request.method === 'HEAD' ? statusOnly : (expected: typeof UNAUTHORIZED) => expected
  return [
    {
      name: 'a request without a token is answered with 401',
      request: { ...request, token: null },
      ...show(UNAUTHORIZED),
    },
    {
      name: 'a malformed token is answered with 401',
      request: { ...request, headers: { 'x-auth-token': 'x' } },
      ...show(UNAUTHORIZED),
    },
  ]
}

/** Scenarios for operations that need a domain token. */
export function needsDomain(request: Asked): Scenario[] {
  const show = request.method === 'HEAD' ? statusOnly : (expected: typeof FORBIDDEN) => expected
  return [
    ...needsToken(request),
    {
      name: 'an administrator of one project is answered with 403',
      request: { ...request, token: 'project' },
      ...show(FORBIDDEN),
    },
    {
      name: 'a reader of one project is answered with 403',
      request: { ...request, token: 'reader' },
      ...show(FORBIDDEN),
    },
  ]
}

/** Scenarios for operations that a domain reader must not call. */
export function needsManager(request: Asked): Scenario[] {
  return [
    ...needsDomain(request),
    { name: 'a reader of the domain is answered with 403', request: { ...request, token: 'watcher' }, ...FORBIDDEN },
  ]
}

/** A scenario, by default with the administrator's domain token. */
export function asked(
  name: string,
  method: string,
  path: string,
  expected: Omit<Scenario, 'name' | 'request'>,
  body?: unknown,
  token = 'domain',
): Scenario {
  return { name, request: { method, path, token, ...(body === undefined ? {} : { body }) }, ...expected }
}
