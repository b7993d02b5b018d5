import { readNewPasswordConfig } from '../../config/config.ts'
import { NEW_PASSWORD_SETTINGS } from '../../config/table.ts'
import type { Client } from '../client.ts'
import type { Call, CommandGroup } from '../command.ts'
import { readPassword } from '../read-password.ts'
import { type AccountCall, accountCommand, facts, ifAllowed, type Printed } from './account-command.ts'
import { type ConfirmOption, confirmDeletion, confirmOption } from './confirm.ts'
import { type AssignmentRecord, findUser, listAssignments, listUsers, ownUser, type UserRecord } from './records.ts'

type CreateOptions = { readonly description: string; readonly email: string; readonly withoutPassword?: true }

/** Name of the variable with the new password. */
const VARIABLE = 'TAGWERK_NEW_PASSWORD'
const PASSWORD_HELP = `The new password is asked for on a terminal; otherwise it is the first line of standard input, or ${VARIABLE} if that is set.`

const create = accountCommand<CreateOptions>({
  usage: 'create <name>',
  summary: 'Create a user.',
  details: `${PASSWORD_HELP}\nThe user has no rights until it gets a role: see "tagwerk role assign".`,
  settings: NEW_PASSWORD_SETTINGS,
  examples: [
    ['tagwerk user create ann --email ann@example.org', 'Asks for the password and creates a user.'],
    ['openssl rand -base64 18 | tee ann.txt | tagwerk user create ann', 'Keeps a random password in a file.'],
    ['tagwerk user create ci --without-password', 'Creates a user that can only sign requests with access keys.'],
  ],
  declare: (command) =>
    command
      .option('--description <text>', 'description of the user', '')
      .option('--email <address>', 'e-mail address of the user', '')
      .option('--without-password', 'create a user without a password, which can only use access keys'),
  run: async (call) => {
    const [name = ''] = call.args
    const { description, email, withoutPassword } = call.options
    const secret = withoutPassword ? {} : { password: await newPassword(call, name) }
    const body = { user: { name, description, email, ...secret } }
    const answer = await call.client.json<{ user: UserRecord }>({ method: 'POST', path: '/v3/users', body })
    return { json: answer.body, text: `Created user ${name} with the id ${answer.body.user.id}.` }
  },
})

const list = accountCommand({
  usage: 'list',
  summary: 'List the users of the domain.',
  examples: [['tagwerk user list', 'Prints id, name and status of each user.']],
  run: async ({ client }) => {
    const users = await listUsers(client)
    const rows = users.map((user) => [user.id, user.name, statusOf(user), user.email, user.description])
    return { json: { users }, table: { head: ['ID', 'NAME', 'STATUS', 'E-MAIL', 'DESCRIPTION'], rows } }
  },
})

const show = accountCommand({
  usage: 'show [user]',
  summary: 'Show a user by name or id, and its roles. Without an argument, the caller.',
  examples: [['tagwerk user show ann', 'Prints the properties of ann and the roles in each scope.']],
  run: async ({ client, config, args: [nameOrId] }) => {
    const user = nameOrId === undefined ? await ownUser(client) : await findUser(client, config, nameOrId)
    const assignments = await ifAllowed(() => listAssignments(client, { 'user.id': user.id }))
    const roles = assignments?.map(describeRole) ?? ownRoles(client)
    const text = facts([
      ['id', user.id],
      ['name', user.name],
      ['status', statusOf(user)],
      ['e-mail', user.email],
      ['description', user.description],
      ...roles.map((role) => ['role', role] as const),
    ])
    return { json: { user, ...(assignments && { role_assignments: assignments }) }, text }
  },
})

const disable = accountCommand({
  usage: 'disable <user>',
  summary: 'Disable a user: its tokens are revoked, and its access keys do not work until it is enabled.',
  examples: [['tagwerk user disable ann', 'Locks ann out at once.']],
  run: (call) => setEnabled(call, false),
})

const enable = accountCommand({
  usage: 'enable <user>',
  summary: 'Enable a user. Tokens from before stay revoked.',
  examples: [['tagwerk user enable ann', 'Lets ann log in again.']],
  run: (call) => setEnabled(call, true),
})

const remove = accountCommand<ConfirmOption>({
  usage: 'delete <user>',
  summary: 'Delete a user with its roles and access keys.',
  examples: [['tagwerk user delete ann --yes', 'Deletes ann without a question.']],
  declare: confirmOption,
  run: async ({ io, client, config, options, args: [nameOrId = ''] }) => {
    const user = await findUser(client, config, nameOrId)
    await confirmDeletion(io, `user ${user.name}`, options)
    await client.done({ method: 'DELETE', path: `/v3/users/${user.id}` })
    return { json: { deleted: user }, text: `Deleted user ${user.name}.` }
  },
})

const password = accountCommand({
  usage: 'password [user]',
  summary: 'Set the password of a user. Without an argument, that of the caller.',
  details: `${PASSWORD_HELP}\nAll tokens of the user are revoked; its access keys stay valid.`,
  settings: NEW_PASSWORD_SETTINGS,
  examples: [
    ['tagwerk user password ann', 'Asks for the new password of ann.'],
    ['TAGWERK_USER=ann TAGWERK_PASSWORD=... tagwerk user password', 'Lets ann change her own password.'],
  ],
  run: async (call) => {
    const { client, config, args } = call
    const [nameOrId] = args
    const user = nameOrId === undefined ? await ownUser(client) : await findUser(client, config, nameOrId)
    const secret = await newPassword(call, user.name)
    const path = `/v3/users/${user.id}`
    if (user.id === client.userId) {
      const body = { user: { original_password: config.password, password: secret } }
      await client.done({ method: 'POST', path: `${path}/password`, body })
    } else await client.done({ method: 'PATCH', path, body: { user: { password: secret } } })
    const text = `Set the password of ${user.name}. All tokens of ${user.name} are revoked.`
    return { json: { user, tokens_revoked: true }, text }
  },
})

/** Commands on users. */
export const userGroup: CommandGroup = {
  name: 'user',
  summary: 'Create, list, show, disable, enable and delete users, and set their passwords.',
  commands: [create, list, show, disable, enable, password, remove],
}

async function newPassword({ io, sources }: Call<unknown>, user: string): Promise<string> {
  return readNewPasswordConfig(sources) ?? (await readPassword(io, user, VARIABLE))
}

async function setEnabled(
  { client, config, args: [nameOrId = ''] }: AccountCall<unknown>,
  enabled: boolean,
): Promise<Printed> {
  const { id } = await findUser(client, config, nameOrId)
  const request = { method: 'PATCH', path: `/v3/users/${id}`, body: { user: { enabled } } } as const
  const { body } = await client.json<{ user: UserRecord }>(request)
  return { json: body, text: `User ${body.user.name} is ${statusOf(body.user)}.` }
}

function statusOf({ enabled }: UserRecord): string {
  return enabled ? 'enabled' : 'disabled'
}

function describeRole({ role, scope }: AssignmentRecord): string {
  return `${role.name} in ${scope.project === undefined ? 'the whole domain' : `project ${scope.project.name}`}`
}

/** The roles in the scope of the token, for a user who may not list assignments. */
function ownRoles({ roles, project }: Client): readonly string[] {
  return roles.map((name) => `${name} in ${project === undefined ? 'the whole domain' : `project ${project.name}`}`)
}
