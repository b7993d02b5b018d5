import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { image, instance, newImageId, newInstanceId, projectNamed } from '../api/fixtures.ts'
import { passwordBody } from '../api/iam-v3/accounts.ts'
import { type Answer, type CallOptions, startTestService, type TestService } from '../support/service.ts'

// Every route of the service, as its own OpenAPI documents list them, against every kind of token.

const FAMILIES = ['ims-v2', 'taurusdb-v3', 'iam-v3', 'tagwerk-v1']

const TOKENS = ['none', 'broken', 'expired', 'revoked', 'other', 'domain'] as const
type TokenKind = (typeof TOKENS)[number]
type Statuses = readonly [none: number, broken: number, expired: number, revoked: number, other: number, domain: number]

/** Calls in the project of their path: only a token of that project will do. */
const PROJECT: Statuses = [401, 401, 401, 401, 403, 403]
const anyToken = (status: number): Statuses => [401, 401, 401, 401, status, status]

type Row = { readonly statuses: Statuses; readonly options?: (subject: string) => CallOptions }
const withSubject = (subject: string): CallOptions => ({ headers: { 'x-subject-token': subject } })

const ROWS: Readonly<Record<string, Row>> = {
  'POST /v2/{project_id}/images/{image_id}/tags': {
    statuses: PROJECT,
    options: () => ({ body: { tag: { key: 'k', value: 'v' } } }),
  },
  'GET /v2/{project_id}/images/{image_id}/tags': { statuses: PROJECT },
  'POST /v2/{project_id}/images/resource_instances/action': {
    statuses: PROJECT,
    options: () => ({ body: { action: 'filter' } }),
  },
  'GET /v3/{project_id}/tags': { statuses: PROJECT },
  'GET /v3/{project_id}/instances/{instance_id}/tags': { statuses: PROJECT },
  'POST /v3/auth/tokens': {
    statuses: [201, 201, 201, 201, 201, 201],
    options: () => ({ body: passwordBody({ project: { name: 'default' } }) }),
  },
  'GET /v3/auth/tokens': { statuses: anyToken(200), options: withSubject },
  'HEAD /v3/auth/tokens': { statuses: anyToken(200), options: withSubject },
  'DELETE /v3/auth/tokens': { statuses: anyToken(204), options: withSubject },
  'GET /v3/projects': { statuses: anyToken(200) },
  'GET /v3/auth/projects': { statuses: anyToken(200) },
  'POST /tagwerk/v1/import': { statuses: anyToken(200), options: () => ({ body: '' }) },
  'GET /tagwerk/v1/export': { statuses: anyToken(200) },
  'DELETE /tagwerk/v1/{project_id}/resources/{resource_type}/{resource_id}': { statuses: PROJECT },
}

let service: TestService
let now = Date.now()
let tokens: Readonly<Record<TokenKind, string | null>>
let otherProject: string
let operations: readonly string[]
const fills: Record<string, string> = {
  image_id: newImageId(),
  instance_id: newInstanceId(),
  resource_type: 'images',
}

beforeAll(async () => {
  service = await startTestService({ internals: { clock: () => now } })
  await service.register(image(fills.image_id as string), instance(fills.instance_id as string), {
    ...image(fills.image_id as string, 'secret=1'),
    project: 'other',
  })
  const expired = await takeToken('default')
  // All other tokens are taken when that one has expired.
  now += 25 * 3600 * 1000
  const other = await projectNamed(service, 'other')
  const revoked = await takeToken('default')
  await service.call('DELETE', '/v3/auth/tokens', { token: revoked, headers: { 'x-subject-token': revoked } })
  tokens = {
    none: null,
    broken: 'broken',
    expired,
    revoked,
    other: other.token,
    domain: await service.tokenFor(undefined),
  }
  otherProject = other.id
  fills.project_id = service.project
  fills.resource_id = fills.image_id as string
  const documents = await Promise.all(
    FAMILIES.map((name) => service.call('GET', `/openapi/${name}.json`, { token: null })),
  )
  operations = documents.flatMap(({ body }) =>
    Object.entries(body.paths as Record<string, object>).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    ),
  )
})
afterAll(() => service.stop())

const takeToken = (project: string) => service.tokenFor(project)

function send(operation: string, token: string | null, options: CallOptions, names = fills): Promise<Answer> {
  const [method, path] = operation.split(' ') as [string, string]
  const url = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(names[name] as string))
  return service.call(method, url, { ...options, token })
}

