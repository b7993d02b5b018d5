import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Config, readServiceConfig } from '../../src/config/config.ts'
import type { Service } from '../../src/service/assembly.ts'
import type { Seed } from '../../src/service/seed.ts'
import { type Internals, startService } from '../../src/service/start.ts'
import { PATIENT_STORE } from './patient-store.ts'

/** An answer with its body read, as JSON where it is JSON. */
export type Answer = {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: answers are looked into freely, the test says what it expects
  readonly body: any
}

export type CallOptions = {
  /** A text goes out as it is, anything else as JSON. */
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  /** Null: without a token; left out: the administrator's token for the default project. */
  readonly token?: string | null
}

/** A service on a folder of its own with the cheapest of passwords, and ways to ask it. */
export type TestService = {
  readonly service: Service
  readonly url: string
  readonly folder: string
  /** Id of the project `default`. */
  readonly project: string
  /** The administrator's token for it. */
  readonly token: string
  call(method: string, path: string, options?: CallOptions): Promise<Answer>
  /** The same service with a token taken now. */
  renewed(): Promise<TestService>
  /** Takes a token of the administrator: for a project by name, or for the domain. */
  tokenFor(project: string | undefined): Promise<string>
  /** Imports resources, one a line; lines without `project` go to the region's project. */
  register(...resources: readonly Record<string, unknown>[]): Promise<Answer>
  stop(): Promise<void>
}

export const ADMIN_PASSWORD = 'correct horse battery staple'

/** Tests send much at once. */
const MANY_AT_ONCE = {
  'imports-max': '1000',
  'project-imports-max': '1000',
  'dry-runs-max': '1000',
  'project-dry-runs-max': '1000',
}

const CHEAP = { n: 2, r: 1, p: 1 }

/** Starts a service. `flags` are settings by name; `folder` lets two services use one folder after each other. */
export async function startTestService(
  options: {
    readonly flags?: Record<string, string>
    readonly env?: Record<string, string>
    readonly folder?: string
    /** Takes the place of what the settings say. */
    readonly config?: Partial<Config>
    readonly internals?: Internals
    readonly seed?: Seed
  } = {},
): Promise<TestService> {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), 'tagwerk-test-')))
  const quiet = { 'log-level': 'fatal', 'security-log': 'off' }
  const place = options.flags?.ephemeral === 'on' ? {} : { data: folder }
  const patient = options.flags?.store === undefined ? {} : PATIENT_STORE
  const flags = { listen: '127.0.0.1:0', ...place, ...quiet, ...MANY_AT_ONCE, ...patient, ...options.flags }
  const settings = readServiceConfig({ flags, env: { TAGWERK_ADMIN_PASSWORD: ADMIN_PASSWORD, ...options.env } })
  const config = { ...settings, ...options.config }
  const service = await startService(config, { passwordCost: CHEAP, ...options.internals }, options.seed)
  const session = await takeToken(service.url, config.region)
  return serviceFor(service, folder, config.region, session, options.folder === undefined)
}

/** The ways to ask a service that runs. */
function serviceFor(
  service: Service,
  folder: string,
  region: string,
  session: Session,
  isOwnFolder: boolean,
): TestService {
  const { token, project } = session
  const logIn = (name: string | undefined) => takeToken(service.url, name)
  const call = async (method: string, path: string, { body, headers, token: own }: CallOptions = {}) => {
    const auth = own === null ? {} : { 'x-auth-token': own ?? token }
    const type = body === undefined ? {} : { 'content-type': 'application/json' }
    return ask(service.url, method, path, body, { ...type, ...auth, ...headers })
  }
  return {
    ...{ service, url: service.url, folder, project, token, call },
    renewed: async () => serviceFor(service, folder, region, await logIn(region), isOwnFolder),
    tokenFor: async (name) => (await logIn(name)).token,
    register: async (...resources) => {
      const domainToken = (await logIn(undefined)).token
      const lines = resources.map((resource) => JSON.stringify({ project: region, ...resource })).join('\n')
      return call('POST', '/tagwerk/v1/import', { body: lines, token: domainToken })
    },
    stop: async () => {
      await service.stop()
      if (isOwnFolder) await rm(folder, { recursive: true, force: true })
    },
  }
}

/** The ways to ask a service in another process. Its folder stays when it is stopped. */
export async function connectTestService(url: string, folder: string): Promise<TestService> {
  const stop = () => Promise.resolve()
  const failed = new Promise<Error>(() => undefined)
  const service = { url, metricsUrl: undefined, stop, newAdminPassword: undefined, failed }
  return serviceFor(service, folder, 'default', await takeToken(url, 'default'), false)
}

async function ask(
  url: string,
  method: string,
  path: string,
  body: unknown,
  headers: Record<string, string>,
): Promise<Answer> {
  const sent = body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body)
  return toAnswer(await fetch(url + path, { method, headers, body: sent }))
}

/** Reads an answer. */
export async function toAnswer(response: Response): Promise<Answer> {
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true && text !== ''
  return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : undefined }
}

type Session = { readonly token: string; readonly project: string }

async function takeToken(url: string, project: string | undefined): Promise<Session> {
  const user = { name: 'admin', password: ADMIN_PASSWORD, domain: { name: 'default' } }
  const scope = project === undefined ? { domain: { name: 'default' } } : { project: { name: project } }
  const body = { auth: { identity: { methods: ['password'], password: { user } }, scope } }
  const answer = await ask(url, 'POST', '/v3/auth/tokens?nocatalog=1', body, { 'content-type': 'application/json' })
  if (answer.status !== 201) throw new Error(`no token: ${answer.status} ${answer.text}`)
  return { token: answer.headers.get('x-subject-token') as string, project: answer.body.token.project?.id ?? '' }
}
