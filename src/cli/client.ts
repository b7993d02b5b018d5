import type { ClientConfig } from '../config/config.ts'
import { ConfigError } from '../config/setting.ts'
import { notTagwerk, readError } from './error-answer.ts'
import { PROGRAM } from './io.ts'

/** The connection failed before the response was complete. */
export class ConnectionError extends Error {}

/** The scope of a token: a project by name, or the user's domain. */
export type Scope = { readonly project: string } | 'domain'

/** An API request. A body of bytes, or a stream of them, is sent unchanged, any other as JSON. */
export type ApiRequest = {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly path: string
  /** A parameter with several values is repeated. */
  readonly query?: Readonly<Record<string, string | readonly string[]>>
  readonly body?: unknown
  /** The media type of a body of bytes; by default NDJSON. */
  readonly contentType?: string
  /** Aborts the request. */
  readonly signal?: AbortSignal
}

type TokenProject = { readonly id: string; readonly name: string }

/** The used members of a token response. */
type TokenBody = {
  readonly token: {
    readonly user?: { readonly id: string; readonly domain: TokenDomain }
    readonly project?: TokenProject
    readonly roles?: readonly { readonly name: string }[]
  }
}

type TokenDomain = { readonly id: string; readonly name: string }

/** An HTTP client with the token of a user for one scope. */
export class Client {
  readonly #config: ClientConfig
  readonly #scope: Scope
  #token = ''
  #tokenBody: TokenBody = { token: {} }
  #asOf: string | undefined

  private constructor(config: ClientConfig, scope: Scope) {
    this.#config = config
    this.#scope = scope
  }

  /** Requests a token. Throws a ConfigError without a password, an ApiError if it is wrong, or a ConnectionError. */
  static async logIn(config: ClientConfig, scope: Scope): Promise<Client> {
    requirePassword(config)
    const client = new Client(config, scope)
    await client.#requestToken()
    return client
  }