it('lists in its documents exactly the routes that have a row here', () => {
  expect([...operations].sort()).toEqual(Object.keys(ROWS).sort())
})

describe('who may call what', () => {
  for (const [operation, { statuses, options }] of Object.entries(ROWS)) {
    it(operation, async () => {
      const seen: Partial<Record<TokenKind, number>> = {}
      for (const kind of TOKENS) {
        const subject = await takeToken('default')
        const answer = await send(operation, tokens[kind], options?.(subject) ?? {})
        seen[kind] = answer.status
        expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f]{32}$/)
        // Whom the service does not let in learns no revision.
        if (answer.status >= 400) expect(answer.headers.get('x-tagwerk-revision')).toBeNull()
        if (answer.status >= 400 && !operation.startsWith('HEAD')) expectRefusal(operation, kind, answer)
      }
      expect(seen).toEqual(Object.fromEntries(TOKENS.map((kind, i) => [kind, statuses[i]])))
    })
  }

  it('and the deletion above was refused: the image is still there', async () => {
    const token = await takeToken('default')
    const answer = await send('GET /v2/{project_id}/images/{image_id}/tags', token, {})
    expect(answer.body).toEqual({ tags: [] })
  })
})

/** The family's or the gateway's words for each reason (contract 6.1, 6.3, D15, D26). */
function expectRefusal(operation: string, kind: TokenKind, { status, body, headers }: Answer): void {
  const id = headers.get('x-request-id')
  const authentication = 'Incorrect IAM authentication information:'
  const path = operation.split(' ')[1] as string
  if (/^\/v3\/(auth|projects)/.test(path)) {
    expect(body).toEqual({ error: { code: 401, message: 'The X-Auth-Token is invalid!', title: 'Unauthorized' } })
  } else if (path.startsWith('/tagwerk/')) {
    const codes = {
      none: 'token-missing',
      broken: 'token-unreadable',
      expired: 'token-expired',
      revoked: 'token-revoked',
    }
    const expected = kind in codes ? codes[kind as keyof typeof codes] : 'scope-forbidden'
    expect(body).toEqual({ error_code: expected, error_msg: expect.any(String) })
  } else if (status === 403) {
    const ims = { error: { message: 'The project ID and token in the request are invalid.', code: 'IMG.0030' } }
    const dbs = { error_code: 'DBS.200044', error_msg: 'Resource not found or permission denied.' }
    expect(body).toEqual(path.startsWith('/v2/') ? ims : dbs)
  } else {
    const words: Partial<Record<TokenKind, readonly [code: string, message: unknown]>> = {
      none: ['APIGW.0301', `${authentication} x-auth-token not found`],
      broken: ['APIGW.0301', `${authentication} decrypt token fail`],
      expired: [
        'APIGW.0301',
        expect.stringMatching(
          new RegExp(`^${authentication} token expires, expires_at: \\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z$`),
        ),
      ],
      revoked: ['APIGW.0307', 'The token must be updated.'],
    }
    const [code, message] = words[kind] ?? []
    expect(body).toEqual({ error_msg: message, error_code: code, request_id: id })
  }
}

describe('a token of another project gets the same bytes whether or not project and resource exist', () => {
  const bodies: readonly (CallOptions | undefined)[] = [
    undefined,
    { body: '{' },
    { body: '' },
    { body: { tag: { key: '', value: '' } } },
  ]
  const inProject = Object.entries(ROWS).filter(([, { statuses }]) => statuses === PROJECT)
  for (const [operation, { options }] of inProject) {
    it(operation, async () => {
      const own = await takeToken('default')
      const unknown = '0'.repeat(32)
      const targets = [
        { ...fills, project_id: otherProject },
        { ...fills, project_id: otherProject, image_id: 'no', instance_id: 'no', resource_id: 'no' },
        { ...fills, project_id: unknown },
        { ...fills, project_id: unknown, image_id: 'no', instance_id: 'no', resource_id: 'no' },
        { ...fills, project_id: '__proto__' },
        { ...fills, project_id: '镜 /像' },
      ]
      const isPost = operation.startsWith('POST')
      for (const body of isPost ? bodies : [undefined]) {
        const answers = await Promise.all(
          targets.map((names) => send(operation, own, body ?? options?.('') ?? {}, names)),
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
