import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { DomainError } from '../../src/core/errors.ts'
import { authorize } from '../../src/iam/authorize.ts'
import type { Principal } from '../../src/iam/principal.ts'
import { withoutGlanceError } from '../api/expected.ts'
import { logIn, startWithUsers } from '../api/fixtures.ts'
import { callSample, OVERRIDES, operationsOf, SAMPLES } from '../support/samples/all.ts'
import { OPERATIONS, type Operation, operationOf } from '../support/samples/operations.ts'
import { makeWorld, type World } from '../support/samples/sample.ts'
import type { Answer, TestService } from '../support/service.ts'

// Every route of the service against every kind of token. Calls and expected statuses are derived from the routes, see
// test/support/samples.

const TOKENS = ['none', 'broken', 'expired', 'revoked', 'other', 'domain', 'reader'] as const
type TokenKind = (typeof TOKENS)[number]

let service: TestService
let world: World
let nowMs = Date.now()
let tokens: Readonly<Record<TokenKind, string | null>>
let operations: readonly string[]

beforeAll(async () => {
  const started = await startWithUsers({ flags: { faults: 'on' }, internals: { clock: () => nowMs } })
  const expired = started.token
  // The other tokens are issued after this one has expired.
  nowMs += 25 * 3600 * 1000
  service = await started.renewed()
  world = await makeWorld(service)
  const revoked = await service.tokenFor('default')
  await service.call('DELETE', '/v3/auth/tokens', { token: revoked, headers: { 'x-subject-token': revoked } })
  tokens = {
    none: null,
    broken: 'broken',
    expired,
    revoked,
    other: await service.tokenFor('other'),
    domain: world.domainToken,
    reader: (await logIn(service, 'reader', 'default')).token,
  }
  operations = await operationsOf(service)
})
afterAll(() => service.stop())

const all: readonly (readonly [operation: string, Operation])[] = [...OPERATIONS]

describe('the derived samples', () => {
  it('cover exactly the operations of the OpenAPI documents', () => {
    expect(Object.keys(SAMPLES).sort()).toEqual([...operations].sort())
  })

  it('have no override for an operation that does not exist', () => {
    expect(Object.keys(OVERRIDES).filter((operation) => !OPERATIONS.has(operation))).toEqual([])
  })
})

// The expected statuses follow from the access that a route declares, so that declaration is held to rules here.
describe('the access of the routes', () => {
  const operationsWith = (isWanted: (operation: Operation) => boolean) =>
    all.filter(([, operation]) => isWanted(operation)).map(([name]) => name)

  it('is none only for versions, for logging in, and for the session of the console, which a cookie proves', () => {
    expect(operationsWith(({ route }) => route.access === 'none').sort()).toEqual([
      'DELETE /tagwerk/v1/session',
      'GET /',
      'GET /tagwerk/v1/session',
      'GET /v3',
      'GET /v3/',
      'GET /{api_version}',
      'POST /tagwerk/v1/session',
      'POST /v3/auth/tokens',
    ])
  })

  it('is a token of the project exactly where the path names a project, except in calls that manage accounts and limits', () => {
    const manages = ({ family, route }: Operation) =>
      family === 'iam-v3' || route.path.endsWith('/limits') || route.path.startsWith('/tagwerk/v1/domain/')
    const namesProject = (operation: Operation) => !manages(operation) && operation.route.path.includes('{project_id}')
    expect(operationsWith(({ route }) => route.access === 'project')).toEqual(operationsWith(namesProject))
  })

  it('is a token of any project for the rest of the image service, and of the domain for the rest of the tag service', () => {
    const unnamed = (name: string) => (operation: Operation) =>
      operation.family === name && !/none|project/.test(operation.route.access)
    const accessOf = (name: string) =>
      new Set(operationsWith(unnamed(name)).map((one) => operationOf(one).route.access))
    expect(accessOf('ims-v2')).toEqual(new Set(['scoped']))
    expect(accessOf('tms-v1')).toEqual(new Set(['domain']))
    expect(accessOf('taurusdb-v3')).toEqual(new Set())
  })

  it('is any token in the account service exactly for the actions that need no role', () => {
    const named = { id: 'x', name: 'x' }
    const scope = { kind: 'domain', domain: named } as const
    const user = { ...named, domain: named }
    const withoutRoles: Principal = { user, scope, roles: [], policies: [], policiesAnywhere: [] }
    const needsNoRole = ({ family, route }: Operation) => {
      if (family !== 'iam-v3' || route.access === 'none') return false
      try {
        authorize(withoutRoles, route.action, { kind: 'any' })
        return true
      } catch (error) {
        expect(error).toBeInstanceOf(DomainError)
        return false
      }
    }
    const takesAnyToken = ({ family, route }: Operation) => family === 'iam-v3' && route.access === 'any'
    expect(operationsWith(takesAnyToken)).toEqual(operationsWith(needsNoRole))
  })
})

