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

/** What goes on beside the answers; the import is watched part by part. */
export const PHASES = {
  importing: 'while importing',
  atRest: 'at rest after the import, where a background snapshot may fall',
  bigPages: 'big pages of 1000 over 16 connections',
  stopping: 'while stopping, with the snapshot that this writes',
  firstCallAfterStop: 'first call of all, a log-in, after an orderly stop',
  firstQuestionAfterStop: 'first question to an index, after an orderly stop',
  firstCallFromDatabase: 'first call of all, a log-in, after a stop, with only the database',
  firstQuestionFromDatabase: 'first question to an index, after a stop, with only the database',
} as const
export type Phase = keyof typeof PHASES

/** Told how the loop fared in a phase, or in one part of it. */
export type Note = (phase: Phase, report: LoopReport, part?: number) => void

/** Lets a service that is new go through all of it once. */
export async function politeRound(
  context: CaseContext,
  dataset: GeneratedDataset,
  files: readonly string[],
  note: Note,
): Promise<void> {
  const own = await emptyFolder(context)
  const loopFile = `${own.folder}.loop`
  try {
    const first = await WatchedService.start(own.folder, loopFile)
    await first.service.logIn()
    await first.report()
    // Before the import, so that the index is there and takes in every line of it: none is held for an empty project.
    const oneLine = join(own.folder, 'one.ndjson')
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
    await restart(own.folder, loopFile, note, 'firstCallAfterStop', 'firstQuestionAfterStop')
    await removeExtras(own.folder)
    await restart(own.folder, loopFile, note, 'firstCallFromDatabase', 'firstQuestionFromDatabase')
  } finally {
    await own.remove()
    await rm(loopFile, { force: true })
  }
}

/**
 * Starts the service and asks it once. What falls between listening and the log-in is the first use of everything, and the load
 * of a snapshot beside it; what comes then is the index alone.
 */
async function restart(folder: string, loopFile: string, note: Note, call: Phase, question: Phase): Promise<void> {
  await rm(loopFile, { force: true })
  const watched = await WatchedService.start(folder, loopFile)
  // What went on before it listened, nobody could feel.
  await watched.report()
  await watched.service.logIn()
  note(call, await watched.report())
  await checkStatus(watched.service, 'filter', 10)
  note(question, await watched.report())
  await watched.stop()
}

async function checkStatus(service: ServiceProcess, action: string, resources: number): Promise<void> {
  const path = `/v2/${service.project}/images/resource_instances/action`
  const { status, text } = await service.call('POST', path, JSON.stringify({ action }))
  checkSame('status of a query', 200, status)
  const { resources: found = [] } = JSON.parse(text) as { resources?: unknown[] }
  checkSame('images on a page', resources, found.length)
}

/** Asks for the largest pages there are, for some seconds. */
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
