import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Access, Call, Caller, Route } from '../api/route.ts'
import { authorize, type Target } from '../iam/authorize.ts'
import type { Authentication } from './authentication.ts'
import { contentTypeOf } from './read-body.ts'

/** Values of the names in a path, percent-decoded. */
export type PathParams = Readonly<Record<string, string>>

/** The validated parts of a request. */
export type ValidatedRequest = {
  readonly params: PathParams
  readonly query: Readonly<Record<string, unknown>>
  readonly body: unknown
  readonly projectId: string | undefined
  readonly authentication: Authentication | undefined
}

/** The `Call` of an HTTP request. Members that few handlers read are getters, computed on access. */
export class HttpCall {
  readonly params: PathParams
  readonly query: Readonly<Record<string, unknown>>
  readonly body: unknown
  readonly caller: Caller | undefined
  readonly projectId: string | undefined
  readonly #route: Route
  readonly #publicUrl: string | undefined
  readonly #request: FastifyRequest
  readonly #reply: FastifyReply
  readonly #authentication: Authentication | undefined

  constructor(
    route: Route,
    publicUrl: string | undefined,
    request: FastifyRequest,
    reply: FastifyReply,
    validated: ValidatedRequest,
  ) {
    this.params = validated.params
    this.query = validated.query
    this.body = validated.body
    this.caller = validated.authentication?.caller
    this.projectId = validated.projectId
    this.#route = route
    this.#publicUrl = publicUrl
    this.#request = request
    this.#reply = reply
    this.#authentication = validated.authentication
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

  // Returned as closures, because handlers destructure them.

  get reauthorize(): () => Promise<void> {
    return async () => {
      const caller = await this.#authentication?.reauthenticate()
      if (caller !== undefined) authorize(caller.principal, this.#route.action, targetOf(this.#route, this.params))
    }
  }

  get isAborted(): () => boolean {
    return () => this.#reply.sent || this.#reply.raw.destroyed
  }
}

/** Gives what a call of a route acts on, for authorization. */
export function targetOf({ access }: Route, params: PathParams): Target {
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
