import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { logIn, startWithUsers } from '../api/fixtures.ts'
import { callSample, operationsOf, SAMPLES } from '../support/samples/all.ts'
import { makeWorld, type World } from '../support/samples/sample.ts'
import type { Answer, TestService } from '../support/service.ts'
import { ROWS, TOKENS, type TokenKind } from './route-rows.ts'

// Every route of the service, as its own OpenAPI documents list them, against every kind of token.

let service: TestService
let world: World
let nowMs = Date.now()
let tokens: Readonly<Record<TokenKind, string | null>>
let operations: readonly string[]

beforeAll(async () => {
  const started = await startWithUsers({ flags: { faults: 'on' }, internals: { clock: () => nowMs } })
  const expired = started.token
  // All other tokens are taken when that one has expired.
  nowMs += 25 * 3600 * 1000
  service = await started.renewed()
  world = await makeWorld(service)
  const revoked = await service.tokenFor('default')
  await service.call('DELETE', '/v3/auth/tokens', { token: revoked, headers: { 'x-subject-token': revoked } })
  tokens = {
    ...{ none: null, broken: 'broken', expired, revoked },
    other: await service.tokenFor('other'),
    domain: world.domainToken,
    reader: (await logIn(service, 'reader', 'default')).token,
  }
  operations = await operationsOf(service)
})
afterAll(() => service.stop())

it('has a row and a working call for exactly the routes there are', () => {
  expect(Object.keys(ROWS).sort()).toEqual([...operations].sort())
  expect(Object.keys(SAMPLES).sort()).toEqual([...operations].sort())
})

describe('a caller with every right', () => {
  it.each(Object.entries(SAMPLES))('%s works', async (operation, { status, fill }) => {
    const filled = await fill(world)
    const isOfProject = /^(project|scoped)$/.test(ROWS[operation]!.access)
    const token = filled.token ?? (isOfProject ? service.token : world.domainToken)
    const answer = await callSample(operation, world, filled, token)
    expect([answer.status, answer.text]).toEqual([status, answer.text])
  })
})

describe('who may call what', () => {
  for (const [operation, row] of Object.entries(ROWS)) {
    it(operation, async () => {
      const seen: Partial<Record<TokenKind, number>> = {}
      for (const kind of TOKENS) {
        const filled = await SAMPLES[operation]!.fill(world)
        const answer = await callSample(operation, world, filled, tokens[kind])
        seen[kind] = answer.status
        expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f]{32}$/)
        // A token of another project is as good as any where the call works in the project of the token.
        const isLetIn = kind === 'other' && row.access === 'scoped'
        if (answer.status === 401 || (answer.status === 403 && !isLetIn)) {
          // Whom the service does not let in learns no revision.
          expect(answer.headers.get('x-tagwerk-revision')).toBeNull()
          if (!operation.startsWith('HEAD')) expectRefusal(operation, kind, answer)
        }
      }
      expect(seen).toEqual(Object.fromEntries(TOKENS.map((kind, i) => [kind, row.statuses[i]])))
    })
  }
})

const AUTHENTICATION = 'Incorrect IAM authentication information:'
const EXPIRES = new RegExp(`^${AUTHENTICATION} token expires, expires_at: \\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z$`)

/** What the gateway says to a token that does not count (contract 6.3, D26). */
const GATEWAY: Partial<Record<TokenKind, readonly [code: string, message: unknown]>> = {
  none: ['APIGW.0301', `${AUTHENTICATION} x-auth-token not found`],
  broken: ['APIGW.0301', `${AUTHENTICATION} decrypt token fail`],
  expired: ['APIGW.0301', expect.stringMatching(EXPIRES)],
  revoked: ['APIGW.0307', 'The token must be updated.'],
}

const OWN_CODES: Partial<Record<TokenKind, string>> = {
  ...{ none: 'token-missing', broken: 'token-unreadable', expired: 'token-expired', revoked: 'token-revoked' },
}

/** The family's or the gateway's words for each reason (contract 6.1, 6.3, D15, D26). */
function expectRefusal(operation: string, kind: TokenKind, { status, body, headers }: Answer): void {
  const path = operation.split(' ')[1] as string
  const { family } = ROWS[operation]!
  if (family === 'iam-v3') {
    expect(body.error.code).toBe(status)
    expect(body.error.title).toBe(status === 401 ? 'Unauthorized' : 'Forbidden')
    if (status === 401) expect(body.error.message).toBe('The X-Auth-Token is invalid!')
  } else if (family === 'tagwerk-v1') {
    const code = OWN_CODES[kind] ?? expect.stringMatching(/^(scope|action)-forbidden$/)
    expect(body).toEqual({ error_code: code, error_msg: expect.any(String) })
  } else if (status === 401) {
    const [code, message] = GATEWAY[kind] ?? []
    expect(body).toEqual({ error_msg: message, error_code: code, request_id: headers.get('x-request-id') })
  } else {
    const isScope = kind !== 'reader' || ROWS[operation]!.access === 'domain'
    expect(body, path).toEqual(forbidden(family, isScope))
  }
}

/** 403 because of the scope of a token (D15), or because of the role of its user. */
function forbidden(family: string, isScope: boolean): unknown {
  switch (family) {
    case 'ims-v2':
      return isScope
        ? { error: { message: 'The project ID and token in the request are invalid.', code: 'IMG.0030' } }
        : { error: { message: expect.stringMatching(/^The role is invalid\./), code: 'IMG.0026' } }
    case 'taurusdb-v3':
      return isScope
        ? { error_code: 'DBS.200044', error_msg: 'Resource not found or permission denied.' }
        : { error_code: 'DBS.200010', error_msg: expect.stringMatching(/^The DB instance ID or user ID may be null/) }
    default:
      return { error_code: 'TMS.0004', error_msg: 'You do not have permissions to perform the operation.' }
  }
}

describe('a token of another project gets the same bytes whether or not project and resource exist', () => {
  const bodies = [undefined, '{', '', { tag: { key: '', value: '' } }]
  const inProject = Object.entries(ROWS).filter(([, { access }]) => access === 'project')
  for (const [operation] of inProject) {
    it(operation, async () => {
      const filled = await SAMPLES[operation]!.fill(world)
      const nowhere = Object.fromEntries(Object.keys(filled.path ?? {}).map((name) => [name, 'no']))
      const projects = [world.otherProjectId, '0'.repeat(32), '__proto__', '镜 /像']
      const [method] = operation.split(' ')
      for (const body of method === 'GET' || method === 'HEAD' ? [undefined] : bodies) {
        const answers = await Promise.all(
          projects.flatMap((project_id) =>
            [filled.path, nowhere].map((path) => {
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

/** Everything that a caller sees of an answer, but for what differs between any two. */
function bytesOf({ status, headers, text }: Answer): string {
  const shown = [...headers].filter(([name]) => name !== 'date' && name !== 'x-request-id')
  return JSON.stringify([status, shown, text])
}