  /** Reads the region of the service, after which the first project is named. Needs no login. */
  static async regionOf(config: ClientConfig): Promise<string> {
    const client = new Client(config, 'domain')
    const response = await client.#throwUnlessOk(await client.#fetch({ path: '/version' }))
    return (await client.#read<{ readonly region: string }>(response)).region
  }

  /** Makes all later requests read as of a moment, which the service refuses for those that do not read tags. */
  readAsOf(moment: string | undefined): void {
    this.#asOf = moment
  }

  get token(): string {
    return this.#token
  }

  /** The body of the token response. */
  get tokenBody(): unknown {
    return this.#tokenBody
  }

  /** Id of the user. */
  get userId(): string {
    return this.#tokenBody.token.user?.id ?? ''
  }

  /** The domain of the user. */
  get domain(): TokenDomain {
    const { user } = this.#tokenBody.token
    if (user === undefined) throw new Error('the token names no user')
    return user.domain
  }

  /** The project in the token's scope; undefined if the scope is a domain. */
  get project(): TokenProject | undefined {
    return this.#tokenBody.token.project
  }

  /** Names of the user's roles in the token's scope. */
  get roles(): readonly string[] {
    return (this.#tokenBody.token.roles ?? []).map(({ name }) => name)
  }

  /** Id of the project in the token's scope. Throws if the scope is a domain. */
  get projectId(): string {
    const { project } = this
    if (project === undefined) throw new Error('the scope of the token is not a project')
    return project.id
  }

  /**
   * Sends a request and resolves with the response before its body is read. Throws an ApiError for an error status and a
   * ConnectionError without a response. After a 401 it requests a new token and retries once.
   */
  async send(request: ApiRequest): Promise<Response> {
    const response = await this.#fetch(request, this.#token)
    // A stream can be sent only once.
    if (response.status !== 401 || request.body instanceof ReadableStream) return this.#throwUnlessOk(response)
    await response.body?.cancel()
    await this.#requestToken()
    return this.#throwUnlessOk(await this.#fetch(request, this.#token))
  }

  /** Sends a request whose response is a stream of the given media type. Throws an ApiError for any other. */
  async stream(request: ApiRequest, mediaType: string): Promise<ReadableStream<Uint8Array>> {
    const response = await this.send(request)
    if (response.body !== null && response.headers.get('content-type')?.startsWith(mediaType)) return response.body
    await response.body?.cancel()
    throw notTagwerk(this.#config.endpoint, response.status)
  }

  /** Sends a request and parses the JSON response; `revision` is the project's revision that it reflects. */
  async json<T>(request: ApiRequest): Promise<{ readonly body: T; readonly revision: string | null }> {
    const response = await this.send(request)
    return { body: await this.#read<T>(response), revision: response.headers.get('x-tagwerk-revision') }
  }

  /** Sends a request whose response has no body that matters. */
  async done(request: ApiRequest): Promise<void> {
    await (await this.send(request)).body?.cancel()
  }

  async #requestToken(): Promise<void> {
    const { user: name, password, domain: domainName } = this.#config
    const domain = { name: domainName }
    const scope = this.#scope === 'domain' ? { domain } : { project: { name: this.#scope.project } }
    const identity = { methods: ['password'], password: { user: { name, password, domain } } }
    const response = await this.#fetch({ method: 'POST', path: '/v3/auth/tokens', body: { auth: { identity, scope } } })
    await this.#throwUnlessOk(response)
    this.#token = response.headers.get('x-subject-token') ?? ''
    this.#tokenBody = await this.#read<TokenBody>(response)
  }

  #fetch({ method = 'GET', path, query, body, contentType, signal }: ApiRequest, token?: string): Promise<Response> {
    const search = query === undefined ? '' : `?${toSearch(query)}`
    const isStream = body instanceof ReadableStream
    const isBytes = body instanceof Uint8Array || isStream
    const type = isBytes ? (contentType ?? 'application/x-ndjson') : 'application/json'
    const headers = {
      ...(body === undefined ? {} : { 'content-type': type }),
      ...(token === undefined ? {} : { 'x-auth-token': token }),
      ...(token !== undefined && this.#asOf !== undefined && { 'x-tagwerk-as-of': this.#asOf }),
    }
    const sent = body === undefined ? null : isBytes ? (body as Uint8Array<ArrayBuffer>) : JSON.stringify(body)
    return this.#withConnection(() =>
      // A redirect would repeat the request with another method and show a page of the proxy.
      fetch(`${this.#config.endpoint}${path}${search}`, {
        method,
        headers,
        body: sent,
        ...(isStream && { duplex: 'half' }),
        redirect: 'manual',
        signal: signal ?? null,
      }),
    )
  }

  async #read<T>(response: Response): Promise<T> {
    const text = await this.#withConnection(() => response.text())
    try {
      return JSON.parse(text) as T
    } catch {
      throw notTagwerk(this.#config.endpoint, response.status)
    }
  }

  /** Passes on a successful response of Tagwerk. Throws an ApiError for any other. */
  async #throwUnlessOk(response: Response): Promise<Response> {
    // A proxy may answer its own page with 200, such as a form to log in. Tagwerk never answers HTML.
    const isPage = response.headers.get('content-type')?.startsWith('text/html') === true
    if (response.ok && !isPage) return response
    if (response.ok) {
      await response.body?.cancel()
      throw notTagwerk(this.#config.endpoint, response.status)
    }
    throw await readError(this.#config.endpoint, response)
  }

  /** Converts the error of a failed connection to a ConnectionError that names the endpoint. */
  async #withConnection<T>(run: () => Promise<T>): Promise<T> {
    try {
      return await run()
    } catch (error) {
      throw new ConnectionError(describeConnection(this.#config.endpoint, error))
    }
  }
}

/** Throws a ConfigError without a password, before anything is sent. */
export function requirePassword({ password }: ClientConfig): void {
  if (password !== undefined) return
  throw new ConfigError('TAGWERK_PASSWORD is not set: set this variable to the password of the user')
}

/** One line with the reason of a failed connection and a remedy. */
export function describeConnection(endpoint: string, error: unknown): string {
  const { cause, message } = error as { cause?: { code?: string; message?: string }; message: string }
  const reason = cause?.code ?? cause?.message ?? message
  if (/CERT|SIGNATURE/.test(reason)) {
    const remedy = 'Set NODE_EXTRA_CA_CERTS to a PEM file with the certificate of its authority'
    return `cannot verify the certificate of the service at ${endpoint}: ${reason}. ${remedy}`
  }
  const hint = `Start a service with "${PROGRAM} serve", or set another URL with --endpoint or TAGWERK_ENDPOINT`
  return `cannot connect to the service at ${endpoint}: ${reason}. ${hint}`
}

function toSearch(query: Readonly<Record<string, string | readonly string[]>>): URLSearchParams {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    for (const each of typeof value === 'string' ? [value] : value) search.append(name, each)
  }
  return search
}
