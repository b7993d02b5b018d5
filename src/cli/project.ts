import { Option } from 'commander'
import { type ClientConfig, readClientConfig } from '../config/config.ts'
import type { ConfigSources } from '../config/setting.ts'
import { similarName } from '../core/similar-name.ts'
import { Client, requirePassword, type Scope } from './client.ts'
import { UsageError } from './command.ts'
import { ApiError } from './error-answer.ts'

// How client commands choose their project, and which token users without a role in the domain get.

/** The help text of commands that work in one project. */
export const PROJECT_HELP =
  'Works in the project of --project or TAGWERK_PROJECT. If neither is set, in the project named after the region of the ' +
  'service, or else in the only project of the user.'

/** The help text of commands that need any token of the user. */
export const TENANT_HELP =
  'A user without a role in the domain logs in to the project of --project or TAGWERK_PROJECT, or else to the one named ' +
  'after the region of the service.'

/** A project of the user. */
export type UserProject = { readonly id: string; readonly name: string; readonly domain_id: string }

/** A client that `sendInScope` may replace. */
export type Session = { client: Client }

/** Number of project names in a message. */
const NAMES_MAX = 10

/** Logs in to the named project, or to the default one. Throws an error that names the projects of the user. */
export async function logInToProject(sources: ConfigSources): Promise<Client> {
  const config = readClientConfig(sources)
  requirePassword(config)
  if (config.project !== undefined) return logInToNamed(config, config.project)
  const region = await Client.regionOf(config)
  const inRegion = await tryLogIn(config, { project: region })
  if (inRegion !== undefined) return inRegion
  const inDomain = await tryLogIn(config, 'domain')
  if (inDomain === undefined) throw noProject(config, region)
  const names = (await listProjects(inDomain)).map(({ name }) => name)
  const name = chooseDefault(names, region)
  if (name !== undefined) return Client.logIn(config, { project: name })
  throw new UsageError(`${severalProjects(region)}: choose one of ${listed(names)} with --project or TAGWERK_PROJECT`)
}

/**
 * Logs in to the domain. A user without a role in the domain gets a token for the named project, or for the one named
 * after the region.
 */
export async function logInToDomain(config: ClientConfig): Promise<Client> {
  requirePassword(config)
  const inDomain = await tryLogIn(config, 'domain')
  if (inDomain !== undefined) return inDomain
  if (config.project !== undefined) return logInToNamed(config, config.project)
  const region = await Client.regionOf(config)
  const inRegion = await tryLogIn(config, { project: region })
  if (inRegion !== undefined) return inRegion
  throw noProject(config, region)
}

/** The parsed option `--all-projects`. */
export type AllProjectsOption = { readonly allProjects?: true }

/** The option `--all-projects`. */
export function allProjectsOption(): Option {
  return new Option('--all-projects', 'all projects of the domain, instead of one').conflicts('project')
}

/** Where a command works: in one project, or in all projects of the domain. */
export type Place = {
  readonly client: Client
  readonly isDomain: boolean
  /** The start of the paths of calls. */
  readonly path: string
}

/** Logs in to the project of a command, or with --all-projects to the domain. `asOf`: the moment of all reads. */
export async function logInToPlace(
  sources: ConfigSources,
  { allProjects }: AllProjectsOption,
  asOf?: string,
): Promise<Place> {
  if (allProjects) {
    const client = await logInToWholeDomain(readClientConfig(sources))
    client.readAsOf(asOf)
    return { client, isDomain: true, path: '/tagwerk/v1/domain' }
  }
  const client = await logInToProject(sources)
  client.readAsOf(asOf)
  return { client, isDomain: false, path: `/tagwerk/v1/${client.projectId}` }
}

/** Gives a client of the project of a resource that was found in a place. */
export async function clientOf(
  place: Place,
  sources: ConfigSources,
  { project_name: project }: { readonly project_name?: string },
): Promise<Client> {
  return project === undefined ? place.client : Client.logIn(readClientConfig(sources), { project })
}