describe('a caller with all rights', () => {
  it.each(all)('succeeds with %s', async (operation, { route }) => {
    const { status, fill } = SAMPLES[operation]!
    const filled = await fill(world)
    const isOfProject = route.access === 'project' || route.access === 'scoped'
    const token = filled.token ?? (isOfProject ? service.token : world.domainToken)
    const answer = await callSample(operation, world, filled, token)
    expect([answer.status, answer.text]).toEqual([status, answer.text])
  })
})

describe('each kind of token', () => {
  for (const [operation, { route }] of all) {
    it(`gets the status and the error that it should from ${operation}`, async () => {
      const { status, other, domain, reader, fill } = SAMPLES[operation]!
      const unauthenticated = route.access === 'none' ? status : 401
      const seen: Partial<Record<TokenKind, number>> = {}
      for (const kind of TOKENS) {
        const answer = await callSample(operation, world, await fill(world), tokens[kind])
        seen[kind] = answer.status
        expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f]{32}$/)
        // Where the call works in the project of the token, a token of another project is authorized as well.
        const isAuthorized = kind === 'other' && route.access === 'scoped'
        if (answer.status === 401 || (answer.status === 403 && !isAuthorized)) {
          // An unauthorized caller must not learn the revision.
          expect(answer.headers.get('x-tagwerk-revision')).toBeNull()
          if (route.method !== 'HEAD') expectRefusal(operation, kind, answer)
        }
      }
      expect(seen).toEqual({
        none: unauthenticated,
        broken: unauthenticated,
        expired: unauthenticated,
        revoked: unauthenticated,
        other,
        domain,
        reader,
      })
    })
  }
})

const AUTHENTICATION = 'Incorrect IAM authentication information:'
const EXPIRES = new RegExp(`^${AUTHENTICATION} token expires, expires_at: \\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z$`)

/** The gateway's error for each invalid token (contract 6.3, D26). */
const GATEWAY: Partial<Record<TokenKind, readonly [code: string, message: unknown]>> = {
  none: ['APIGW.0301', `${AUTHENTICATION} x-auth-token not found`],
  broken: ['APIGW.0301', `${AUTHENTICATION} decrypt token fail`],
  expired: ['APIGW.0301', expect.stringMatching(EXPIRES)],
  revoked: ['APIGW.0307', 'The token must be updated.'],
}

const OWN_CODES: Partial<Record<TokenKind, string>> = {
  none: 'token-missing',
  broken: 'token-unreadable',
  expired: 'token-expired',
  revoked: 'token-revoked',
}

