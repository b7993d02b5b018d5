import { type Command, Option } from 'commander'
import { CLIENT_SETTINGS } from '../config/table.ts'
import { NEAR_KINDS } from '../core/near-duplicates/near-duplicates.ts'
import type { IfBoth } from '../core/plan-actions.ts'
import type { Client } from './client.ts'
import { type Call, defineCommand, EXIT } from './command.ts'
import { type Io, writeJson, writeLine } from './io.ts'
import { declareOutput, type OutputOptions, print } from './output.ts'
import { ifBothOption } from './plans/plan-actions.ts'
import { type Plan, planCalls } from './plans/plan-calls.ts'
import { showBrief } from './plans/run-plan.ts'
import { logInToProject, PROJECT_HELP } from './project.ts'

type Options = OutputOptions & {
  readonly key?: string
  readonly kind?: string
  readonly ignored?: true
  readonly ignore?: string
  readonly restore?: string
  readonly plan?: string
  readonly canonical?: string
  readonly ifBoth: IfBoth
}

type Member = { readonly key?: string; readonly value?: string; readonly resources: number }
type Group = {
  readonly id: string
  readonly kind: string
  readonly members: readonly Member[]
  readonly canonical: string
  readonly affected: number
  readonly both: number
}

/** Lists spellings of the same key or value, plans to leave one, or ignores them. */
export const nearDuplicates = defineCommand<Options>({
  usage: 'near-duplicates',
  summary: 'List keys, or values of a key, that are probably spellings of the same.',
  details: [
    'The kind "certain" differs only in case, width and separators, "look-alike" in letters of other scripts, "related" in plurals, ' +
      'word order and synonyms, and "perhaps" may be a typing error. The spelling to keep is a predefined tag, or else the most used.',
    '--plan makes a plan that leaves one spelling of a group, and shows it. --ignore says that a group is none: lists leave ' +
      'it out until it gets another spelling. With a group of values, --key is needed.',
    PROJECT_HELP,
  ].join('\n'),
  settings: CLIENT_SETTINGS,
  examples: [
    ['tagwerk near-duplicates --kind certain', 'Keys such as Env, env and ENV.'],
    ['tagwerk near-duplicates --key env --csv', 'Values of env, for a spreadsheet program.'],
    ['tagwerk near-duplicates --plan 1f0c2a9b5d3e7788', 'Plans to leave one spelling, and shows what would change.'],
    ['tagwerk near-duplicates --ignore 1f0c2a9b5d3e7788', 'These are different things: do not list them again.'],
  ],
  declare,
  run: async (call) => {
    const { ignore, restore, plan } = call.options
    const client = await logInToProject(call.sources)
    if (ignore !== undefined) return setIgnored(call, client, ignore, true)
    if (restore !== undefined) return setIgnored(call, client, restore, false)
    return plan === undefined ? listGroups(call, client) : makePlan(call, client, plan)
  },
})

function declare(command: Command): Command {
  command
    .option('--key <key>', 'compare the values of this key; default: the keys')
    .addOption(new Option('--kind <kind>', 'only groups of this kind').choices(NEAR_KINDS))
    .option('--ignored', 'list the groups that are ignored instead')
    .addOption(
      new Option('--ignore <group>', 'ignore the group with this id').conflicts(['restore', 'plan', 'ignored']),
    )
    .addOption(new Option('--restore <group>', 'list an ignored group again').conflicts(['plan', 'ignored']))
    .addOption(
      new Option('--plan <group>', 'plan to leave one spelling of the group with this id').conflicts('ignored'),
    )
    .option('--canonical <spelling>', 'with --plan: the spelling to keep; default: that of the group')
    .addOption(ifBothOption())
  return declareOutput(command, 'the result')
}

function pathOf(client: Client, path = ''): string {
  return `/tagwerk/v1/${client.projectId}/near-duplicates${path}`
}

async function listGroups({ io, options }: Call<Options>, client: Client): Promise<number> {
  const { key, kind, ignored } = options
  const query = {
    ...(key !== undefined && { key }),
    ...(kind !== undefined && { kind }),
    ...(ignored && { ignored: 'true' }),
  }
  const { body } = await client.json<{ readonly groups: readonly Group[] }>({ path: pathOf(client), query })
  const { groups } = body
  await printGroups(io, options, body, groups)
  const what = key === undefined ? 'keys' : `values of ${key}`
  if (!options.json) {
    const count = `${groups.length}${ignored ? ' ignored' : ''} ${groups.length === 1 ? 'group' : 'groups'}`
    await writeLine(io.stderr, `${count} of ${what}.`)
  }
  return EXIT.ok
}

function printGroups(io: Io, options: Options, json: unknown, groups: readonly Group[]): Promise<void> {
  return print(io, options, {
    json,
    head: ['ID', 'KIND', 'KEEP', 'OTHERS', 'AFFECTED', 'BOTH'],
    rows: groups.map((group) => [
      group.id,
      group.kind,
      group.canonical,
      othersOf(group),
      String(group.affected),
      String(group.both),
    ]),
  })
}

async function setIgnored(
  { io, options }: Call<Options>,
  client: Client,
  id: string,
  ignored: boolean,
): Promise<number> {
  const { key } = options
  const { body } = await client.json<Group>({
    method: 'PUT',
    path: pathOf(client, `/${encodeURIComponent(id)}`),
    body: { ignored, ...(key !== undefined && { key }) },
  })
  await printGroups(io, options, body, [body])
  const done = ignored ? `Ignored. To list it again: tagwerk near-duplicates --restore ${id}` : 'Listed again.'
  if (!options.json) await writeLine(io.stderr, done)
  return EXIT.ok
}

async function makePlan({ io, options }: Call<Options>, client: Client, id: string): Promise<number> {
  const { key, canonical, ifBoth } = options
  const { body: plan } = await client.json<Plan>({
    method: 'POST',
    path: pathOf(client, `/${encodeURIComponent(id)}/plan`),
    body: { if_both: ifBoth, ...(key !== undefined && { key }), ...(canonical !== undefined && { canonical }) },
  })
  if (options.json) await writeJson(io.stdout, plan)
  else {
    await showBrief(io, planCalls(client), plan)
    await writeLine(io.stdout, `Planned. To apply it: tagwerk plan apply ${plan.id}`)
  }
  return EXIT.ok
}

/** The other spellings with their numbers of resources. */
function othersOf({ members, canonical }: Group): string {
  return members
    .map(({ key, value, resources }) => ({ text: key ?? value ?? '', resources }))
    .filter(({ text }) => text !== canonical)
    .map(({ text, resources }) => `${text === '' ? '(empty)' : text} (${resources})`)
    .join(', ')
}
