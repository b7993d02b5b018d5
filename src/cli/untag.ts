import { CLIENT_SETTINGS } from '../config/table.ts'
import { changeMany, declareMany, MANY_HELP, type ManyOptions, selectsMany } from './change-many.ts'
import { type Call, defineCommand, EXIT } from './command.ts'
import { writeLine } from './io.ts'
import { declareOutput, print } from './output.ts'
import { allProjectsOption, clientOf, logInToPlace, PROJECT_HELP } from './project.ts'
import { typesOption } from './resource-types.ts'
import { changeTags, requireResource, type Tag } from './resources.ts'
import { describeTags, type TagArgument, toTagArguments } from './tag-arguments.ts'

type Options = ManyOptions

/** Removes tags from a resource. */
export const untag = defineCommand<Options>({
  usage: 'untag [id] [key...]',
  summary: 'Remove tags from a resource of any type, all in one change.',
  details: [
    'KEY removes a tag with any value, KEY=VALUE only with this value, and KEY= only with the empty value. A tag that the',
    'resource does not have is no error.',
    'Without --type, the resource with the id is searched among all types.',
    MANY_HELP,
    PROJECT_HELP,
  ].join('\n'),
  settings: CLIENT_SETTINGS,
  examples: [
    ['tagwerk untag 6ad1d4b2-3b2a-4f7e-9d0c-1f2e3d4c5b6a tmp team', 'Removes two tags, whatever their values.'],
    ['tagwerk untag tmp --tag tmp --all-projects --yes', 'Removes a tag everywhere, without a question.'],
    [`tagwerk untag env=test --filter '"expired" in tags'`, 'Prints the plan and asks for confirmation.'],
    ['tagwerk untag 0123456789abcdef0123456789abcdefin07 env=test', 'Removes the tag if it has this value.'],
  ],
  declare: (command) => {
    declareMany(command).addOption(typesOption('types of the resources')).addOption(allProjectsOption())
    return declareOutput(command, 'the removed tags')
  },
  run: runUntag,
})

async function runUntag(call: Call<Options>): Promise<number> {
  const { io, args, options, sources } = call
  if (selectsMany(options)) return changeMany(call, 'delete', toTagArguments('untag', '', args))
  const [id = '', ...texts] = args
  const removals = toTagArguments('untag', id, texts)
  const place = await logInToPlace(sources, options)
  const resource = await requireResource(place, id, options.type)
  const tags = removals.map(({ key, value }) => ({ key, ...(value !== undefined && { value }) }))
  await changeTags(await clientOf(place, sources, resource), resource, 'delete', tags)
  const { resource_type, resource_id } = resource
  const removed = resource.tags.filter((tag) => removals.some((removal) => isRemovedBy(tag, removal)))
  const absent = removals.filter((removal) => !resource.tags.some((tag) => isRemovedBy(tag, removal)))
  if (options.json || options.csv) {
    await print(io, options, {
      json: { resource_type, resource_id, removed },
      head: ['RESOURCE_TYPE', 'RESOURCE_ID', 'KEY', 'VALUE'],
      rows: removed.map(({ key, value }) => [resource_type, resource_id, key, value]),
    })
  } else await writeLine(io.stdout, describe(id, removed.length, absent))
  return EXIT.ok
}

function isRemovedBy(tag: Tag, { key, value }: TagArgument): boolean {
  return tag.key === key.trim() && (value === undefined || tag.value === value.trim())
}

function describe(id: string, removed: number, absent: readonly TagArgument[]): string {
  const head = `Removed ${removed} ${removed === 1 ? 'tag' : 'tags'} from ${id}`
  if (absent.length === 0) return `${head}.`
  return `${head}, which did not have ${describeTags(absent)}.`
}
