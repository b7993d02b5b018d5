import type { CommandGroup } from '../command.ts'
import { type AccountCall, accountCommand, facts, ifAllowed, type Printed } from './account-command.ts'
import { type ConfirmOption, confirmDeletion, confirmOption } from './confirm.ts'
import { findProject, listAllProjects, listAssignments, type ProjectRecord } from './records.ts'

const create = accountCommand<{ readonly description: string }>({
  usage: 'create <name>',
  summary: 'Create a project.',
  examples: [['tagwerk project create shop', 'Creates a project, in which users of the domain can get roles.']],
  declare: (command) => command.option('--description <text>', 'description of the project', ''),
  run: async ({ client, options: { description }, args: [name = ''] }) => {
    const request = { method: 'POST', path: '/v3/projects', body: { project: { name, description } } } as const
    const { body } = await client.json<{ project: ProjectRecord }>(request)
    return { json: body, text: `Created project ${name} with the id ${body.project.id}.` }
  },
})

const list = accountCommand({
  usage: 'list',
  summary: 'List the projects of the domain, disabled ones too, or those of a user without a role in the domain.',
  examples: [['tagwerk project list', 'Prints id, name and status of each project.']],
  run: async ({ client }) => {
    const projects = await listAllProjects(client)
    const rows = projects.map((project) => [project.id, project.name, statusOf(project), project.description])
    return { json: { projects }, table: { head: ['ID', 'NAME', 'STATUS', 'DESCRIPTION'], rows } }
  },
})

const show = accountCommand({
  usage: 'show <project>',
  summary: 'Show a project by name or id, and the users with a role in it.',
  details: 'Users with a role in the whole domain are not listed: "tagwerk user show" shows those.',
  examples: [['tagwerk project show shop', 'Prints the properties of the project and its users.']],
  run: async ({ client, args: [nameOrId = ''] }) => {
    const project = await findProject(client, nameOrId)
    const assignments = await ifAllowed(() => listAssignments(client, { 'scope.project.id': project.id }))
    const text = facts([
      ['id', project.id],
      ['name', project.name],
      ['status', statusOf(project)],
      ['description', project.description],
      ...(assignments ?? []).map(({ user, role }) => ['user', `${user.name} with role ${role.name}`] as const),
    ])
    return { json: { project, ...(assignments && { role_assignments: assignments }) }, text }
  },
})

const disable = accountCommand({
  usage: 'disable <project>',
  summary: 'Disable a project: its tokens are revoked and its resources are kept.',
  examples: [['tagwerk project disable shop', 'Answers every call in the project with 401 or 403.']],
  run: (call) => setEnabled(call, false),
})

const enable = accountCommand({
  usage: 'enable <project>',
  summary: 'Enable a project. Tokens from before stay revoked.',
  examples: [['tagwerk project enable shop', 'Lets its users work in it again.']],
  run: (call) => setEnabled(call, true),
})

const remove = accountCommand<ConfirmOption>({
  usage: 'delete <project>',
  summary: 'Delete a project without resources, and the roles of users in it.',
  examples: [['tagwerk project delete shop --yes', 'Deletes the project without a question.']],
  declare: confirmOption,
  run: async ({ io, client, options, args: [nameOrId = ''] }) => {
    const project = await findProject(client, nameOrId)
    await confirmDeletion(io, `project ${project.name}`, options)
    await client.done({ method: 'DELETE', path: `/v3/projects/${project.id}` })
    return { json: { deleted: project }, text: `Deleted project ${project.name}.` }
  },
})

/** Commands on projects. */
export const projectGroup: CommandGroup = {
  name: 'project',
  summary: 'Create, list, show, disable, enable and delete projects.',
  commands: [create, list, show, disable, enable, remove],
}

async function setEnabled({ client, args: [nameOrId = ''] }: AccountCall<unknown>, enabled: boolean): Promise<Printed> {
  const { id } = await findProject(client, nameOrId)
  const request = { method: 'PATCH', path: `/v3/projects/${id}`, body: { project: { enabled } } } as const
  const { body } = await client.json<{ project: ProjectRecord }>(request)
  return { json: body, text: `Project ${body.project.name} is ${statusOf(body.project)}.` }
}

function statusOf({ enabled }: ProjectRecord): string {
  return enabled ? 'enabled' : 'disabled'
}