/** The error of the family or of the gateway for each reason (contract 6.1, 6.3, D15, D26). */
function expectRefusal(operation: string, kind: TokenKind, { status, body, headers }: Answer): void {
  const { family, route } = operationOf(operation)
  if (status === 403) expectReason(operation, kind, messageOf(body))
  if (family === 'iam-v3') {
    expect(body.error.code).toBe(status)
    expect(body.error.title).toBe(status === 401 ? 'Unauthorized' : 'Forbidden')
    if (status === 401) expect(body.error.message).toBe('The X-Auth-Token is invalid!')
  } else if (family === 'tagwerk-v1') {
    const code = OWN_CODES[kind] ?? expect.stringMatching(/^(scope|action)-forbidden$/)
    expect(body).toEqual({ error_code: code, error_msg: expect.any(String) })
  } else if (status === 401) {
    const [code, message] = GATEWAY[kind] ?? []
    const expected = { error_msg: message, error_code: code, request_id: headers.get('x-request-id') }
    expect(withoutGlanceError(route.path, body)).toEqual(expected)
  } else {
    const isScope = kind !== 'reader' || route.access === 'domain'
    expect(body, route.path).toEqual(forbidden(family, isScope))
  }
}

const messageOf = (body: Answer['body']): string => body.error?.message ?? body.error_msg

/** What each caller lacks: a scope of the other kind, or the action. Nothing tells other projects apart (D15). */
function expectReason(operation: string, kind: TokenKind, message: string): void {
  const { route } = operationOf(operation)
  const ofDomain = 'The call needs a token of a domain: get one with "scope":{"domain":{"name":"default"}}'
  const ofProject = 'The call needs a token of a project: get one with "scope":{"project":{"name":"..."}}'
  const isOfProject = route.access === 'project' || route.access === 'scoped'
  if (route.access === 'domain' && kind !== 'domain') expect(message).toContain(ofDomain)
  else if (isOfProject && kind === 'domain') expect(message).toContain(ofProject)
  else if (isOfProject && kind === 'other') expect(message).not.toContain('The call needs')
  else if (isOfProject && kind === 'reader') {
    expect(message).toContain(`The call needs the action ${route.action}, which no role of the user allows here.`)
  } else expect(message).toMatch(/ (The call needs|Users change|Tokens of other users|This service was not started)/)
}

/** The 403 for the scope of a token (D15), or for the role of its user. */
function forbidden(family: string, isScope: boolean): unknown {
  switch (family) {
    case 'ims-v2':
      return isScope
        ? {
            error: {
              message: expect.stringMatching(/^The project ID and token in the request are invalid\./),
              code: 'IMG.0030',
            },
          }
        : { error: { message: expect.stringMatching(/^The role is invalid\./), code: 'IMG.0026' } }
    case 'taurusdb-v3':
      return isScope
        ? { error_code: 'DBS.200044', error_msg: expect.stringMatching(/^Resource not found or permission denied\./) }
        : { error_code: 'DBS.200010', error_msg: expect.stringMatching(/^The DB instance ID or user ID may be null/) }
    default:
      return {
        error_code: 'TMS.0004',
        error_msg: expect.stringMatching(/^You do not have permissions to perform the operation\./),
      }
  }
}

describe('a token of another project gets the same bytes whether or not project and resource exist', () => {
  const bodies = [undefined, '{', '', { tag: { key: '', value: '' } }]
  for (const [operation, { route }] of all.filter(([, one]) => one.route.access === 'project')) {
    it(`from ${operation}`, async () => {
      const filled = await SAMPLES[operation]!.fill(world)
      const unknown = Object.fromEntries(Object.keys(filled.path ?? {}).map((name) => [name, 'no']))
      const projects = [world.otherProjectId, '0'.repeat(32), '__proto__', '镜 /像']
      for (const body of route.method === 'GET' || route.method === 'HEAD' ? [undefined] : bodies) {
        const answers = await Promise.all(
          projects.flatMap((project_id) =>
            [filled.path, unknown].map((path) => {
              const named = { ...filled, ...(body === undefined ? {} : { body }), path: { ...path, project_id } }
              return callSample(operation, world, named, service.token)
            }),
          ),
        )
        expect(answers[0]?.status).toBe(403)
        expect(new Set(answers.map(bytesOf)).size).toBe(1)
      }
    })
  }
})

/** The parts of an answer that a caller can compare: all except date and request id. */
function bytesOf({ status, headers, text }: Answer): string {
  const shown = [...headers].filter(([name]) => name !== 'date' && !name.endsWith('request-id'))
  return JSON.stringify([status, shown, text])
}
