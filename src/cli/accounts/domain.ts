import { readNewPasswordConfig } from '../../config/config.ts'
import { NEW_PASSWORD_SETTINGS } from '../../config/table.ts'
import type { CommandGroup } from '../command.ts'
import { readPassword } from '../read-password.ts'
import { type AccountCall, accountCommand, facts, type Printed } from './account-command.ts'
import { type ConfirmOption, confirmDeletion, confirmOption } from './confirm.ts'
import { type DomainRecord, findDomain, listDomains } from './records.ts'

type CreateOptions = { readonly description: string; readonly admin: string }

const VARIABLE = 'TAGWERK_NEW_PASSWORD'

const create = accountCommand<CreateOptions>({
  usage: 'create <name>',
  summary: 'Create a domain with its administrator and a project named after the region.',
  details:
    'Users, projects, roles and predefined tags of a domain are its own. The password of the administrator is asked for on a ' +
    `terminal; otherwise it is the first line of standard input, or ${VARIABLE} if that is set.`,
  settings: NEW_PASSWORD_SETTINGS,
  examples: [
    ['tagwerk domain create acme', 'Asks for the password of the user admin in the new domain.'],
    ['tagwerk user list --domain acme', 'Logs in as the user admin of that domain.'],
  ],
  declare: (command) =>
    command
      .option('--description <text>', 'description of the domain', '')
      .option('--admin <name>', 'name of the administrator', 'admin'),
  run: async ({ io, client, options, sources, args: [name = ''] }) => {
    const user = `${options.admin} in domain ${name}`
    const password = readNewPasswordConfig(sources) ?? (await readPassword(io, user, VARIABLE))
    const administrator = { name: options.admin, password }
    const body = { domain: { name, description: options.description, administrator } }
    const answer = await client.json<{ domain: DomainRecord }>({ method: 'POST', path: '/v3/domains', body })
    const text = `Created domain ${name} with the id ${answer.body.domain.id} and the administrator ${options.admin}.`
    return { json: answer.body, text }
  },
})

const addAdmin = accountCommand<Pick<CreateOptions, 'admin'>>({
  usage: 'add-admin <domain>',
  summary: 'Add the administrator of a domain that has none, because another client created it.',
  details:
    'The password is asked for on a terminal; otherwise it is the first line of standard input, or ' +
    `${VARIABLE} if that is set. Further administrators are made in the domain, by its users.`,
  settings: NEW_PASSWORD_SETTINGS,
  examples: [['tagwerk domain add-admin acme --admin ann', 'Makes the user ann, who may do everything in the domain.']],
  declare: (command) => command.option('--admin <name>', 'name of the administrator', 'admin'),
  run: async ({ io, client, options, sources, args: [nameOrId = ''] }) => {
    const { id, name } = await findDomain(client, nameOrId)
    const password =
      readNewPasswordConfig(sources) ?? (await readPassword(io, `${options.admin} in domain ${name}`, VARIABLE))
    const body = { domain: { administrator: { name: options.admin, password } } }
    const answer = await client.json<{ domain: DomainRecord }>({ method: 'PATCH', path: `/v3/domains/${id}`, body })
    return { json: answer.body, text: `Domain ${name} has the administrator ${options.admin}.` }
  },
})

const list = accountCommand({
  usage: 'list',
  summary: 'List the domains of the service, or the own one for users of other domains than the first.',
  examples: [['tagwerk domain list', 'Prints id, name and status of each domain.']],
  run: async ({ client }) => {
    const domains = await listDomains(client)
    const rows = domains.map((domain) => [domain.id, domain.name, statusOf(domain), domain.description])
    return { json: { domains }, table: { head: ['ID', 'NAME', 'STATUS', 'DESCRIPTION'], rows } }
  },
})

const show = accountCommand({
  usage: 'show <domain>',
  summary: 'Show a domain by name or id.',
  examples: [['tagwerk domain show acme', 'Prints the properties of the domain.']],
  run: async ({ client, args: [nameOrId = ''] }) => {
    const domain = await findDomain(client, nameOrId)
    const { id, name, description } = domain
    const pairs = Object.entries({ id, name, status: statusOf(domain), description })
    return { json: { domain }, text: facts(pairs) }
  },
})

const disable = accountCommand({
  usage: 'disable <domain>',
  summary: 'Disable a domain: its users are locked out and their tokens revoked. Its data are kept.',
  examples: [['tagwerk domain disable acme', 'Refuses tokens, log-ins and signatures of its users at once.']],
  run: (call) => setEnabled(call, false),
})

const enable = accountCommand({
  usage: 'enable <domain>',
  summary: 'Enable a domain. Tokens from before stay revoked.',
  examples: [['tagwerk domain enable acme', 'Lets its users log in again.']],
  run: (call) => setEnabled(call, true),
})

const remove = accountCommand<ConfirmOption>({
  usage: 'delete <domain>',
  summary: 'Delete a domain without resources, with its projects, users, roles and access keys.',
  examples: [['tagwerk domain delete acme --yes', 'Deletes the domain without a question.']],
  declare: confirmOption,
  run: async ({ io, client, options, args: [nameOrId = ''] }) => {
    const domain = await findDomain(client, nameOrId)
    await confirmDeletion(io, `domain ${domain.name} with all its users and projects`, options)
    await client.done({ method: 'DELETE', path: `/v3/domains/${domain.id}` })
    return { json: { deleted: domain }, text: `Deleted domain ${domain.name}.` }
  },
})

/** Commands on domains. */
export const domainGroup: CommandGroup = {
  name: 'domain',
  summary: 'Create, list, show, disable, enable and delete domains, whose users and projects are separate.',
  commands: [create, addAdmin, list, show, disable, enable, remove],
}

async function setEnabled({ client, args: [nameOrId = ''] }: AccountCall<unknown>, enabled: boolean): Promise<Printed> {
  const { id } = await findDomain(client, nameOrId)
  const request = { method: 'PATCH', path: `/v3/domains/${id}`, body: { domain: { enabled } } } as const
  const { body } = await client.json<{ domain: DomainRecord }>(request)
  return { json: body, text: `Domain ${body.domain.name} is ${statusOf(body.domain)}.` }
}

function statusOf({ enabled }: DomainRecord): string {
  return enabled ? 'enabled' : 'disabled'
}
