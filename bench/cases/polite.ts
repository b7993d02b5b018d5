import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Case, type CaseContext, checkSame } from '../case.ts'
import { importLine } from '../data/dataset.ts'
import { GeneratedDataset } from '../data/generated.ts'
import { actionBody, variedQueries } from '../data/queries.ts'
import { Vocabulary } from '../data/vocabulary.ts'
import { LoadDriver } from '../load/driver.ts'
import { requestBytes } from '../load/load.ts'
import { type Figure, significant } from '../report/figure.ts'
import { emptyFolder, removeExtras } from '../service/data-folders.ts'
import { imagesFile } from '../service/import-file.ts'
import { runImport } from '../service/import-run.ts'
import { type LoopReport, WatchedService } from '../service/loop-watch.ts'
import type { ServiceProcess } from '../service/service-process.ts'
import { checkCounts } from './import.ts'

const CONNECTIONS = 16

/** How long is the event loop held up at most by what goes on beside the answers? */
export const politeCase: Case = {
  name: 'polite',
  about: 'longest hold of the event loop: import, snapshot, index build, big pages',
  run: async (context) => {
    const dataset = new GeneratedDataset(context.size)
    const file = await imagesFile(dataset, context.cacheFolder, context.progress)
    const own = await emptyFolder(context)
    const figures: Figure[] = []
    const note = (what: string, { maxMs, p99Ms, maxCpuMs }: LoopReport, more = '', isPromised = true) => {
      const measured = `${significant(maxCpuMs)} ms of processor time in one go (${significant(maxMs)} ms by the clock, p99 ${significant(p99Ms)} ms)${more}`
      const target = isPromised ? { target: 'polite' as const } : {}
      figures.push({ ...target, what, size: context.size, value: maxCpuMs, measured })
      context.say(`${what}: ${measured}`)
    }
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
      await runImport(first.service, file)
      note('while importing', await first.report())
      await sleep(context.isQuick ? 500 : 15_000)
      note('at rest after the import, where a background snapshot may fall', await first.report())
      await checkCounts(context, first.service, dataset)
      await first.report()
      await bigPages(context, dataset, first.service)
      note('big pages of 1000 over 16 connections', await first.report())
      const stop = await first.stop()
      note('while stopping, with the snapshot that this writes', stop, `; took ${significant(stop.tookMs)} ms`)
      await restart(own.folder, loopFile, 'an orderly stop', note)
      await removeExtras(own.folder)
      await restart(own.folder, loopFile, 'a stop, with only the database', note)
      return { figures }
    } finally {
      await own.remove()
      await rm(loopFile, { force: true })
    }
  },
}

/**
 * Starts the service and asks it once. What falls between listening and the log-in is the first use of everything, and the load
 * of a snapshot beside it; what comes then is the index alone.
 */
async function restart(
  folder: string,
  loopFile: string,
  what: string,
  note: (what: string, report: LoopReport, more?: string, isPromised?: boolean) => void,
): Promise<void> {
  await rm(loopFile, { force: true })
  const watched = await WatchedService.start(folder, loopFile)
  // What went on before it listened, nobody could feel.
  await watched.report()
  const startMs = performance.now()
  await watched.service.logIn()
  note(`first call of all, a log-in, after ${what}`, await watched.report(), '', false)
  await checkStatus(watched.service, 'filter', 10)
  const tookMs = performance.now() - startMs
  note(
    `first question to an index, after ${what}`,
    await watched.report(),
    `; answered after ${significant(tookMs)} ms`,
  )
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
