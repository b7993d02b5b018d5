import type { Reply } from '../client.ts'
import { type AccessKey, signed } from '../signer.ts'
import type { Place, Stage } from '../stage.ts'

// What a Terraform provider does on the wire: it signs requests, takes only certain statuses for success, and polls until
// a state is reached. Read from the sources of the providers and their Go SDKs, and from recorded requests.

/** The statuses that a Go SDK takes for success by method, where the provider names none. */
export type Statuses = Readonly<Record<string, readonly number[]>>

/** `defaultOkCodes` of golangsdk, the library of the provider `huaweicloud`. */
export const HUAWEICLOUD: Statuses = {
  GET: [200],
  POST: [200, 201, 202],
  PUT: [200, 201, 202],
  PATCH: [200, 202, 204],
  DELETE: [200, 202, 204],
}

/** `defaultOkCodes` of gophertelekomcloud, the library of the provider `opentelekomcloud`. */
export const OPENTELEKOMCLOUD: Statuses = {
  GET: [200],
  POST: [201, 202],
  PUT: [201, 202],
  PATCH: [200, 204],
  DELETE: [202, 204],
}

/** Requests that one step may take: far more than any needs, so that only a provider that never ends exceeds it. */
const REQUESTS_PER_STEP_MAX = 60

/** Polls until a state must be reached. Tagwerk completes jobs before it answers. */
const POLLS_MAX = 3

/** An answer with a status that the provider does not take for success. */
export class UnexpectedStatus extends Error {
  readonly status: number
  readonly body: unknown

  constructor(call: string, { status, body }: Reply) {
    super(`${call}: ${status} ${typeof body === 'string' ? body : JSON.stringify(body)}`)
    this.status = status
    this.body = body
  }
}

/** The scope of a request: the header that the SDK signs and sends with it. */
export type Scope = 'none' | 'project' | 'domain'

type Options = {
  /** A text is sent unchanged, any other value as JSON. */
  readonly body?: unknown
  /** Default: JSON. */
  readonly contentType?: string
  /** Default: the statuses of the SDK. */
  readonly ok?: readonly number[]
  readonly scope?: Scope
}

/** A configured provider: an access key, a project and the domain. */
export class Provider {
  readonly #stage: Stage
  readonly #key: AccessKey
  readonly #statuses: Statuses
  #requests = 0
  projectId = ''
  domainId = ''
  /** Addresses of the services in the catalogue, by type. */
  endpoints: ReadonlyMap<string, string> = new Map()

  constructor(stage: Stage, key: AccessKey, statuses: Statuses) {
    this.#stage = stage
    this.#key = key
    this.#statuses = statuses
  }

  /** Runs one step, such as a plan. It may send a bounded number of requests. */
  async step<T>(run: () => Promise<T>): Promise<T> {
    this.#requests = 0
    return run()
  }

  /** Sends a signed request and gives the body of its answer. Throws `UnexpectedStatus`. */
  // biome-ignore lint/suspicious/noExplicitAny: each resource reads the members that its provider reads
  async call(method: string, path: string, { body, ok, scope = 'project', contentType }: Options = {}): Promise<any> {
    const call = `${method} ${path}`
    this.#requests += 1
    if (this.#requests > REQUESTS_PER_STEP_MAX) {
      throw new Error(`${call}: a provider that needs more than ${REQUESTS_PER_STEP_MAX} requests does not end`)
    }
    const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body)
    const url = new URL(this.#stage.target.url + path)
    const type = { 'Content-Type': contentType ?? 'application/json' }
    const headers = signed(this.#key, method, url, text, { ...type, ...this.#scope(scope) })
    const reply = await this.#stage.client.call(undefined, method, path, text, headers)
    if (!(ok ?? this.#statuses[method] ?? []).includes(reply.status)) throw new UnexpectedStatus(call, reply)
    return reply.body
  }

  /** The path of a service by its address in the catalogue. */
  pathOf(type: string): string {
    const address = this.endpoints.get(type)
    if (address === undefined)
      throw new Error(`no suitable endpoint of ${type} could be found in the service catalogue`)
    return new URL(address).pathname.replace(/\/$/, '')
  }

  /** Removes what a failed step may have left, when the stage closes. */
  removeLater(method: string, path: string, body?: unknown): void {
    this.#stage.removeLater(method, path, body)
  }

  #scope(scope: Scope): Readonly<Record<string, string>> {
    if (scope === 'none') return {}
    return scope === 'project' ? { 'X-Project-Id': this.projectId } : { 'X-Domain-Id': this.domainId }
  }

  /** As `call`; undefined for 404, which a provider takes for a resource that is gone. */
  // biome-ignore lint/suspicious/noExplicitAny: see call
  async find(method: string, path: string, options: Options = {}): Promise<any> {
    try {
      return await this.call(method, path, options)
    } catch (error) {
      if (error instanceof UnexpectedStatus && error.status === 404) return undefined
      throw error
    }
  }

  /** Polls until a state is reached, as `StateChangeConf` does. A state that is neither pending nor wanted is an error. */
  async waitFor(pending: readonly string[], wanted: string, poll: () => Promise<string>): Promise<void> {
    for (let polls = 0; polls < POLLS_MAX; polls++) {
      const state = await poll()
      if (state === wanted) return
      if (!pending.includes(state)) throw new Error(`unexpected state ${state}, wanted ${wanted}`)
    }
    throw new Error(`the state ${wanted} is not reached`)
  }

  /** Reads pages by offset until one is empty, as `ListAllItems` does. */
  async pagesByOffset(path: string, list: string, limit: number): Promise<unknown[]> {
    const items: unknown[] = []
    for (;;) {
      const separator = path.includes('?') ? '&' : '?'
      const page = await this.call('GET', `${path}${separator}limit=${limit}&offset=${items.length}`)
      if (page[list].length === 0) return items
      items.push(...page[list])
    }
  }
}

/** Starts a provider with an access key of a new user who may do everything; `close` of the stage removes the user. */
export async function startProvider(stage: Stage, home: Place, statuses: Statuses): Promise<Provider> {
  const person = await stage.person('terraform')
  const { body } = await stage.admin('GET', '/v3/roles')
  const { id } = body.roles.find(({ name }: { name: string }) => name === 'te_admin')
  const domains = await stage.admin('GET', '/v3/auth/domains')
  const [domain] = domains.body.domains
  await stage.admin('PUT', `/v3/domains/${domain.id}/users/${person.id}/roles/${id}`)
  const credential = { user_id: person.id, description: 'for one run' }
  const key = (await stage.admin('POST', '/v3.0/OS-CREDENTIAL/credentials', { credential })).body.credential
  const provider = new Provider(stage, { access: key.access, secret: key.secret }, statuses)
  const isOtc = statuses === OPENTELEKOMCLOUD
  const { projects } = await provider.call('GET', `/v3/projects?name=${home.name}`, { scope: 'none' })
  provider.projectId = projects[0].id
  if (isOtc) {
    const { catalog } = await provider.call('GET', '/v3/auth/catalog')
    type Service = { type: string; endpoints: { url: string }[] }
    provider.endpoints = new Map(catalog.map(({ type, endpoints }: Service) => [type, endpoints[0]?.url]))
  }
  const query = isOtc ? `?name=${domain.name}` : ''
  const listed = await provider.call('GET', `/v3/auth/domains${query}`, { scope: 'none' })
  provider.domainId = listed.domains[0].id
  return provider
}
