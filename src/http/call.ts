import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Access, Call, Caller, Route } from '../api/route.ts'
import { authorize, type Target } from '../iam/authorize.ts'
import type { Proven } from './caller.ts'
import { contentTypeOf } from './read-body.ts'

export type Names = Readonly<Record<string, string>>

/** What was read and checked of a request before its call is handled. */
export type Checked = {
  readonly params: Names
  readonly query: Readonly<Record<string, unknown>>
  readonly body: unknown
  readonly projectId: string | undefined
  readonly proven: Proven | undefined
}

/** A call as its handler sees it. What few handlers ask for is worked out when they do. */
export class MountedCall {
  readonly params: Names
  readonly query: Readonly<Record<string, unknown>>
  readonly body: unknown
  readonly caller: Caller | undefined
  readonly projectId: string | undefined
  readonly #route: Route
  readonly #publicUrl: string | undefined
  readonly #request: FastifyRequest
  readonly #reply: FastifyReply
  readonly #again: (() => Promise<Caller>) | undefined

  constructor(
    route: Route,
    publicUrl: string | undefined,
    request: FastifyRequest,
    reply: FastifyReply,
    checked: Checked,
  ) {
    this.params = checked.params
    this.query = checked.query
    this.body = checked.body
    this.caller = checked.proven?.caller
    this.projectId = checked.projectId
    this.#route = route
    this.#publicUrl = publicUrl
    this.#request = request
    this.#reply = reply
    this.#again = checked.proven?.again
  }

  get headers(): Call<Access, never, never, never>['headers'] {
    return this.#request.headers as Readonly<Record<string, string | undefined>>
  }

  get contentType(): string | undefined {
    return contentTypeOf(this.#request.raw)
  }

  get requestId(): string {
    return this.#request.id
  }

  get address(): string {
    return this.#request.ip
  }

  get origin(): string {
    return this.#publicUrl ?? `${this.#request.protocol}://${this.#request.host}`
  }

  // Handlers take these apart from the call, so they bring it with them.

  get reauthorize(): () => Promise<void> {
    return async () => {
      const caller = await this.#again?.()
      if (caller !== undefined) authorize(caller.principal, this.#route.action, targetOf(this.#route, this.params))
    }
  }

  get isAborted(): () => boolean {
    return () => this.#reply.sent || this.#reply.raw.destroyed
  }
}

/** Where a call does its work. */
export function targetOf({ access }: Route, params: Names): Target {
  switch (access) {
    case 'project':
      return { kind: 'project', projectId: params.project_id as string }
    case 'scoped':
      return { kind: 'any-project' }
    case 'domain':
      return { kind: 'domain' }
    default:
      return { kind: 'any' }
  }
}
