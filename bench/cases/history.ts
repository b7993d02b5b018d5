import { History } from '../../src/catalog/history.ts'
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts'
import type { Store, WriteRequest } from '../../src/store/store.ts'
import { type Case, type CaseContext, checkSame } from '../case.ts'
import { GeneratedDataset } from '../data/generated.ts'
import { type Figure, significant, timeText } from '../report/figure.ts'
import { cpuUs, watchLoop } from '../report/loop-hold.ts'
import { median, spreadOf } from '../report/statistics.ts'
import { folderWith } from '../service/data-folders.ts'

const CHANGES = 100_000
const CHANGES_OF_ONE = 100
const CHANGES_PER_COMMIT = 500
const BLAMES = 300
const STEP = 1000

/** The store with a history, in this process. */
type Written = {
  readonly store: Store
  readonly project: string
  /** The revision of the import, and that after the changes. */
  readonly from: number
  readonly to: number
}

/** How long do blame, a difference and a step of retention take, and how long do they hold the event loop? */
export const historyCase: Case = {
  name: 'history',
  about: 'blame, the difference over 100,000 changes, a step of retention, in process over SQLite',
  run: async (context) => {
    const dataset = new GeneratedDataset(context.size)
    const temporary = await folderWith(context, dataset)
    const store = await openSqliteStore(temporary.folder, (error) => {
      throw error
    })
    try {
      const changes = context.isQuick ? 2000 : CHANGES
      const written = await writeHistory(context, dataset, store, changes)
      const blame = await timeBlame(context, dataset, written)
      const difference = await timeDifference(context, written, changes)
      return { figures: [...blame, ...difference, await timeRetention(context, written)] }
    } finally {
      await store.close()
      await temporary.remove()
    }
  },
}

async function writeHistory(
  { size, progress }: CaseContext,
  dataset: GeneratedDataset,
  store: Store,
  changes: number,
): Promise<Written> {
  const [domain] = await store.listDomains()
  const [first] = await store.listProjects(domain?.id ?? '')
  const project = first?.id ?? ''
  const from = await store.getRevision(project)
  progress.start('writing changes', changes)
  const request = (number: number, value: number): WriteRequest => ({
    type: 'images',
    id: dataset.at(number).id,
    change: { kind: 'set-tags', tags: [{ key: 'bench', value: String(value) }] },
    rules: { tagsPerResourceMax: 50 },
    actor: `user-${value % 10}`,
    requestId: `request-${value}`,
    atMs: 4e12 + value,
  })
  // Image 0 gets a hundred changes; the others are spread over all images.
  const spread = Math.max(1, Math.floor((size - 1) / changes))
  for (let done = 0; done < changes; done += CHANGES_PER_COMMIT) {
    const requests = Array.from({ length: Math.min(CHANGES_PER_COMMIT, changes - done) }, (_, i) => {
      const change = done + i
      return request(change < CHANGES_OF_ONE ? 0 : 1 + ((change * spread) % (size - 1)), change)
    })
    await store.commit(project, requests)
    progress.update(done)
  }
  progress.stop()
  return { store, project, from, to: await store.getRevision(project) }
}

async function timeBlame(
  { size, isQuick }: CaseContext,
  dataset: GeneratedDataset,
  { store, project, from, to }: Written,
): Promise<readonly Figure[]> {
  const history = new History(store)
  const { id, tags } = dataset.at(0)
  const latenciesUs: number[] = []
  const startUs = cpuUs()
  for (let i = 0; i < (isQuick ? 20 : BLAMES); i++) {
    const startMs = performance.now()
    const origins = await history.blame(project, 'images', id, to)
    latenciesUs.push((performance.now() - startMs) * 1000)
    const original = origins.filter(({ change }) => (change?.revision ?? 0) <= from)
    checkSame('tags of the import', tags.length, original.length)
    checkSame('origin of the last tag', from + CHANGES_OF_ONE, origins.at(-1)?.change?.revision)
  }
  const eachUs = (cpuUs() - startUs) / latenciesUs.length
  // The first calls compile statements and code.
  const warm = latenciesUs.slice(latenciesUs.length / 3)
  return [
    {
      target: 'blame',
      what: `blame of an image with ${CHANGES_OF_ONE} changes since its import`,
      size,
      value: median(warm),
      spread: spreadOf(warm),
      measured: `${timeText(median(warm))}, with ${timeText(eachUs)} of processor time; the first ${timeText(latenciesUs[0] ?? 0)}`,
    },
  ]
}

async function timeDifference(
  { size, isQuick, say }: CaseContext,
  { store, project, from, to }: Written,
  changes: number,
): Promise<readonly Figure[]> {
  const history = new History(store)
  checkSame('changes', changes, to - from)
  const ids = new Set((await readAll(store, project, from, to)).map(({ id }) => id))
  const secondsOf: number[] = []
  const cpuSecondsOf: number[] = []
  const holds: number[] = []
  for (let round = 0; round < (isQuick ? 1 : 5); round++) {
    say(`difference, round ${round + 1}`)
    const watch = watchLoop()
    const [startMs, startUs] = [performance.now(), cpuUs()]
    const difference = await history.difference(project, { from, to }, { query: {} })
    let found = 0
    for await (const resources of difference.resources()) found += resources.length
    secondsOf.push((performance.now() - startMs) / 1000)
    cpuSecondsOf.push((cpuUs() - startUs) / 1e6)
    holds.push(watch.end())
    checkSame('resources that differ', ids.size, found)
  }
  return [
    {
      target: 'diff',
      what: `difference over ${significant(changes)} changes of ${significant(ids.size)} images`,
      size,
      value: median(secondsOf),
      spread: spreadOf(secondsOf),
      measured: `${significant(median(secondsOf))} s, with ${significant(median(cpuSecondsOf))} s of processor time`,
    },
    {
      target: 'polite',
      what: 'event loop during the difference',
      size,
      value: median(holds),
      spread: spreadOf(holds),
      measured: `${significant(median(holds))} ms of uninterrupted CPU time, ${significant(Math.max(...holds))} ms at most`,
    },
  ]
}

async function readAll(store: Store, project: string, from: number, to: number) {
  const all: { readonly id: string }[] = []
  for (let revision = from; revision < to; ) {
    const some = await store.changesSince(project, revision, 1000, to)
    all.push(...some)
    revision = some.at(-1)?.revision ?? to
  }
  return all
}

async function timeRetention({ size, isQuick }: CaseContext, { store, project }: Written): Promise<Figure> {
  const times: number[] = []
  let rows = 0
  for (let step = 0; step < (isQuick ? 3 : 50); step++) {
    const startMs = performance.now()
    const forgotten = await store.forgetHistory(project, Number.MAX_SAFE_INTEGER, STEP)
    times.push(performance.now() - startMs)
    checkSame('changes of a step', STEP, forgotten.changes)
    rows += forgotten.rows
  }
  return {
    what: `a step of retention, ${significant(STEP)} changes, until it is durable`,
    size,
    value: median(times),
    spread: spreadOf(times),
    measured: `${significant(median(times))} ms; ${significant(rows)} rows deleted in ${times.length} steps`,
  }
}
