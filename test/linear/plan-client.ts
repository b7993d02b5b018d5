import { setTimeout as pause } from 'node:timers/promises'
import type { Session } from './clients.ts'

const CALL_TIMEOUT_MS = 15_000
const TRIES_MAX = 200

/** The used members of a plan. */
export type PlanBody = {
  readonly id: string
  readonly state: 'planned' | 'partly-applied' | 'applied'
  readonly summary: { readonly changes: number; readonly refused: number; readonly conflicts: number }
  readonly applied?: {
    readonly changed: number
    readonly remaining: number
    readonly from_revision: number
    readonly to_revision: number
  }
}

export type Answered = { readonly status: number; readonly revision: number; readonly body: unknown }

/** A caller of nodes that may be killed at any time. */
export class PlanClient {
  readonly #session: Session
  /** Gives the node that is asked next. */
  readonly #url: () => string

  constructor(session: Session, url: () => string) {
    this.#session = session
    this.#url = url
  }

  /** Makes one call. Rejects when the node is gone, or fails. */
  async send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answered> {
    const answer = await fetch(`${this.#url()}/tagwerk/v1/${this.#session.project}${path}`, {
      method,
      headers: { 'x-auth-token': this.#session.token, 'content-type': 'application/json', ...headers },
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
    })
    const text = await answer.text()
    if (answer.status >= 500) throw new Error(`${answer.status} ${text}`)
    const revision = Number(answer.headers.get('x-tagwerk-revision') ?? Number.NaN)
    return { status: answer.status, revision, body: text === '' ? undefined : JSON.parse(text) }
  }

  /** Makes a call again until it is answered, by another node perhaps. It has to be idempotent. */
  async insist(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answered> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.send(method, path, body, headers)
      } catch (error) {
        if (tries === TRIES_MAX) throw error
        await pause(50)
      }
    }
  }

  /** The body of an answer with a status. */
  async plan(status: number, answer: Promise<Answered>): Promise<PlanBody> {
    const { status: given, body } = await answer
    if (given !== status) throw new Error(`${given} instead of ${status}: ${JSON.stringify(body)}`)
    return body as PlanBody
  }

  /** How many resources of a type have a value of the key `k`, at one revision. */
  async count(type: string, value: string): Promise<number> {
    const body = { resource_types: [type], tags: [{ key: 'k', values: [value] }], limit: 0 }
    const { body: found } = await this.insist('POST', '/resources/query', body)
    return (found as { total_count: number }).total_count
  }
}

/** A plan of another value of the key `k` for all resources of a type that have one. */
export function valuePlan(type: string, from: string, to: string) {
  return { select: { resource_types: [type] }, actions: [{ map_value: { key: 'k', from: [from], to } }] }
}

/** Registers resources of a type with `k=old`. */
export async function registerMany(url: string, session: Session, type: string, count: number): Promise<void> {
  const lines = Array.from({ length: count }, (_, i) =>
    JSON.stringify({ resource_type: type, resource_id: `${type}-${i}`, tags: { a: '1', k: 'old', z: '2' } }),
  )
  const answer = await fetch(`${url}/tagwerk/v1/import?project=default`, {
    method: 'POST',
    headers: { 'x-auth-token': session.token },
    body: lines.join('\n'),
  })
  const report = (await answer.json()) as { created: number }
  if (report.created !== count) throw new Error(`${answer.status}: ${JSON.stringify(report).slice(0, 500)}`)
}
