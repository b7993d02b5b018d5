/** The URL of a service and the credentials of a user. */
export type Account = {
  readonly url: string
  readonly user: string
  readonly password: string
  /** Name of the user's domain; default: `default`. */
  readonly domain?: string
}

export type Reply = {
  readonly status: number
  readonly headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: each scenario asserts the shape that it expects
  readonly body: any
}

/** A token and its scope. */
export type Login = { readonly token: string; readonly projectId: string }

/** HTTP client of the scenarios. */
export class Client {
  readonly #account: Account

  constructor(account: Account) {
    this.#account = account
  }

  /** A client for another user of the same domain. */
  as(user: string, password: string): Client {
    return new Client({ ...this.#account, user, password })
  }

  /** Requests a token, scoped to a project by name or to the domain. */
  async logIn(project?: string, password = this.#account.password): Promise<Reply & Login> {
    const domain = { name: this.#account.domain ?? 'default' }
    const user = { name: this.#account.user, password, domain }
    const scope = project === undefined ? { domain } : { project: { name: project } }
    const body = { auth: { identity: { methods: ['password'], password: { user } }, scope } }
    const reply = await this.call(undefined, 'POST', '/v3/auth/tokens', body)
    const token = reply.headers.get('x-subject-token') ?? ''
    return { ...reply, token, projectId: reply.body?.token?.project?.id ?? '' }
  }

  /** A string is sent unchanged, any other value as JSON. */
  async call(
    token: string | undefined,
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Reply> {
    const response = await fetch(this.#account.url + path, {
      method,
      headers: {
        'Content-Type': 'application/json',
        ...(token === undefined ? {} : { 'X-Auth-Token': token }),
        ...headers,
      },
      body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
    })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.startsWith('application/json') === true && text !== ''
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text }
  }
}
