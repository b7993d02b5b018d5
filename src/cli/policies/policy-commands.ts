import { createReadStream } from 'node:fs'
import { buffer } from 'node:stream/consumers'
import type { Command } from 'commander'
import { CLIENT_SETTINGS } from '../../config/table.ts'
import { type ConfirmOption, confirmDeletion, confirmOption } from '../accounts/confirm.ts'
import { type Call, type CliCommand, defineCommand, EXIT, UsageError } from '../command.ts'
import { type Io, writeJson, writeLine } from '../io.ts'
import { declareOutput, type OutputOptions, print } from '../output.ts'
import { type AllProjectsOption, allProjectsOption, logInToPlace, type Place, PROJECT_HELP } from '../project.ts'

type Warning = { readonly field: string; readonly message: string }
type PolicyHead = {
  readonly name: string
  readonly keys: readonly string[]
  readonly updated_at: string
  readonly updated_by: string
}
type Rule = {
  readonly tag_key: string
  readonly tag_value?: readonly string[]
  readonly enforced_for: readonly string[]
  readonly report_required_tag_for: readonly string[]
  readonly required_on_create: boolean
}
type Effective = {
  readonly rules: readonly Rule[]
  readonly ignored: readonly (Warning & { readonly level: string; readonly policy: string })[]
}

type JsonOption = { readonly json?: true }

const PLACE_HELP = `With --all-projects it works on the policies of the domain, which apply in all of its projects.\n${PROJECT_HELP}`

const put = defineCommand<AllProjectsOption & JsonOption>({
  usage: 'put <name> <file>',
  summary: 'Put a tag policy from a file, in force for the next write; "-" is standard input.',
  details: [
    'The file is a tag policy as AWS Organizations or Huawei Cloud Organizations writes it. Changes that set a tag which the',
    'policy does not allow are refused for the types of enforced_for; what resources have already stays.',
    PLACE_HELP,
  ].join('\n'),
  settings: CLIENT_SETTINGS,
  examples: [
    ['tagwerk policy put base base.json --all-projects', 'Applies in all projects of the domain.'],
    ['tagwerk policy put extra extra.json --project web', 'Applies in one project, together with those of the domain.'],
  ],
  declare: (command) => declareJson(declarePlace(command)),
  run: async ({ io, options, sources, args: [name = '', file = ''] }) => {
    const body = await readJsonFile(io, file)
    const place = await logInToPlace(sources, options)
    const answer = await place.client.json<PolicyHead & { readonly warnings: readonly Warning[] }>({
      method: 'PUT',
      path: pathOf(place, name),
      body,
    })
    if (options.json) await writeJson(io.stdout, answer.body)
    else {
      await warn(io, answer.body.warnings)
      await writeLine(io.stdout, `Put the policy ${name} about ${answer.body.keys.join(', ') || 'no keys'}.`)
    }
    return EXIT.ok
  },
})

const list = defineCommand<AllProjectsOption & OutputOptions>({
  usage: 'list',
  summary: 'List the tag policies of a project, or of the domain.',
  details: PLACE_HELP,
  settings: CLIENT_SETTINGS,
  examples: [['tagwerk policy list --all-projects', 'Prints name, keys and time of each policy of the domain.']],
  declare: (command) => declareOutput(declarePlace(command), 'the policies'),
  run: async ({ io, options, sources }) => {
    const place = await logInToPlace(sources, options)
    const { body } = await place.client.json<{ readonly policies: readonly PolicyHead[] }>({ path: pathOf(place) })
    const rows = body.policies.map(({ name, keys, updated_at }) => [name, keys.join(' '), updated_at])
    await print(io, options, { json: body, head: ['NAME', 'KEYS', 'UPDATED AT'], rows })
    return EXIT.ok
  },
})

const show = defineCommand<AllProjectsOption & OutputOptions>({
  usage: 'show [name]',
  summary: 'Show a tag policy as it was put, or what applies to a project.',
  details: `Without a name it shows what the policies of the project and of its domain ask for together.\n${PLACE_HELP}`,
  settings: CLIENT_SETTINGS,
  examples: [
    ['tagwerk policy show base --all-projects > base.json', 'Prints the policy, which "policy put" takes again.'],
    ['tagwerk policy show --project web', 'Prints what writes to the project are held to.'],
  ],
  declare: (command) => declareOutput(declarePlace(command), 'the policy'),
  run: (call) => (call.args[0] === undefined ? showEffective(call) : showOne(call, call.args[0])),
})

