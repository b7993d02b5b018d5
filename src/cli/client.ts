import { type ClientConfig, readClientConfig } from '../config/config.ts'
import { ConfigError, type ConfigSources } from '../config/setting.ts'
import { PROGRAM } from './io.ts'

/** Thrown for an error response. */
export class ApiError extends Error {
  readonly status: number
  /** The Retry-After of the response; undefined without one. */
  readonly retryAfterSeconds: number | undefined

  constructor(message: string, status: number, retryAfterSeconds: number | undefined) {
    super(message)
    this.status = status
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/** Thrown for a missing or incomplete response. */
export class ConnectionError extends Error {}

/** The scope of a token: a project by name, or the user's domain. */
export type Scope = { readonly project: string } | 'domain'

/** A request of the API; the body goes out as it is when it is bytes, as JSON otherwise. */
export type ApiRequest = {
  readonly method?: 'GET' | 'POST'
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  readonly body?: unknown
}

/** The members that are used of a token's body. */
type TokenBody = {
  readonly token: { readonly user?: { readonly id: string }; readonly project?: { readonly id: string } }
}

/** A user who is logged in to a service, for one scope. */
export class Client {
  readonly #config: ClientConfig
  readonly #scope: Scope
  #token = ''
  #tokenBody: TokenBody = { token: {} }

  private constructor(config: ClientConfig, scope: Scope) {
    this.#config = config
    this.#scope = scope
  }

  /** Requests a token. Throws a ConfigError without a password, an ApiError for a wrong one, and a ConnectionError. */
  static async logIn(config: ClientConfig, scope: Scope): Promise<Client> {
    if (config.password === undefined) {
      throw new ConfigError('TAGWERK_PASSWORD is not set: put the password of the user into this variable')
    }
    const client = new Client(config, scope)
    await client.#takeToken()
    return client
  }

  get token(): string {
    return this.#token
  }

  /** The body of the token response. */
  get tokenBody(): unknown {
    return this.#tokenBody
  }

  /** Id of the user who is logged in. */
  get userId(): string {
    return this.#tokenBody.token.user?.id ?? ''
  }

  /** Id of the project that the token is for. Throws when it is for a domain. */
  get projectId(): string {
    const { project } = this.#tokenBody.token
    if (project === undefined) throw new Error('the token is for no project')
    return project.id
  }

  /**
   * Sends a request and gives the response, its body unread. Throws an ApiError for an error status, a ConnectionError
   * without a response. Renews an expired token once and retries.
   */
  async send(request: ApiRequest): Promise<Response> {
    const response = await this.#fetch(request, this.#token)
    if (response.status !== 401) return orThrow(response)
    await response.body?.cancel()
    await this.#takeToken()
    return orThrow(await this.#fetch(request, this.#token))
  }

  /** Sends a request and gives its answer as JSON, with the project's revision that it reflects. */
  async json<T>(request: ApiRequest): Promise<{ readonly body: T; readonly revision: string | null }> {
    const response = await this.send(request)
    return { body: await this.#read<T>(response), revision: response.headers.get('x-tagwerk-revision') }
  }

  async #takeToken(): Promise<void> {
    const { user: name, password } = this.#config
    const domain = { name: 'default' }
    const scope = this.#scope === 'domain' ? { domain } : { project: { name: this.#scope.project } }
    const identity = { methods: ['password'], password: { user: { name, password, domain } } }
    const response = await this.#fetch({ method: 'POST', path: '/v3/auth/tokens', body: { auth: { identity, scope } } })
    await orThrow(response)
    this.#token = response.headers.get('x-subject-token') ?? ''
    this.#tokenBody = await this.#read<TokenBody>(response)
  }

  #fetch({ method = 'GET', path, query, body }: ApiRequest, token?: string): Promise<Response> {
    const search = query === undefined ? '' : `?${new URLSearchParams(query)}`
    const isBytes = body instanceof Uint8Array
    const type = isBytes ? 'application/x-ndjson' : 'application/json'
    const headers = {
      ...(body === undefined ? {} : { 'content-type': type }),
      ...(token === undefined ? {} : { 'x-auth-token': token }),
    }
    const sent = body === undefined ? null : isBytes ? (body as Uint8Array<ArrayBuffer>) : JSON.stringify(body)
    return this.#reach(() => fetch(`${this.#config.endpoint}${path}${search}`, { method, headers, body: sent }))
  }

  async #read<T>(response: Response): Promise<T> {
    const text = await this.#reach(() => response.text())
    try {
      return JSON.parse(text) as T
    } catch {
      throw new ApiError(`what answers at ${this.#config.endpoint} is no Tagwerk service`, response.status, undefined)
    }
  }

  /** Runs a request; a connection failure names the endpoint. */
  async #reach<T>(run: () => Promise<T>): Promise<T> {
    try {
      return await run()
    } catch (error) {
      throw new ConnectionError(describeConnection(this.#config.endpoint, error))
    }
  }
}

/** Describes in one line why a service is unreachable and what to do about it. */
export function describeConnection(endpoint: string, error: unknown): string {
  const { cause, message } = error as { cause?: { code?: string; message?: string }; message: string }
  const reason = cause?.code ?? cause?.message ?? message
  const hint = `Is a service running there? "${PROGRAM} serve" starts one; --endpoint or TAGWERK_ENDPOINT names another`
  return `cannot reach the service at ${endpoint}: ${reason}. ${hint}`
}

/** Help text of commands that work in one project. */
export const PROJECT_HELP =
  'The project is that of --project or TAGWERK_PROJECT, and the project default without either.'

/** Logs in for the project that flag or variable names, or for project `default`. */
export function logInToProject(sources: ConfigSources): Promise<Client> {
  const config = readClientConfig(sources)
  return Client.logIn(config, { project: config.project ?? 'default' })
}

async function orThrow(response: Response): Promise<Response> {
  if (response.ok) return response
  const { status, headers } = response
  const text = await response.text().catch(() => '')
  const retryAfter = headers.get('retry-after')
  const seconds = retryAfter !== null && /^\d+$/.test(retryAfter) ? Number(retryAfter) : undefined
  const requestId = headers.get('x-request-id')
  const where = requestId === null ? '' : ` (request ${requestId})`
  throw new ApiError(`the service answered ${status} ${describeBody(text)}${where}`, status, seconds)
}

/** Formats code and message of an error response; each family has a different error body. */
function describeBody(text: string): string {
  try {
    const body = JSON.parse(text) as Record<string, unknown>
    const error = (body.error ?? {}) as { code?: unknown; message?: unknown; title?: unknown }
    const code = body.error_code ?? error.title ?? error.code
    const message = body.error_msg ?? error.message
    if (message !== undefined) return code === undefined ? String(message) : `${code}: ${message}`
  } catch {
    // Not a response of this service: a proxy answered.
  }
  return text.trim().slice(0, 200) || 'without a body'
}
