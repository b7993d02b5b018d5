import { expect, it } from 'vitest'
import { withoutGlanceError } from './expected.ts'

/** The service under test: base URL, tokens by name, and values for `{names}` in paths. */
export type Target = {
  readonly url: string
  /** `project` is the default token of a scenario. */
  readonly tokens: Readonly<Record<string, string>>
  readonly fills: Readonly<Record<string, string>>
  /** True for families whose responses have a revision header. */
  readonly hasRevisions: boolean
}

/** One request and the expected response. */
export type Scenario = {
  readonly name: string
  readonly request: {
    readonly method: string
    /** Path with `{names}`, query included. */
    readonly path: string
    /** Strings and bytes are sent unchanged, other values as JSON. */
    readonly body?: unknown
    /** Null removes a default header. */
    readonly headers?: Readonly<Record<string, string | null>>
    /** Name of a token of the target; null sends none. */
    readonly token?: string | null
  }
  readonly status: number
  /** The exact body; null expects no body, undefined accepts any. */
  readonly body?: unknown
  /** Expected members of the body. */
  readonly partial?: object
  readonly headers?: Readonly<Record<string, unknown>>
}

/** Registers one test per scenario. `target` is called when the tests run. */
export function runScenarios(target: () => Target, scenarios: readonly Scenario[]): void {
  for (const scenario of scenarios) it(scenario.name, () => runScenario(target(), scenario))
}

async function runScenario(target: Target, { request, status, body, partial, headers }: Scenario): Promise<void> {
  const response = await send(target, request)
  const text = await response.text()
  const answered = text === '' ? null : withoutGlanceError(request.path, JSON.parse(text))
  const seen = { status: response.status, body: answered }
  if (body !== undefined) expect(seen).toStrictEqual({ status, body })
  else expect(seen).toMatchObject(partial === undefined ? { status } : { status, body: partial })
  expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f]{32}$/)
  expect([response.headers.get('cache-control'), response.headers.get('x-content-type-options')]).toEqual([
    'no-store',
    'nosniff',
  ])
  expect(response.headers.get('x-openstack-request-id')).toBe(response.headers.get('x-request-id'))
  if (text !== '') expect(response.headers.get('content-type')).toMatch(/^application\/json/)
  if (target.hasRevisions) expectRevision(response)
  for (const [name, value] of Object.entries(headers ?? {})) {
    expect({ [name]: response.headers.get(name) }).toEqual({ [name]: value })
  }
}

/** A 401 or 403 must not have a revision, which would leak how often the project was written. */
function expectRevision({ status, headers }: Response): void {
  const revision = headers.get('x-tagwerk-revision')
  if (status === 401 || status === 403) expect(revision).toBeNull()
  else expect(revision).toMatch(/^\d+$/)
}

async function send(target: Target, request: Scenario['request']): Promise<Response> {
  const { method, path, body, headers, token = 'project' } = request
  const url = target.url + path.replace(/\{(\w+)\}/g, (_, name: string) => filled(target, name))
  const sent = new Headers()
  if (body !== undefined) sent.set('content-type', 'application/json')
  if (token !== null) sent.set('x-auth-token', target.tokens[token] ?? `no token named ${token}`)
  for (const [name, value] of Object.entries(headers ?? {})) value === null ? sent.delete(name) : sent.set(name, value)
  // As bytes, because fetch adds a content type to a string.
  return fetch(url, { method, headers: sent, body: body === undefined ? null : bytesOf(body) })
}

function filled(target: Target, name: string): string {
  const value = target.fills[name]
  if (value === undefined) throw new Error(`no value for {${name}}`)
  return value
}

function bytesOf(body: unknown): Uint8Array<ArrayBuffer> {
  if (body instanceof Uint8Array) return new Uint8Array(body)
  return new TextEncoder().encode(typeof body === 'string' ? body : JSON.stringify(body))
}
