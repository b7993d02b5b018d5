import { performance } from 'node:perf_hooks'
import { readClientConfig, readStoreConfig } from '../config/config.ts'
import { ACCESS_SETTINGS, STORE_SETTINGS } from '../config/table.ts'
import { type CheckedProject, checkProject } from '../store/check-log.ts'
import { checkPolicies } from '../store/check-policies.ts'
import { describeLocation } from '../store/location.ts'
import { openReadOnlyStore } from '../store/open.ts'
import { StoreUnavailable } from '../store/store.ts'
import { checkService } from './check-service.ts'
import { type Call, defineCommand, EXIT } from './command.ts'
import { writeJson, writeLine } from './io.ts'
import { RowProgress } from './row-progress.ts'

type Options = { readonly json?: true; readonly service?: true }

type OpenStore = Awaited<ReturnType<typeof openReadOnlyStore>>

/** What is wrong, and the details in words. */
type Named = { readonly what: string; readonly words: string }

/** Number of differences that are listed. All are counted. */
const LISTED_MAX = 100

/** Compares the redundant copies of the data: change log, resources, and the indexes of a service. */
export const check = defineCommand<Options>({
  usage: 'check',
  summary: 'Check that change log, resources and the answers of a service agree. Changes nothing.',
  details: [
    'Looks for damage in the file of a data folder, and for damaged rows.',
    'Replays the change log of each project from its beginning, or from where its history was forgotten, follows the pointer',
    'of each change to the one before it, looks up the history of each deleted resource, and compares the result with the resources, both at the same revision. The service may keep running, also on a data folder.',
    'What the writes of each project are held to is compared with its tag policies and those of its domain.',
    'With --service, the answers of the service at --endpoint are compared with the resources too: every image with its name',
    'and tags, and the tags in use on instances; of the domain of --domain only. A project that changes during the comparison is retried up to five times.',
    'Lists the differences and exits with 1 if there are any.',
  ].join('\n'),
  settings: [...STORE_SETTINGS, ...ACCESS_SETTINGS],
  examples: [
    ['tagwerk check --data /var/lib/tagwerk', 'Compares change log and resources.'],
    [
      'TAGWERK_PASSWORD=... tagwerk check --data /var/lib/tagwerk --service',
      'Also compares the answers of the service on this machine.',
    ],
  ],
  declare: (command) =>
    command
      .option('--service', 'also compare the answers of the service; requires TAGWERK_PASSWORD')
      .option('--json', 'print the report as a JSON object'),
  run: runCheck,
})

async function runCheck({ io, options, sources }: Call<Options>): Promise<number> {
  const location = readStoreConfig(sources)
  const client = options.service ? readClientConfig(sources) : undefined
  const store = await openReadOnlyStore(location, { onUnreachable: () => undefined, onReachable: () => undefined })
  const differences: (Named & { readonly project: string })[] = []
  let count = 0
  let resources = 0
  const progress = new RowProgress(io.stderr, () => performance.now())
  const add = (found: readonly Named[], project: string) => {
    count += found.length
    const listed = found.slice(0, LISTED_MAX - differences.length)
    differences.push(...listed.map(({ what, words }) => ({ project, what, words })))
  }
  try {
    const damage = await store.findDamage()
    add(
      damage.map((words) => ({ what: 'file-damaged', words })),
      '-',
    )
    const { value: projects, differences: unreadable } = await readOr<Awaited<ReturnType<typeof listProjects>>>(
      [],
      () => listProjects(store),
    )
    add(unreadable, '-')
    const { value: accounts, differences: unreadAccounts } = await readOr<
      Awaited<ReturnType<OpenStore['findDamagedAccounts']>>
    >([], () => store.findDamagedAccounts())
    add([...unreadAccounts, ...accounts.map(({ message }) => ({ what: 'row-damaged', words: message }))], '-')
    // The user of a client sees the projects of its own domain.
    const servedDomain = client && (await store.getDomainByName(client.domain))
    for (const [i, project] of projects.entries()) {
      const nothing = { resources: 0, differences: [] }
      const { value: checked, differences: unread } = await readOr<Pick<CheckedProject, 'resources' | 'differences'>>(
        nothing,
        () => checkProject(store, project.id),
      )
      const { value: policies, differences: unreadPolicies } = await readOr<readonly Named[]>([], () =>
        checkPolicies(store, project),
      )
      const isServed = project.enabled && project.domainId === servedDomain?.id
      const inService = client === undefined || !isServed ? [] : await checkService(client, store, project)
      const inProject = [...unread, ...checked.differences, ...unreadPolicies, ...policies, ...inService]
      resources += checked.resources
      add(inProject, project.name)
      progress.update(i + 1, projects.length)
    }
    progress.stop()
    const summary = { projects: projects.length, resources, differences: count }
    if (options.json) await writeJson(io.stdout, { store: describeLocation(location), ...summary, named: differences })
    else {
      for (const { project, what, words } of differences) await writeLine(io.stdout, `${project}: ${what}: ${words}`)
      const outcome = count === 0 ? 'No differences' : `${count.toLocaleString('en-GB')} differences`
      await writeLine(
        io.stdout,
        `${outcome}: ${projects.length} projects, ${resources.toLocaleString('en-GB')} resources in ${describeLocation(location)}.`,
      )
    }
    return count === 0 ? EXIT.ok : EXIT.failed
  } finally {
    progress.stop()
    await store.close()
  }
}

async function listProjects(store: OpenStore): Promise<Awaited<ReturnType<OpenStore['listProjects']>>> {
  const lists = (await store.listDomains()).map(({ id }) => store.listProjects(id))
  return (await Promise.all(lists)).flat()
}

/** Reads something. What cannot be read is a difference, so that the rest is checked nevertheless. */
async function readOr<T>(
  otherwise: T,
  read: () => Promise<T>,
): Promise<{ readonly value: T; readonly differences: readonly Named[] }> {
  try {
    return { value: await read(), differences: [] }
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error
    return { value: otherwise, differences: [{ what: 'unreadable', words: error.message }] }
  }
}