async function showOne({ io, options, sources }: Call<AllProjectsOption>, name: string): Promise<number> {
  const place = await logInToPlace(sources, options)
  const { body } = await place.client.json<{ readonly policy: unknown }>({ path: pathOf(place, name) })
  await writeJson(io.stdout, body.policy)
  return EXIT.ok
}

async function showEffective({ io, options, sources }: Call<AllProjectsOption & OutputOptions>): Promise<number> {
  if (options.allProjects) throw new UsageError('name a policy of the domain, or leave out --all-projects')
  const place = await logInToPlace(sources, options)
  const { body } = await place.client.json<Effective>({ path: pathOf(place, 'effective') })
  await print(io, options, {
    json: body,
    head: ['KEY', 'VALUES', 'ENFORCED FOR', 'REQUIRED FOR', 'ON CREATE'],
    rows: body.rules.map((rule) => [
      rule.tag_key,
      rule.tag_value?.join(' ') ?? 'any',
      rule.enforced_for.join(' '),
      rule.report_required_tag_for.join(' '),
      rule.required_on_create ? 'yes' : '',
    ]),
  })
  if (!options.json) {
    await warn(
      io,
      body.ignored.map(({ level, policy, ...warning }) => ({
        ...warning,
        field: `${level} ${policy}: ${warning.field}`,
      })),
    )
  }
  return EXIT.ok
}

const remove = defineCommand<AllProjectsOption & ConfirmOption & JsonOption>({
  usage: 'delete <name>',
  summary: 'Delete a tag policy; no later write is held to it.',
  details: PLACE_HELP,
  settings: CLIENT_SETTINGS,
  examples: [['tagwerk policy delete extra --project web --yes', 'Deletes it without a question.']],
  declare: (command) => declareJson(confirmOption(declarePlace(command))),
  run: async ({ io, options, sources, args: [name = ''] }) => {
    await confirmDeletion(io, `the policy ${name}`, options)
    const place = await logInToPlace(sources, options)
    await place.client.done({ method: 'DELETE', path: pathOf(place, name) })
    if (options.json) await writeJson(io.stdout, { deleted: { name } })
    else await writeLine(io.stdout, `Deleted the policy ${name}.`)
    return EXIT.ok
  },
})

const convert = defineCommand<JsonOption>({
  usage: 'convert <file>',
  summary:
    'Convert an assignment of required-tag-check of Huawei Cloud Config into a tag policy; "-" is standard input.',
  details: 'Prints the policy. It reports and refuses nothing, as Config does: add enforced_for to refuse changes.',
  settings: CLIENT_SETTINGS,
  examples: [['tagwerk policy convert assignment.json > policy.json', 'Makes a file for "policy put".']],
  declare: (command) => command.option('--json', 'print the policy with its warnings as JSON'),
  run: async ({ io, options, sources, args: [file = ''] }) => {
    const body = { from: 'huawei-config', assignment: await readJsonFile(io, file) }
    const place = await logInToPlace(sources, { allProjects: true })
    const answer = await place.client.json<{ readonly policy: unknown; readonly warnings: readonly Warning[] }>({
      method: 'POST',
      path: pathOf(place, 'convert'),
      body,
    })
    if (!options.json) await warn(io, answer.body.warnings)
    await writeJson(io.stdout, options.json ? answer.body : answer.body.policy)
    return EXIT.ok
  },
})

/** Commands that change and show tag policies. */
export const policyCommands: readonly CliCommand[] = [put, list, show, remove, convert]

function declarePlace(command: Command): Command {
  return command.addOption(allProjectsOption())
}

function declareJson(command: Command): Command {
  return command.option('--json', 'print the answer as JSON')
}

function pathOf({ path }: Place, name?: string): string {
  return name === undefined ? `${path}/policies` : `${path}/policies/${encodeURIComponent(name)}`
}

async function warn(io: Io, warnings: readonly Warning[]): Promise<void> {
  for (const { field, message } of warnings) await writeLine(io.stderr, `warning: ${field}: ${message}`)
}

/** Reads a JSON document from a file or standard input. */
async function readJsonFile(io: Io, file: string): Promise<unknown> {
  let text: string
  try {
    text = (await buffer(file === '-' ? io.stdin : createReadStream(file))).toString()
  } catch (error) {
    throw new Error(`cannot read ${file}: ${(error as Error).message}`, { cause: error })
  }
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    throw new Error(`${file} is not JSON: ${(error as Error).message}`, { cause: error })
  }
}
