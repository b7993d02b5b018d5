/** A service and somebody who may use it. */
export type Account = {
  readonly url: string
  readonly user: string
  readonly password: string
  /** Name of the user's domain; `default` if it is left out. */
  readonly domain?: string
}

export type Reply = {
  readonly status: number
  readonly headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: the story says what it expects
  readonly body: any
}

/** A token and what it is good for. */
export type Login = { readonly token: string; readonly projectId: string }

/** The few calls that the stories are made of, over HTTP and nothing else. */
export class Client {
  readonly #account: Account

  constructor(account: Account) {
    this.#account = account
  }

  /** The same service for somebody else of the same domain. */
  as(user: string, password: string): Client {
    return new Client({ ...this.#account, user, password })
  }

  /** Takes a token: for a project by name, or for the whole domain. */
  async logIn(project?: string, password = this.#account.password): Promise<Reply & Login> {
    const domain = { name: this.#account.domain ?? 'default' }
    const user = { name: this.#account.user, password, domain }
    const scope = project === undefined ? { domain } : { project: { name: project } }
    const body = { auth: { identity: { methods: ['password'], password: { user } }, scope } }
    const reply = await this.call(undefined, 'POST', '/v3/auth/tokens', body)
    const token = reply.headers.get('x-subject-token') ?? ''
    return { ...reply, token, projectId: reply.body?.token?.project?.id ?? '' }
  }

  /** A text goes out as it is, anything else as JSON. */
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
