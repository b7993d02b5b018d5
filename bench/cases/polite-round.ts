import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type CaseContext, checkSame } from '../case.ts'
import { importLine } from '../data/dataset.ts'
import type { GeneratedDataset } from '../data/generated.ts'
import { actionBody, variedQueries } from '../data/queries.ts'
import { Vocabulary } from '../data/vocabulary.ts'
import { LoadDriver } from '../load/driver.ts'
import { requestBytes } from '../load/load.ts'
import { emptyFolder, removeExtras } from '../service/data-folders.ts'
import { runImport } from '../service/import-run.ts'
import { type LoopReport, WatchedService } from '../service/loop-watch.ts'
import type { ServiceProcess } from '../service/service-process.ts'
import { checkCounts } from './import.ts'

const CONNECTIONS = 16

/** Work that runs concurrently with requests. The import is measured in parts. */
export const PHASES = {
  importing: 'while importing',
  atRest: 'idle after the import, possibly with a background snapshot',
  bigPages: 'pages of 1000 over 16 connections',
  stopping: 'while stopping, including the snapshot',
  firstCallAfterStop: 'first call (log-in) after a graceful stop',
  firstReadAfterStop: 'first read of an index after a graceful stop',
  firstCallFromDatabase: 'first call (log-in) after a stop, with only the database',
  firstReadFromDatabase: 'first read of an index after a stop, with only the database',
} as const
export type Phase = keyof typeof PHASES

/** Called with the event-loop delays of a phase, or of one part of it. */
export type Note = (phase: Phase, report: LoopReport, part?: number) => void

/** Runs a new service through all phases once. */
export async function politeRound(
  context: CaseContext,
  dataset: GeneratedDataset,
  files: readonly string[],
  note: Note,
): Promise<void> {
  const temporary = await emptyFolder(context)
  const loopFile = `${temporary.folder}.loop`
  try {
    const first = await WatchedService.start(temporary.folder, loopFile)
    await first.service.logIn()
    await first.report()
    // Creates the index before the import, so that it applies every line: an empty project has no index.
    const oneLine = join(temporary.folder, 'one.ndjson')
    await writeFile(oneLine, importLine(dataset.at(0)))
    await runImport(first.service, oneLine)
    await checkStatus(first.service, 'count', 0)
    await first.report()
    for (const [part, file] of files.entries()) {
      await runImport(first.service, file)
      note('importing', await first.report(), part)
    }
    await sleep(context.isQuick ? 500 : 15_000)
    note('atRest', await first.report())
    await checkCounts(context, first.service, dataset)
    await first.report()
    await bigPages(context, dataset, first.service)
    note('bigPages', await first.report())
    note('stopping', await first.stop())
    await restart(temporary.folder, loopFile, note, 'firstCallAfterStop', 'firstReadAfterStop')
    await removeExtras(temporary.folder)
    await restart(temporary.folder, loopFile, note, 'firstCallFromDatabase', 'firstReadFromDatabase')
  } finally {
    await temporary.remove()
    await rm(loopFile, { force: true })
  }
}

/**
 * Starts the service and reads once. The time from listening to the log-in includes the first use of all code and the
 * concurrent load of a snapshot; the time after it is the index alone.
 */
async function restart(folder: string, loopFile: string, note: Note, call: Phase, read: Phase): Promise<void> {
  await rm(loopFile, { force: true })
  const watched = await WatchedService.start(folder, loopFile)
  // Delays before the service listened affected no client.
  await watched.report()
  await watched.service.logIn()
  note(call, await watched.report())
  await checkStatus(watched.service, 'filter', 10)
  note(read, await watched.report())
  await watched.stop()
}

async function checkStatus(service: ServiceProcess, action: string, resources: number): Promise<void> {
  const path = `/v2/${service.project}/images/resource_instances/action`
  const { status, text } = await service.call('POST', path, JSON.stringify({ action }))
  checkSame('status of a query', 200, status)
  const { resources: page = [] } = JSON.parse(text) as { resources?: unknown[] }
  checkSame('images on a page', resources, page.length)
}

/** Requests the largest pages for some seconds. */
async function bigPages(context: CaseContext, dataset: GeneratedDataset, service: ServiceProcess): Promise<void> {
  const path = `/v2/${service.project}/images/resource_instances/action`
  const headers = { 'x-auth-token': service.token }
  const requests = variedQueries(new Vocabulary(dataset), 40, false).map((query) =>
    requestBytes('POST', path, headers, actionBody(query, { offset: 0, limit: 1000 })),
  )
  const driver = LoadDriver.start()
  try {
    const pool = { connections: CONNECTIONS, requests, startAt: 0, status: 200, bodyBytes: undefined }
    const times = { warmUpMs: 200, durationMs: context.isQuick ? 500 : 5000 }
    await driver.run({ host: '127.0.0.1', port: service.port, pools: [pool], ...times }, service.pid)
  } finally {
    driver.stop()
  }
}
