import { Option } from 'commander'
import { createAccessKey, describeKey, shellCommands } from '../access-key.ts'
import type { CommandGroup } from '../command.ts'
import { type AccountCall, accountCommand, facts, type Printed } from './account-command.ts'
import { type ConfirmOption, confirmDeletion, confirmOption } from './confirm.ts'
import { findUser } from './records.ts'

type KeyRecord = {
  readonly access: string
  readonly user_id: string
  readonly status: string
  readonly create_time: string
  readonly description: string
}

const PATH = '/v3.0/OS-CREDENTIAL/credentials'

const create = accountCommand<{ readonly description: string; readonly env?: true }>({
  usage: 'create [user]',
  summary: 'Create an access key of a user, by default of the caller. The secret is shown only once.',
  details: 'A user can have two access keys, which are valid wherever the user has a role.',
  examples: [
    ['tagwerk key create ann', 'Prints a new key of ann and its secret, for an administrator to hand over.'],
    ['eval "$(tagwerk key create --env)"', 'Sets the variables that SDKs and Terraform providers read.'],
  ],
  declare: (command) =>
    command
      .option('--description <text>', 'description of the key', '')
      .addOption(new Option('--env', 'print shell commands that set variables of SDKs').conflicts('json')),
  run: async (call) => {
    const { client, options } = call
    const key = await createAccessKey(client, options.description, await userIdOf(call))
    const text = options.env ? shellCommands(key, client.domain.id) : describeKey(key)
    return { json: { ...key, domain_id: client.domain.id }, text }
  },
})

const list = accountCommand({
  usage: 'list [user]',
  summary: 'List the access keys of a user, by default of the caller, without their secrets.',
  examples: [['tagwerk key list ann', 'Prints each key of ann with its status.']],
  run: async (call) => {
    const query = { user_id: await userIdOf(call) }
    const { body } = await call.client.json<{ credentials: readonly KeyRecord[] }>({ path: PATH, query })
    const rows = body.credentials.map((key) => [key.access, key.status, key.create_time, key.description])
    return { json: body, table: { head: ['ACCESS', 'STATUS', 'CREATED', 'DESCRIPTION'], rows } }
  },
})

const show = accountCommand({
  usage: 'show <access>',
  summary: 'Show an access key without its secret.',
  examples: [['tagwerk key show ABCDEFGHIJ0123456789', 'Prints the user and the status of the key.']],
  run: async ({ client, args: [access = ''] }) => {
    const { body } = await client.json<{ credential: KeyRecord }>({ path: pathOf(access) })
    const { status, user_id, create_time, description } = body.credential
    const text = facts([
      ['access', access],
      ['status', status],
      ['user id', user_id],
      ['created', create_time],
      ['description', description],
    ])
    return { json: body, text }
  },
})

const disable = accountCommand({
  usage: 'disable <access>',
  summary: 'Disable an access key. A key that an administrator disabled cannot be enabled by its user.',
  examples: [['tagwerk key disable ABCDEFGHIJ0123456789', 'Refuses signatures of the key from the next request on.']],
  run: (call) => setStatus(call, 'inactive'),
})

const enable = accountCommand({
  usage: 'enable <access>',
  summary: 'Enable an access key.',
  examples: [['tagwerk key enable ABCDEFGHIJ0123456789', 'Accepts signatures of the key again.']],
  run: (call) => setStatus(call, 'active'),
})

const remove = accountCommand<ConfirmOption>({
  usage: 'delete <access>',
  summary: 'Delete an access key.',
  examples: [['tagwerk key delete ABCDEFGHIJ0123456789 --yes', 'Deletes the key without a question.']],
  declare: confirmOption,
  run: async ({ io, client, options, args: [access = ''] }) => {
    const { body } = await client.json<{ credential: KeyRecord }>({ path: pathOf(access) })
    await confirmDeletion(io, `access key ${access}`, options)
    await client.done({ method: 'DELETE', path: pathOf(access) })
    return { json: { deleted: body.credential }, text: `Deleted access key ${access}.` }
  },
})

/** Commands on access keys. */
export const keyGroup: CommandGroup = {
  name: 'key',
  summary: 'Create, list, show, disable, enable and delete access keys.',
  commands: [create, list, show, disable, enable, remove],
}

async function userIdOf({ client, config, args: [nameOrId] }: AccountCall<unknown>): Promise<string> {
  return nameOrId === undefined ? client.userId : (await findUser(client, config, nameOrId)).id
}

function pathOf(access: string): string {
  return `${PATH}/${encodeURIComponent(access)}`
}

async function setStatus(
  { client, args: [access = ''] }: AccountCall<unknown>,
  status: 'active' | 'inactive',
): Promise<Printed> {
  const request = { method: 'PUT', path: pathOf(access), body: { credential: { status } } } as const
  const { body } = await client.json<{ credential: KeyRecord }>(request)
  return { json: body, text: `Access key ${access} is ${status === 'active' ? 'enabled' : 'disabled'}.` }
}
