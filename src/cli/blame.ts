import { CLIENT_SETTINGS } from '../config/table.ts'
import { type Call, defineCommand, EXIT } from './command.ts'
import { type Actor, actorText } from './history.ts'
import { shownTime } from './moment.ts'
import { declareOutput, type OutputOptions, print } from './output.ts'
import { logInToPlace, PROJECT_HELP } from './project.ts'
import { type TypesOption, typesOption } from './resource-types.ts'
import { requireResource } from './resources.ts'

type Options = TypesOption & OutputOptions

type BlamedTag = {
  readonly key: string
  readonly value: string
  readonly set_at: string | null
  readonly revision?: number
  readonly actor?: Actor
  readonly request_id?: string
  readonly cause?: string
  readonly before?: string
  readonly at_or_before?: number
}

type Blamed = {
  readonly resource_type: string
  readonly resource_id: string
  readonly resource_name: string
  readonly tags: readonly BlamedTag[]
}

/** Says who set the tags of a resource. */
export const blame = defineCommand<Options>({
  usage: 'blame <id>',
  summary: 'Say of each tag of a resource who set its value, when, and from what.',
  details: ['Without --type, the resource with the id is searched among all types.', PROJECT_HELP].join('\n'),
  settings: CLIENT_SETTINGS,
  examples: [
    ['tagwerk blame 6ad1d4b2-3b2a-4f7e-9d0c-1f2e3d4c5b6a', 'Who set the tags of a resource.'],
    ['tagwerk blame i-1 --type ecs --json', 'The same of a server, as JSON.'],
  ],
  declare: (command) =>
    declareOutput(command.addOption(typesOption('types of the resource')), 'the resource with its tags'),
  run: runBlame,
})

async function runBlame({ io, args, options, sources }: Call<Options>): Promise<number> {
  const [id = ''] = args
  const place = await logInToPlace(sources, {})
  const { resource_type } = await requireResource(place, id, options.type)
  const of = [resource_type, id].map(encodeURIComponent).join('/')
  const { body } = await place.client.json<Blamed>({ path: `${place.path}/resources/${of}`, query: { blame: 'true' } })
  const nowMs = io.clock()
  const when = ({ set_at, at_or_before }: BlamedTag) => {
    if (set_at === null) return `at revision ${at_or_before} or before`
    return options.csv ? set_at : shownTime(set_at, nowMs)
  }
  await print(io, options, {
    json: body,
    head: ['KEY', 'VALUE', 'BEFORE', 'SET BY', 'SET AT', 'REVISION', 'CAUSE', ...(options.csv ? ['REQUEST ID'] : [])],
    rows: body.tags.map((tag) => [
      tag.key,
      tag.value,
      tag.before ?? '',
      tag.actor === undefined ? '' : actorText(tag.actor),
      when(tag),
      String(tag.revision ?? ''),
      tag.cause ?? '',
      ...(options.csv ? [tag.request_id ?? ''] : []),
    ]),
  })
  return EXIT.ok
}
