import { CLIENT_SETTINGS } from '../config/table.ts'
import { changeMany, declareMany, MANY_HELP, type ManyOptions, selectsMany } from './change-many.ts'
import { type Call, defineCommand, EXIT, UsageError } from './command.ts'
import { writeLine } from './io.ts'
import { declareOutput, print } from './output.ts'
import { allProjectsOption, clientOf, logInToPlace, PROJECT_HELP } from './project.ts'
import { typesOption } from './resource-types.ts'
import { changeTags, requireResource } from './resources.ts'
import { toTagArguments } from './tag-arguments.ts'

type Options = ManyOptions

/** Adds tags to a resource. */
export const tag = defineCommand<Options>({
  usage: 'tag [id] [key=value...]',
  summary: 'Add tags to a resource of any type, all or none.',
  details: [
    'If the resource already has a key, its value is replaced. A key without "=" gets the empty value.',
    'Without --type, the resource with the id is searched among all types.',
    MANY_HELP,
    PROJECT_HELP,
  ].join('\n'),
  settings: CLIENT_SETTINGS,
  examples: [
    ['tagwerk tag 6ad1d4b2-3b2a-4f7e-9d0c-1f2e3d4c5b6a env=prod team=storage', 'Adds two tags in one change.'],
    [
      'tagwerk tag owner=ann --type ecs,disk --not-any owner',
      'Tags all servers and disks without owner, after a question.',
    ],
    ['tagwerk tag --type instances 0123456789abcdef0123456789abcdefin07 env=prod', 'Tags a database instance.'],
  ],
  declare: (command) => {
    declareMany(command).addOption(typesOption('types of the resources')).addOption(allProjectsOption())
    return declareOutput(command, 'the resource and the tags')
  },
  run: runTag,
})

async function runTag(call: Call<Options>): Promise<number> {
  const { io, args, options, sources } = call
  if (selectsMany(options)) {
    const many = toTagArguments('tag', '', args)
    // The first argument may have been meant as an id.
    const bare = many.find(({ value }) => value === undefined)
    if (bare !== undefined)
      throw new UsageError(`write ${bare.key}= for the empty value: with conditions, no id is given`)
    return changeMany(call, 'create', many)
  }
  const [id = '', ...texts] = args
  const tags = toTagArguments('tag', id, texts).map(({ key, value = '' }) => ({ key, value }))
  const place = await logInToPlace(sources, options)
  const resource = await requireResource(place, id, options.type)
  await changeTags(await clientOf(place, sources, resource), resource, 'create', tags)
  const { resource_type, resource_id } = resource
  if (options.json || options.csv) {
    await print(io, options, {
      json: { resource_type, resource_id, tags },
      head: ['RESOURCE_TYPE', 'RESOURCE_ID', 'KEY', 'VALUE'],
      rows: tags.map(({ key, value }) => [resource_type, resource_id, key, value]),
    })
  } else await writeLine(io.stdout, `Set ${tags.length} ${tags.length === 1 ? 'tag' : 'tags'} on ${id}.`)
  return EXIT.ok
}
