import { CLIENT_SETTINGS } from '../config/table.ts'
import { IMAGES, type ResourceType } from '../core/resource-types.ts'
import { compareCodePoints } from '../core/text.ts'
import { AS_OF_HELP, type AsOfOption, asOfOption, asOfText } from './as-of.ts'
import { type Call, defineCommand, EXIT } from './command.ts'
import { ApiError } from './error-answer.ts'
import type { Io } from './io.ts'
import { declareOutput, type OutputOptions, print } from './output.ts'
import { type AllProjectsOption, allProjectsOption, logInToPlace, type Place, PROJECT_HELP } from './project.ts'
import { type TypesOption, typesOption } from './resource-types.ts'
import { findResource, resourceNotFound, type Tag, type Types } from './resources.ts'
import { RowProgress } from './row-progress.ts'
import { listTagCounts, type TagCount } from './tag-counts.ts'

type Options = TypesOption & AllProjectsOption & AsOfOption & OutputOptions

type TagsInUse = { readonly resource_type: ResourceType; readonly key: string; readonly values: readonly string[] }

/** Keys whose values are read side by side. */
const KEYS_AT_ONCE = 8

/** Lists the tags of a resource, or the tags in use. */
export const tags = defineCommand<Options>({
  usage: 'tags [id]',
  summary: 'List the tags of a resource, or the tags in use in a project.',
  details: [
    'With an id, lists the tags of a resource; without --type, it is searched among all types. Without an id, lists the tags',
    'in use by type, each key with its values. See "tagwerk keys" and "tagwerk values" for the number of resources.',
    AS_OF_HELP,
    PROJECT_HELP,
  ].join('\n'),
  settings: CLIENT_SETTINGS,
  examples: [
    ['tagwerk tags 6ad1d4b2-3b2a-4f7e-9d0c-1f2e3d4c5b6a', 'The tags of a resource.'],
    ['tagwerk tags --project default', 'The tags in use in a project, on resources of all types.'],
    ['tagwerk tags --type images,ecs --all-projects', 'The tags in use on images and servers of all projects.'],
  ],
  declare: (command) => {
    command
      .addOption(typesOption('only resources of these types'))
      .addOption(allProjectsOption())
      .addOption(asOfOption())
    return declareOutput(command, 'the tags, all pages in one object,')
  },
  run: runTags,
})

async function runTags({ io, args, options, sources }: Call<Options>): Promise<number> {
  const [id] = args
  const place = await logInToPlace(sources, options, asOfText(options, io.clock()))
  if (id === undefined) await printTagsInUse(place, io, options)
  else await printTagsOf(place, id, io, options)
  return EXIT.ok
}

async function printTagsInUse(place: Place, io: Io, options: Options): Promise<void> {
  const { type: types } = options
  const inUse = await tagsInUse(place, io, types)
  // The column is left out where it would be the same in every row.
  const showsType = types?.length !== 1
  await print(io, options, {
    json: { total_count: inUse.length, tags: inUse },
    head: [...(showsType ? ['TYPE'] : []), 'KEY', 'VALUES'],
    rows: inUse.map(({ resource_type, key, values }) => [
      ...(showsType ? [resource_type] : []),
      key,
      values.map((value) => value || '""').join(', '),
    ]),
  })
}

/** Lists keys with their values, by type and key. */
async function tagsInUse(place: Place, io: Io, types: Types): Promise<readonly TagsInUse[]> {
  const progress = new RowProgress(io.stderr, () => performance.now(), 'keys')
  const inUse: TagsInUse[] = []
  try {
    const { items: keys } = await listTagCounts(place, { types })
    for (let i = 0; i < keys.length; i += KEYS_AT_ONCE) {
      const some = keys.slice(i, i + KEYS_AT_ONCE).map(async ({ key = '' }) => ({
        key,
        values: (await listTagCounts(place, { types, key })).items,
      }))
      for (const { key, values } of await Promise.all(some)) inUse.push(...byType(key, values))
      progress.update(i, keys.length)
    }
  } finally {
    progress.stop()
  }
  // The sort is stable, and the keys ascend.
  return inUse.sort((a, b) => compareCodePoints(a.resource_type, b.resource_type))
}

function byType(key: string, values: readonly TagCount[]): TagsInUse[] {
  const ofTypes = new Map<string, string[]>()
  for (const { value = '', counts } of values) {
    for (const type of Object.keys(counts)) ofTypes.set(type, [...(ofTypes.get(type) ?? []), value])
  }
  return Array.from(ofTypes, ([type, some]) => ({ resource_type: type as ResourceType, key, values: some }))
}

async function printTagsOf(place: Place, id: string, io: Io, options: Options): Promise<void> {
  const { type: types } = options
  const found = (await findResource(place, id, types)) ?? (await sharedImage(place, id, types))
  if (found === undefined) throw resourceNotFound(place, id, types)
  const { resource_type, tags } = found
  await print(io, options, {
    json: { resource_type, resource_id: id, total_count: tags.length, tags },
    head: ['KEY', 'VALUE'],
    rows: tags.map(({ key, value }) => [key, value]),
  })
}

/** An image of another project that is shared with this one, which the image service alone shows; undefined if there is none. */
async function sharedImage(
  { client, isDomain }: Place,
  id: string,
  types: Types,
): Promise<{ readonly resource_type: ResourceType; readonly tags: readonly Tag[] } | undefined> {
  if (isDomain || (types !== undefined && !types.includes(IMAGES))) return undefined
  try {
    const path = `/v2/${client.projectId}/images/${encodeURIComponent(id)}/tags`
    const { body } = await client.json<{ readonly tags: readonly Tag[] }>({ path })
    return { resource_type: IMAGES, tags: body.tags }
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined
    throw error
  }
}
