import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Case, type CaseContext, checkSame } from '../case.ts'
import { importLine } from '../data/dataset.ts'
import { GeneratedDataset } from '../data/generated.ts'
import { actionBody, seedQueries } from '../data/queries.ts'
import { truthOf } from '../data/truth.ts'
import { Vocabulary } from '../data/vocabulary.ts'
import { type Figure, significant, timeText } from '../report/figure.ts'
import { median, spreadOf } from '../report/statistics.ts'
import { folderWith } from '../service/data-folders.ts'
import { runImport } from '../service/import-run.ts'
import { WatchedService } from '../service/loop-watch.ts'
import type { ServiceProcess } from '../service/service-process.ts'

/** Changes between the checkpoint and the moment, or a tenth of the images if that is less. */
const CHANGES_MAX = 100_000
/** The changed images have this in their name, which no other image has. */
const CHANGED = 'as-of-bench'

type Asked = { readonly body: string; readonly total: number }

/**
 * How long does the first answer as of a moment take, with 100,000 changes since the checkpoint, and how fast are the next
 * ones, relative to the same queries at present? Everything goes over HTTP, and each answer is checked.
 */
export const asOfCase: Case = {
  name: 'as-of',
  about: 'the first answer as of an earlier moment, and those after it, relative to the present',
  run: async (context) => {
    const dataset = new GeneratedDataset(context.size)
    const queries = seedQueries(new Vocabulary(dataset), 16).map((query) => ({ query, offset: 0, limit: 0 }))
    const truth = await truthOf(dataset, queries, context.cacheFolder, context.progress)
    const asked = queries.map(({ query }, i): Asked => ({ body: actionBody(query), total: truth[i]?.total ?? 0 }))
    const temporary = await folderWith(context, dataset)
    try {
      const loopFile = `${temporary.folder}.loop`
      const checkpoint = await makeCheckpoint(temporary.folder, loopFile)
      const changes = Math.min(CHANGES_MAX, Math.floor(context.size / 10))
      const watched = await WatchedService.start(temporary.folder, loopFile)
      try {
        await watched.service.logIn()
        context.say(`changing ${changes.toLocaleString('en-GB')} images`)
        await runImport(watched.service, await changesFile(temporary.folder, dataset, changes))
        const firsts = await timeFirsts(context, watched, asked, checkpoint, changes)
        const again = await timeAgain(context, watched.service, asked, checkpoint + changes - 1)
        return { figures: figuresOf(context, changes, firsts, again) }
      } finally {
        await watched.stop()
      }
    } finally {
      await temporary.remove()
    }
  },
}

/** Starts and stops the service with the index in memory. Returns the revision of the snapshot, which is kept. */
async function makeCheckpoint(folder: string, loopFile: string): Promise<number> {
  const { service } = await WatchedService.start(folder, loopFile)
  await service.logIn()
  const { status, revision } = await count(service, '{"action":"count"}')
  checkSame('status of a count', 200, status)
  await service.stop()
  return revision
}

async function changesFile(folder: string, dataset: GeneratedDataset, changes: number): Promise<string> {
  const lines = Array.from({ length: changes }, (_, i) => {
    const line = JSON.parse(importLine(dataset.at(i))) as object
    return JSON.stringify({ ...line, resource_name: `${CHANGED}-${i}` })
  })
  const file = join(folder, 'changes.ndjson')
  await writeFile(file, `${lines.join('\n')}\n`)
  return file
}

function count(service: ServiceProcess, body: string, asOf?: number) {
  const headers = asOf === undefined ? {} : { 'x-tagwerk-as-of': String(asOf) }
  return service.call('POST', `/v2/${service.project}/images/resource_instances/action`, body, headers)
}

type First = { readonly seconds: number; readonly blockedMs: number }

/** Asks as of one revision after the other, each for the first time. */
async function timeFirsts(
  context: CaseContext,
  watched: WatchedService,
  asked: readonly Asked[],
  checkpoint: number,
  changes: number,
): Promise<readonly First[]> {
  const firsts: First[] = []
  for (let round = 0; round < (context.isQuick ? 2 : 7); round++) {
    const { body, total } = asked[round % asked.length] as Asked
    const after = changes - 1 - round
    await watched.report()
    const startMs = performance.now()
    const { text, revision } = await count(watched.service, body, checkpoint + after)
    const seconds = (performance.now() - startMs) / 1000
    checkSame('a count as of a revision', { total_count: total }, JSON.parse(text))
    checkSame('the revision of an answer', checkpoint + after, revision)
    firsts.push({ seconds, blockedMs: (await watched.report()).maxCpuMs })
    const named = JSON.stringify({ action: 'count', matches: [{ key: 'resource_name', value: CHANGED }] })
    const { text: changed } = await count(watched.service, named, checkpoint + after)
    checkSame('the images that were changed by then', { total_count: after }, JSON.parse(changed))
    context.say(`first answer after ${significant(seconds)} s`)
  }
  return firsts
}

type Again = { readonly past: readonly number[]; readonly present: readonly number[] }

/** Asks in turn as of the revision and at present, one call after the other. Gives microseconds. */
async function timeAgain(
  context: CaseContext,
  service: ServiceProcess,
  asked: readonly Asked[],
  revision: number,
): Promise<Again> {
  const [past, present]: [number[], number[]] = [[], []]
  const once = async ({ body, total }: Asked, asOf: number | undefined, into: number[]) => {
    const startMs = performance.now()
    const { text } = await count(service, body, asOf)
    into.push((performance.now() - startMs) * 1000)
    checkSame('a count', { total_count: total }, JSON.parse(text))
  }
  const rounds = context.isQuick ? 5 : 60
  // The first rounds load the index and warm up the code.
  for (let round = -5; round < rounds; round++) {
    for (const each of asked) {
      await once(each, revision, round < 0 ? [] : past)
      await once(each, undefined, round < 0 ? [] : present)
    }
  }
  return { past, present }
}

function figuresOf({ size }: CaseContext, changes: number, firsts: readonly First[], again: Again): Figure[] {
  const seconds = firsts.map((first) => first.seconds)
  const blocked = firsts.map(({ blockedMs }) => blockedMs)
  const [past, present] = [median(again.past), median(again.present)]
  return [
    {
      target: 'asOf',
      what: `first answer as of a revision ${changes.toLocaleString('en-GB')} changes after a checkpoint`,
      size,
      value: median(seconds),
      spread: spreadOf(seconds),
      measured: `${significant(median(seconds))} s with the HTTP call`,
    },
    {
      target: 'polite',
      what: 'meanwhile',
      size,
      value: median(blocked),
      spread: spreadOf(blocked),
      measured: `${significant(median(blocked))} ms of CPU time without yielding`,
    },
    {
      target: 'asOfAgain',
      what: 'count as of that revision afterwards / at present',
      size,
      value: past / present,
      measured: `p50 ${timeText(past)} / ${timeText(present)}, one connection`,
    },
  ]
}
