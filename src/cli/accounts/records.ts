import type { ClientConfig } from '../../config/config.ts'
import { similarName } from '../../core/similar-name.ts'
import type { Client } from '../client.ts'
import { listed } from '../project.ts'

// The records of the identity service, and how a command finds one by its name or id.

export type UserRecord = {
  readonly id: string
  readonly name: string
  readonly enabled: boolean
  readonly description: string
  readonly email: string
}

export type ProjectRecord = {
  readonly id: string
  readonly name: string
  readonly enabled: boolean
  readonly description: string
}

/** A domain has the members of a project. */
export type DomainRecord = ProjectRecord

export type RoleRecord = {
  readonly id: string
  readonly name: string
  readonly display_name: string
  readonly description: string
  readonly catalog: string
  readonly policy: unknown
}

/** A role that a user has in a project or in the domain, with names. */
export type AssignmentRecord = {
  readonly user: Named
  readonly role: Named
  readonly scope: { readonly project?: Named; readonly domain?: Named }
}

type Named = { readonly id: string; readonly name: string }

/** Lists the users of the domain. */
export async function listUsers(client: Client): Promise<readonly UserRecord[]> {
  return (await client.json<{ users: readonly UserRecord[] }>({ path: '/v3/users' })).body.users
}

/** Lists the domains that the user sees. */
export async function listDomains(client: Client): Promise<readonly DomainRecord[]> {
  return (await client.json<{ domains: readonly DomainRecord[] }>({ path: '/v3/domains' })).body.domains
}

/** Lists all projects of the domain, or those of the user if its roles do not allow more. */
export function listAllProjects(client: Client): Promise<readonly ProjectRecord[]> {
  return allPages(client, '/v3/projects', 'projects')
}

/** Lists the system roles and the custom policies of the domain. */
export function listAllRoles(client: Client): Promise<readonly RoleRecord[]> {
  return allPages(client, '/v3/roles', 'roles')
}

/** Lists the roles of users, with names. */
export async function listAssignments(
  client: Client,
  filters: Readonly<Record<string, string>>,
): Promise<readonly AssignmentRecord[]> {
  const query = { ...filters, include_names: 'true' }
  const { body } = await client.json<{ role_assignments: readonly AssignmentRecord[] }>({
    path: '/v3/role_assignments',
    query,
  })
  return body.role_assignments
}

/** Gives the user with a name or id. The user of the client needs no right to list users for its own name. */
export async function findUser(client: Client, config: ClientConfig, nameOrId: string): Promise<UserRecord> {
  if (nameOrId === config.user || nameOrId === client.userId) return ownUser(client)
  return find('user', nameOrId, await listUsers(client))
}

/** Gives the user of the client. */
export async function ownUser(client: Client): Promise<UserRecord> {
  return (await client.json<{ user: UserRecord }>({ path: `/v3/users/${client.userId}` })).body.user
}

/** Gives the project with a name or id. */
export async function findProject(client: Client, nameOrId: string): Promise<ProjectRecord> {
  return find('project', nameOrId, await listAllProjects(client))
}

/** Gives the domain with a name or id. */
export async function findDomain(client: Client, nameOrId: string): Promise<DomainRecord> {
  return find('domain', nameOrId, await listDomains(client))
}

/** Gives the role with a name such as te_admin, a display name, or an id. */
export async function findRole(client: Client, nameOrId: string): Promise<RoleRecord> {
  const roles = await listAllRoles(client)
  return roles.find((role) => role.display_name === nameOrId) ?? find('role', nameOrId, roles)
}

/** The name by which people call a role: that of a system role, or the display name of a custom policy. */
export function roleName({ name, display_name, catalog }: RoleRecord): string {
  return catalog === 'CUSTOMED' ? display_name : name
}

function find<T extends Named>(kind: string, nameOrId: string, records: readonly T[]): T {
  const found = records.find(({ name }) => name === nameOrId) ?? records.find(({ id }) => id === nameOrId)
  if (found !== undefined) return found
  const names = records.map((record) => ('display_name' in record ? roleName(record as never) : record.name))
  const similar = similarName(nameOrId, names)
  const question = similar === undefined ? '' : `. Did you mean "${similar}"?`
  const others =
    names.length === 0
      ? ''
      : `${similar === undefined ? '. There are' : ' There are'}: ${listed(names, `${kind} list`)}`
  throw new Error(`there is no ${kind} with the name or id "${nameOrId}"${question}${others}`)
}

/** Reads the pages of a list until one is not full. */
async function allPages<T>(client: Client, path: string, member: string): Promise<readonly T[]> {
  const all: T[] = []
  for (let page = 1; ; page++) {
    const query = { page: String(page), per_page: String(RECORDS_PER_PAGE) }
    const { body } = await client.json<Record<string, readonly T[]>>({ path, query })
    const records = body[member] ?? []
    all.push(...records)
    if (records.length < RECORDS_PER_PAGE) return all
  }
}

/** The largest page that every list allows. */
const RECORDS_PER_PAGE = 300
