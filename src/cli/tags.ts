import { CLIENT_SETTINGS } from '../config/table.ts'
import { IMAGES, INSTANCES, type ResourceType } from '../core/resource-types.ts'
import type { Client } from './client.ts'
import { type Call, defineCommand, EXIT } from './command.ts'
import { ApiError } from './error-answer.ts'
import { type Io, writeJson } from './io.ts'
import { logInToProject, PROJECT_HELP } from './project.ts'
import { type TypeOption, typeOption } from './resource-types.ts'
import { findResource, resourceNotFound, type Tag } from './resources.ts'
import { writeTable } from './table.ts'

type Options = TypeOption & { readonly json?: true }

type KeyWithValues = { readonly key: string; readonly values: readonly string[] }

/** Page size limit of the database service. */
const PAGE_ITEMS = 100

/** Lists the tags of a resource, or the tags in use in a project. */
export const tags = defineCommand<Options>({
  usage: 'tags [id]',
  summary: 'List the tags of a resource, or the tags in use in a project.',
  details: [
    'With an id, lists the tags of an image or a database instance; without --type, the resource is searched among all',
    'types. Without an id, lists the tags in use in the project by type, each key with its values.',
    PROJECT_HELP,
  ].join('\n'),
  settings: CLIENT_SETTINGS,
  examples: [
    ['tagwerk tags 6ad1d4b2-3b2a-4f7e-9d0c-1f2e3d4c5b6a', 'The tags of an image.'],
    ['tagwerk tags --project default', 'The tags in use in a project, on images and on database instances.'],
    ['tagwerk tags --type images', 'The tags in use on images.'],
  ],
  declare: (command) =>
    command
      .addOption(typeOption('type of the resources'))
      .option('--json', 'print the tags as JSON, all pages in one object'),
  run: runTags,
})

async function runTags({ io, args, options, sources }: Call<Options>): Promise<number> {
  const [id] = args
  const client = await logInToProject(sources)
  if (id === undefined) await printTagsInUse(client, io, options)
  else await printTagsOf(client, id, io, options)
  return EXIT.ok
}

async function printTagsInUse(client: Client, io: Io, { type, json }: Options): Promise<void> {
  const types = type === undefined ? ([IMAGES, INSTANCES] as const) : [type]
  const all: (KeyWithValues & { readonly resource_type: ResourceType })[] = []
  for (const resource_type of types) {
    for (const { key, values } of await tagsInUse(client, resource_type)) all.push({ resource_type, key, values })
  }
  if (json) return writeJson(io.stdout, { total_count: all.length, tags: all })
  // The column is left out where it would be the same in every row.
  const showsType = type === undefined
  const rows = all.map(({ resource_type, key, values }) => [
    ...(showsType ? [resource_type] : []),
    key,
    values.map((value) => value || '""').join(', '),
  ])
  await writeTable(io.stdout, [...(showsType ? ['TYPE'] : []), 'KEY', 'VALUES'], rows)
}

async function tagsInUse(client: Client, type: ResourceType): Promise<readonly KeyWithValues[]> {
  type Body = { readonly tags: readonly KeyWithValues[] }
  if (type === IMAGES) return (await client.json<Body>({ path: `/v2/${client.projectId}/images/tags` })).body.tags
  const tags: KeyWithValues[] = []
  for (;;) {
    const query = { limit: String(PAGE_ITEMS), offset: String(tags.length) }
    const { body } = await client.json<Body>({ path: `/v3/${client.projectId}/tags`, query })
    tags.push(...body.tags)
    if (body.tags.length < PAGE_ITEMS) return tags
  }
}

async function printTagsOf(client: Client, id: string, io: Io, { type, json }: Options): Promise<void> {
  const found = (await findResource(client, id, type)) ?? (await sharedImage(client, id, type))
  if (found === undefined) throw resourceNotFound(client, id, type)
  const { resource_type, tags } = found
  if (json) return writeJson(io.stdout, { resource_type, resource_id: id, total_count: tags.length, tags })
  const rows = tags.map(({ key, value }) => [key, value])
  await writeTable(io.stdout, ['KEY', 'VALUE'], rows)
}

/** An image of another project that is shared with this one; undefined if there is none. */
async function sharedImage(
  client: Client,
  id: string,
  type: ResourceType | undefined,
): Promise<{ readonly resource_type: ResourceType; readonly tags: readonly Tag[] } | undefined> {
  if (type === INSTANCES) return undefined
  try {
    const path = `/v2/${client.projectId}/images/${encodeURIComponent(id)}/tags`
    const { body } = await client.json<{ readonly tags: readonly Tag[] }>({ path })
    return { resource_type: IMAGES, tags: body.tags }
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined
    throw error
  }
}
