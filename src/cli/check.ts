import { performance } from 'node:perf_hooks'
import { readClientConfig, readStoreConfig } from '../config/config.ts'
import { ACCESS_SETTINGS, STORE_SETTINGS } from '../config/table.ts'
import { checkProject, type Difference } from '../store/check-log.ts'
import { describeLocation } from '../store/location.ts'
import { openReadOnlyStore } from '../store/open.ts'
import { checkService } from './check-service.ts'
import { type Call, defineCommand, EXIT } from './command.ts'
import { writeJson, writeLine } from './io.ts'
import { RowProgress } from './row-progress.ts'

type Options = { readonly json?: true; readonly service?: true }

/** Differences printed at most; all are counted. */
const NAMED_MAX = 100

/** Compares the change log, the resources and the answers of a service. */
export const check = defineCommand<Options>({
  usage: 'check',
  summary: 'Look whether change log, resources and what a service answers agree. Changes nothing.',
  details: [
    'For each project the change log is replayed from its beginning and compared with the resources, both as of one',
    'revision. The service may run meanwhile: a data folder is read beside the process that has it.',
    'With --service what the service at --endpoint answers from its index is compared with the resources too: every image',
    'with its name and tags, and the tags in use on instances. A project that changes all the time is tried five times.',
    'Ends with 1 when anything differs, and names it.',
  ].join('\n'),
  settings: [...STORE_SETTINGS, ...ACCESS_SETTINGS],
  examples: [
    ['tagwerk check --data /var/lib/tagwerk', 'The change log and the resources.'],
    [
      'TAGWERK_PASSWORD=... tagwerk check --data /var/lib/tagwerk --service',
      'And what the service on this machine answers.',
    ],
  ],
  declare: (command) =>
    command
      .option('--service', 'compare with the answers of the service too; needs TAGWERK_PASSWORD')
      .option('--json', 'print the outcome as one JSON object'),
  run: runCheck,
})

async function runCheck({ io, options, sources }: Call<Options>): Promise<number> {
  const place = readStoreConfig(sources)
  const client = options.service ? readClientConfig(sources) : undefined
  const store = await openReadOnlyStore(place, { onUnreachable: () => undefined, onReachable: () => undefined })
  const differences: (Pick<Difference, 'project' | 'words'> & { readonly what: string })[] = []
  let count = 0
  let resources = 0
  const progress = new RowProgress(io.stderr, () => performance.now())
  try {
    const domain = await store.getDomainByName('default')
    const projects = domain === undefined ? [] : await store.listProjects(domain.id)
    for (const [i, project] of projects.entries()) {
      const checked = await checkProject(store, project.id)
      const ofService = client === undefined || !project.enabled ? [] : await checkService(client, store, project)
      const found = [...checked.differences, ...ofService]
      count += found.length
      resources += checked.resources
      const named = found.slice(0, NAMED_MAX - differences.length)
      differences.push(...named.map((difference) => ({ ...difference, project: project.name })))
      progress.update(i + 1, projects.length)
    }
    progress.stop()
    const summary = { projects: projects.length, resources, differences: count }
    if (options.json) await writeJson(io.stdout, { store: describeLocation(place), ...summary, named: differences })
    else {
      for (const { project, what, words } of differences) await writeLine(io.stdout, `${project}: ${what}: ${words}`)
      const outcome = count === 0 ? 'Everything agrees' : `${count.toLocaleString('en-GB')} differences`
      await writeLine(
        io.stdout,
        `${outcome}: ${projects.length} projects, ${resources.toLocaleString('en-GB')} resources in ${describeLocation(place)}.`,
      )
    }
    return count === 0 ? EXIT.ok : EXIT.failed
  } finally {
    progress.stop()
    await store.close()
  }
}
