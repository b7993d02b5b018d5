import { Option } from 'commander'
import { CLIENT_SETTINGS } from '../config/table.ts'
import { NEAR_KINDS } from '../core/near-duplicates/near-duplicates.ts'
import { type Call, defineCommand, EXIT } from './command.ts'
import { writeLine } from './io.ts'
import { declareOutput, type OutputOptions, print } from './output.ts'
import { logInToProject, PROJECT_HELP } from './project.ts'

type Options = OutputOptions & { readonly key?: string; readonly kind?: string }

type Member = { readonly key?: string; readonly value?: string; readonly resources: number }
type Group = {
  readonly kind: string
  readonly members: readonly Member[]
  readonly canonical: string
  readonly affected: number
  readonly both: number
}

/** Lists spellings of the same key or value. */
export const nearDuplicates = defineCommand<Options>({
  usage: 'near-duplicates',
  summary: 'List keys, or values of a key, that are probably spellings of the same.',
  details:
    'The kind "certain" differs only in case, width and separators, "look-alike" in letters of other scripts, "related" in plurals, ' +
    `word order and synonyms, and "perhaps" may be a typing error.\n${PROJECT_HELP}`,
  settings: CLIENT_SETTINGS,
  examples: [
    ['tagwerk near-duplicates --kind certain', 'Keys such as Env, env and ENV.'],
    ['tagwerk near-duplicates --key env --csv', 'Values of env, for a spreadsheet program.'],
  ],
  declare: (command) => {
    command
      .option('--key <key>', 'compare the values of this key; default: the keys')
      .addOption(new Option('--kind <kind>', 'only groups of this kind').choices(NEAR_KINDS))
    return declareOutput(command, 'the groups')
  },
  run: runNearDuplicates,
})

async function runNearDuplicates({ io, options, sources }: Call<Options>): Promise<number> {
  const { key, kind } = options
  const client = await logInToProject(sources)
  const query = new URLSearchParams({ ...(key !== undefined && { key }), ...(kind !== undefined && { kind }) })
  const path = `/tagwerk/v1/${client.projectId}/near-duplicates?${query}`
  const { body } = await client.json<{ readonly groups: readonly Group[] }>({ method: 'GET', path })
  const { groups } = body
  await print(io, options, {
    json: body,
    head: ['KIND', 'KEEP', 'OTHERS', 'AFFECTED', 'BOTH'],
    rows: groups.map((group) => [
      group.kind,
      group.canonical,
      othersOf(group),
      String(group.affected),
      String(group.both),
    ]),
  })
  const what = key === undefined ? 'keys' : `values of ${key}`
  if (!options.json)
    await writeLine(io.stderr, `${groups.length} ${groups.length === 1 ? 'group' : 'groups'} of ${what}.`)
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
