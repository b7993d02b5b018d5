import { Option } from 'commander'
import { CLIENT_SETTINGS } from '../config/table.ts'
import type { Client } from './client.ts'
import { type Call, defineCommand, EXIT, UsageError } from './command.ts'
import { type Io, writeJson } from './io.ts'
import { logInToProject, PROJECT_HELP } from './project.ts'
import { TYPES, type TypeOption } from './resource-types.ts'
import { writeTable } from './table.ts'

type Options = TypeOption & { readonly json?: true }
type ResourceTags = { readonly tags: readonly { readonly key: string; readonly value: string }[] }
type ProjectTags = { readonly tags: readonly { readonly key: string; readonly values: readonly string[] }[] }

/** Page size limit of the database service. */
const PAGE_ITEMS = 100

/** Lists the tags of a resource, or the tags in use in a project. */
export const tags = defineCommand<Options>({
  usage: 'tags [resource-id]',
  summary: 'List the tags of a resource, or the tags in use in a project.',
  details: [
    'With an id, lists the tags of an image or, with --type instances, of a database instance.',
    'Without an id, lists the tags in use on the database instances of the project, each key with its values.',
    PROJECT_HELP,
  ].join('\n'),
  settings: CLIENT_SETTINGS,
  examples: [
    ['tagwerk tags 6ad1d4b2-3b2a-4f7e-9d0c-1f2e3d4c5b6a', 'The tags of an image.'],
    ['tagwerk tags --type instances 0123456789abcdef0123456789abcdefin07', 'The tags of a database instance.'],
    ['tagwerk tags --project default', 'The tags in use on the database instances of a project.'],
  ],
  declare: (command) =>
    command
      .addOption(new Option('--type <type>', 'resource type (default: images)').choices(TYPES))
      .option('--json', 'print the response as JSON, all pages in one object'),
  run: runTags,
})

async function runTags({ io, args, options, sources }: Call<Options>): Promise<number> {
  const [id] = args
  if (id === undefined && options.type === 'images') {
    throw new UsageError('the image service lists the tags of a single image only: add its id, or remove --type')
  }
  const client = await logInToProject(sources)
  if (id === undefined) await printProjectTags(client, io, options)
  else await printResourceTags(client, id, io, options)
  return EXIT.ok
}

async function printProjectTags(client: Client, io: Io, { json }: Options): Promise<void> {
  const answer = await allPages<ProjectTags['tags'][number]>(client, `/v3/${client.projectId}/tags`)
  if (json) return writeJson(io.stdout, answer)
  const rows = answer.tags.map(({ key, values }) => [key, values.join(', ')])
  await writeTable(io.stdout, ['KEY', 'VALUES'], rows)
}

async function printResourceTags(client: Client, id: string, io: Io, { type, json }: Options): Promise<void> {
  const name = encodeURIComponent(id)
  const answer =
    type === 'instances'
      ? await allPages<ResourceTags['tags'][number]>(client, `/v3/${client.projectId}/instances/${name}/tags`)
      : (await client.json<ResourceTags>({ path: `/v2/${client.projectId}/images/${name}/tags` })).body
  if (json) return writeJson(io.stdout, answer)
  const rows = answer.tags.map(({ key, value }) => [key, value])
  await writeTable(io.stdout, ['KEY', 'VALUE'], rows)
}

/** Reads all pages of a tag list of the database service. */
async function allPages<T>(client: Client, path: string): Promise<{ total_count: number; tags: T[] }> {
  const tags: T[] = []
  for (;;) {
    const query = { limit: String(PAGE_ITEMS), offset: String(tags.length) }
    const { body } = await client.json<{ total_count: number; tags: T[] }>({ path, query })
    tags.push(...body.tags)
    if (body.tags.length < PAGE_ITEMS) return { total_count: body.total_count, tags }
  }
}