/** Logs in to the domain. Throws a UsageError for a user without a role in it. */
export async function logInToWholeDomain(config: ClientConfig): Promise<Client> {
  requirePassword(config)
  const client = await tryLogIn(config, 'domain')
  if (client !== undefined) return client
  throw new UsageError(
    `user ${config.user} has no role in the domain: name a project with --project or TAGWERK_PROJECT`,
  )
}

/**
 * Sends a request with the client of a session. If its token is for the domain, the roles there do not allow the request
 * and a project is named, sends it again with a token for the project, which the session then keeps.
 */
export async function sendInScope<T>(
  session: Session,
  config: ClientConfig,
  send: (client: Client) => Promise<T>,
): Promise<T> {
  try {
    return await send(session.client)
  } catch (error) {
    if (!isForbidden(error) || config.project === undefined || session.client.project !== undefined) throw error
    session.client = await logInToNamed(config, config.project)
    return send(session.client)
  }
}

/**
 * The project of resources that name none, for a client of the domain: the one named after the region, even if it does
 * not exist yet and there is no other, or else the only one. Undefined if there are several others.
 */
export async function defaultProject(config: ClientConfig, client: Client): Promise<string | undefined> {
  const region = await Client.regionOf(config)
  const names = (await listProjects(client)).map(({ name }) => name)
  return names.length === 0 ? region : chooseDefault(names, region)
}

/** Lists the projects that the user can log in to, ordered by name. */
export async function listProjects(client: Client): Promise<readonly UserProject[]> {
  const { body } = await client.json<{ projects: readonly UserProject[] }>({ path: '/v3/auth/projects' })
  return body.projects
}

/** The error for a project that the user cannot use: it names those that it can. */
export function projectNotFound(config: ClientConfig, name: string, projects: readonly UserProject[]): Error {
  const names = projects.map((project) => project.name)
  const similar = similarName(name, names)
  const head = `there is no project of the name "${name}" for user ${config.user}`
  if (similar !== undefined) return new Error(`${head}. Did you mean "${similar}"? Its projects are: ${listed(names)}`)
  return new Error(names.length === 0 ? head : `${head}. Its projects are: ${listed(names)}`)
}

/** Names for a message, at most ten of them, and the command that lists the rest. */
export function listed(names: readonly string[], command = 'projects'): string {
  const more = names.length - NAMES_MAX
  const shown = names.slice(0, NAMES_MAX).join(', ')
  return more > 0 ? `${shown} and ${more.toLocaleString('en-GB')} more ("tagwerk ${command}" lists them)` : shown
}

function chooseDefault(names: readonly string[], region: string): string | undefined {
  if (names.includes(region)) return region
  return names.length === 1 ? names[0] : undefined
}

async function logInToNamed(config: ClientConfig, name: string): Promise<Client> {
  const client = await tryLogIn(config, { project: name })
  if (client !== undefined) return client
  const other =
    (await tryLogIn(config, 'domain')) ?? (await tryLogIn(config, { project: await Client.regionOf(config) }))
  throw projectNotFound(config, name, other === undefined ? [] : await listProjects(other))
}

/** Logs in; undefined if the user has no role in the scope, or there is no such scope. */
async function tryLogIn(config: ClientConfig, scope: Scope): Promise<Client | undefined> {
  try {
    return await Client.logIn(config, scope)
  } catch (error) {
    if (isForbidden(error)) return undefined
    throw error
  }
}

/** Says whether the service, and not a proxy, answered 403. */
export function isForbidden(error: unknown): boolean {
  return error instanceof ApiError && error.status === 403 && error.code !== undefined
}

function severalProjects(region: string): string {
  return `there are several projects, and none of them is named after the region "${region}"`
}

function noProject({ user }: ClientConfig, region: string): UsageError {
  return new UsageError(
    `user ${user} has no role in the domain, and none in a project named after the region "${region}": name a project ` +
      'with --project or TAGWERK_PROJECT',
  )
}
