import { readFile } from 'node:fs/promises'
import { type Command, Option } from 'commander'
import { type CommandGroup, UsageError } from '../command.ts'
import { type AccountCall, accountCommand, facts, type Printed } from './account-command.ts'
import { type ConfirmOption, confirmDeletion, confirmOption } from './confirm.ts'
import { findProject, findRole, findUser, listAllRoles, type RoleRecord, roleName } from './records.ts'

type CreateOptions = { readonly policy: string; readonly description: string; readonly for: 'project' | 'domain' }
type ScopeOptions = { readonly in?: string; readonly inDomain?: true }

/** The type of a custom policy by where it is meant to be assigned. */
const TYPES = { domain: 'AX', project: 'XA' } as const

const create = accountCommand<CreateOptions>({
  usage: 'create <name>',
  summary: 'Create a custom policy, which is a role.',
  details:
    'The file holds a policy document: {"Version":"1.1","Statement":[{"Effect":"Allow","Action":["ims:*:list*"]}]}.',
  examples: [['tagwerk role create auditor --policy auditor.json', 'Creates a role that users can get in a project.']],
  declare: (command) =>
    command
      .requiredOption('--policy <file>', 'JSON file with the policy document')
      .option('--description <text>', 'description of the role', '')
      .addOption(
        new Option('--for <scope>', 'where clients offer the role').choices(['project', 'domain']).default('project'),
      ),
  run: async ({ client, options, args: [name = ''] }) => {
    const policy = await readPolicy(options.policy)
    const role = { display_name: name, type: TYPES[options.for], description: options.description, policy }
    const request = { method: 'POST', path: '/v3.0/OS-ROLE/roles', body: { role } } as const
    const { body } = await client.json<{ role: RoleRecord }>(request)
    return { json: body, text: `Created role ${name} with the id ${body.role.id}.` }
  },
})

const list = accountCommand({
  usage: 'list',
  summary: 'List the system roles and the custom policies of the domain.',
  examples: [['tagwerk role list', 'Prints id, name and description of each role.']],
  run: async ({ client }) => {
    const roles = await listAllRoles(client)
    const rows = roles.map((role) => [role.id, roleName(role), role.description])
    return { json: { roles }, table: { head: ['ID', 'NAME', 'DESCRIPTION'], rows } }
  },
})

const show = accountCommand({
  usage: 'show <role>',
  summary: 'Show a role by name or id, with its policy document.',
  examples: [['tagwerk role show readonly', 'Prints what the role allows.']],
  run: async ({ client, args: [nameOrId = ''] }) => {
    const role = await findRole(client, nameOrId)
    const { id, description, policy } = role
    const pairs = [['id', id] as const, ['name', roleName(role)] as const, ['description', description] as const]
    return { json: { role }, text: `${facts(pairs)}\n${JSON.stringify(policy, null, 2)}` }
  },
})

const remove = accountCommand<ConfirmOption>({
  usage: 'delete <role>',
  summary: 'Delete a custom policy that is assigned to no user.',
  examples: [['tagwerk role delete auditor --yes', 'Deletes the role without a question.']],
  declare: confirmOption,
  run: async ({ io, client, options, args: [nameOrId = ''] }) => {
    const role = await findRole(client, nameOrId)
    if (role.catalog !== 'CUSTOMED') throw new UsageError(`${role.name} is a system role, which cannot be deleted`)
    await confirmDeletion(io, `role ${roleName(role)}`, options)
    await client.done({ method: 'DELETE', path: `/v3.0/OS-ROLE/roles/${role.id}` })
    return { json: { deleted: role }, text: `Deleted role ${roleName(role)}.` }
  },
})

const assign = accountCommand<ScopeOptions>({
  usage: 'assign <role> <user>',
  summary: 'Give a user a role in one project or in the whole domain. It counts from the next request on.',
  details: 'te_admin allows everything in its scope, readonly allows reading.',
  examples: [
    ['tagwerk role assign te_admin ann --in shop', 'Makes ann the administrator of one project.'],
    ['tagwerk role assign readonly bob --in-domain', 'Lets bob read everything in every project.'],
  ],
  declare: declareScope,
  run: (call) => setRole(call, 'PUT'),
})

const unassign = accountCommand<ScopeOptions>({
  usage: 'unassign <role> <user>',
  summary: 'Take a role from a user. It counts from the next request on.',
  examples: [['tagwerk role unassign te_admin ann --in shop', 'Takes the role from ann in this project only.']],
  declare: declareScope,
  run: (call) => setRole(call, 'DELETE'),
})

/** Commands on roles. */
export const roleGroup: CommandGroup = {
  name: 'role',
  summary: 'Create, list, show and delete roles, and assign them to users.',
  commands: [create, list, show, assign, unassign, remove],
}

/** The scope has to be named: TAGWERK_PROJECT must not decide in silence where a role applies. */
function declareScope(command: Command): Command {
  return command
    .addOption(
      new Option('--in <project>', 'name or id of the project in which the role applies').conflicts('inDomain'),
    )
    .option('--in-domain', 'the role applies in the whole domain, and so in each of its projects')
}

async function setRole(call: AccountCall<ScopeOptions>, method: 'PUT' | 'DELETE'): Promise<Printed> {
  const { client, config, options, args } = call
  const [roleArgument = '', userArgument = ''] = args
  if (options.in === undefined && !options.inDomain) {
    throw new UsageError('say where the role applies: --in PROJECT, or --in-domain for the whole domain')
  }
  const user = await findUser(client, config, userArgument)
  const role = await findRole(client, roleArgument)
  const project = options.in === undefined ? undefined : await findProject(client, options.in)
  const scope = project === undefined ? `domains/${client.domain.id}` : `projects/${project.id}`
  await client.done({ method, path: `/v3/${scope}/users/${user.id}/roles/${role.id}` })
  const where = project === undefined ? 'the whole domain' : `project ${project.name}`
  const verb = method === 'PUT' ? 'has' : 'no longer has'
  const assigned = { user: reference(user), role: { id: role.id, name: roleName(role) } }
  const json = { ...assigned, ...(project === undefined ? { domain: client.domain } : { project: reference(project) }) }
  return { json, text: `User ${user.name} ${verb} role ${roleName(role)} in ${where}.` }
}

function reference({ id, name }: { readonly id: string; readonly name: string }) {
  return { id, name }
}

async function readPolicy(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`--policy ${file} cannot be read: ${error.code}`)
  })
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new UsageError(`--policy ${file} is not JSON: ${(error as Error).message}`)
  }
}
