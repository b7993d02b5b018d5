import { beforeAll } from 'vitest'
import type { Answer } from '../../support/service.ts'
import { tagwerkError } from '../expected.ts'
import { READER_PASSWORD } from '../fixtures.ts'
import { type World, withWorld } from '../iam-v3/world.ts'
import type { Scenario, Target } from '../scenarios.ts'

export const PASSWORD = READER_PASSWORD

/**
 * The world of the account service, with a second domain `acme` and its administrator's token `stranger`. By default calls
 * are sent with the administrator's token for the domain.
 */
export type AccountWorld = Pick<World, 'service' | 'ask' | 'newUser' | 'tokenOf' | 'ids'> & {
  readonly target: Target
  /** Sends a request, and gives the status and the body or the code of its error. */
  outcome(method: string, path: string, body?: unknown, token?: string): Promise<readonly [number, unknown]>
  /** The newest entry of the account log. */
  // biome-ignore lint/suspicious/noExplicitAny: an entry is looked into freely
  lastLogged(): Promise<any>
}

/** Starts such a world for the tests of a file. */
export function withAccountWorld(): () => AccountWorld {
  const plain = withWorld()
  let world: AccountWorld
  beforeAll(async () => {
    const { service, ask, newUser, tokenOf, ids, target } = plain()
    const domain = { name: 'acme', administrator: { name: 'boss', password: PASSWORD } }
    const created = await ask('POST', '/v3/domains', { domain })
    const user = { ...domain.administrator, domain: { name: 'acme' } }
    const identity = { methods: ['password'], password: { user } }
    const auth = { identity, scope: { domain: { name: 'acme' } } }
    const login = await service.call('POST', '/v3/auth/tokens', { token: null, body: { auth } })
    const tokens = { ...target.tokens, stranger: login.headers.get('x-subject-token') ?? '' }
    const asking = (method: string, path: string, body?: unknown, token = 'domain') =>
      ask(method, path, body, (tokens as Readonly<Record<string, string>>)[token] ?? token)
    world = {
      service,
      newUser,
      tokenOf,
      ask: asking,
      ids: { ...ids, acme: created.body.domain.id },
      target: { ...target, tokens },
      outcome: async (...request) => outcomeOf(await asking(...request)),
      lastLogged: async () => (await asking('GET', '/tagwerk/v1/account-log?limit=1')).body.entries[0],
    }
  })
  return () => world
}

/** The status of an answer, with its body or the code of its error. */
export function outcomeOf({ status, text, body }: Answer): readonly [number, unknown] {
  if (status >= 400) return [status, body.error_code]
  return [status, text === '' ? null : body]
}

type Asked = Omit<Scenario['request'], 'token'>

/** Scenarios of an operation that needs an action in the domain, which the role `readonly` does not allow. */
export function needsAction(action: string, request: Asked): Scenario[] {
  return [
    ...needsDomain(request),
    {
      name: 'a reader of the domain is answered with 403 and the action that is missing',
      request: { ...request, token: 'watcher' },
      ...tagwerkError(403, 'action-forbidden', `needs the action ${action},`),
    },
  ]
}

/** Scenarios of an operation that needs a token of the domain. */
export function needsDomain(request: Asked): Scenario[] {
  return [
    {
      name: 'a request without a token is answered with 401',
      request: { ...request, token: null },
      ...tagwerkError(401, 'token-missing'),
    },
    {
      name: 'an administrator of one project is answered with 403',
      request: { ...request, token: 'project' },
      ...tagwerkError(403, 'scope-forbidden', 'token of a domain'),
    },
  ]
}

/** A scenario of the domain's administrator, or of another caller. */
export function asked(
  name: string,
  request: Scenario['request'],
  expected: Omit<Scenario, 'name' | 'request'>,
): Scenario {
  return { name, request: { token: 'domain', ...request }, ...expected }
}

/** The 400 for a field of a request, with what its message says. */
export const bad = (...fragments: string[]) => tagwerkError(400, 'request-invalid', ...fragments)
