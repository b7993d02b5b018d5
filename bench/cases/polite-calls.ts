import { createWriteStream } from 'node:fs'
import { rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type Case, checkSame } from '../case.ts'
import { importLine } from '../data/dataset.ts'
import { GeneratedDataset } from '../data/generated.ts'
import { type Figure, significant } from '../report/figure.ts'
import { median, spreadOf } from '../report/statistics.ts'
import { emptyFolder } from '../service/data-folders.ts'
import { runImport } from '../service/import-run.ts'
import { type LoopReport, WatchedService } from '../service/loop-watch.ts'
import { domainTokenOf } from './domain-token.ts'
import { type Asked, callsOf } from './polite-calls-list.ts'

const ROUNDS = 3
/** Images whose details have the largest size, the last ones that are registered. */
const LARGE_DETAILS = 1000
const LARGE_DETAIL = JSON.stringify({ status: 'active', __description: 'd'.repeat(8100) })

/** On a busy machine, long lists take more than the default. */
const WITHOUT_TIMEOUT = ['--handler-timeout-seconds', '3600']

/** How long does each call block the event loop at most, in a project with so many resources? */
export const politeCallsCase: Case = {
  name: 'polite-calls',
  about: 'longest delay of the event loop during each call on a large project',
  run: async (context) => {
    const { size } = context
    const temporary = await emptyFolder(context)
    const loopFile = `${temporary.folder}.loop`
    const file = `${temporary.folder}.ndjson`
    try {
      const watched = await WatchedService.start(temporary.folder, loopFile, WITHOUT_TIMEOUT)
      const { service } = watched
      await service.logIn()
      context.say(`importing ${size} resources`)
      await pipeline(Readable.from(lines(size)), createWriteStream(file))
      await runImport(service, file)
      const domainToken = await domainTokenOf(service)
      const calls = callsOf(service, domainToken, size)
      const reports = new Map<Asked, LoopReport[]>(calls.map((call) => [call, []]))
      const millis = new Map<Asked, number[]>(calls.map((call) => [call, []]))
      // Everything is called once before, because Node compiles code on its first use.
      for (let round = 0; round <= (context.isQuick ? 1 : ROUNDS); round++) {
        for (const call of calls) {
          await watched.report()
          const startMs = performance.now()
          const statuses = await Promise.all(Array.from({ length: call.atOnce ?? 1 }, () => call.ask()))
          const tookMs = performance.now() - startMs
          const report = await watched.report()
          for (const status of statuses) checkSame(`status of ${call.what}`, call.status ?? 200, status)
          context.say(
            `${round === 0 ? 'first ' : ''}${call.what}: ${significant(report.maxCpuMs)} ms in ${tookMs.toFixed(0)} ms`,
          )
          if (round === 0) continue
          reports.get(call)?.push(report)
          millis.get(call)?.push(tookMs)
        }
      }
      await watched.stop()
      const figures = calls.map((call) => figureOf(size, call.what, reports.get(call)!, millis.get(call)!))
      return { figures }
    } finally {
      await temporary.remove()
      await rm(loopFile, { force: true })
      await rm(file, { force: true })
    }
  },
}

/** Three quarters of the resources are images, the others instances. */
function* lines(size: number): Generator<string> {
  const dataset = new GeneratedDataset(size)
  for (let i = 0; i < size; i++) {
    const resource = dataset.at(i)
    if (i % 4 > 0) {
      yield importLine(i < size - LARGE_DETAILS ? resource : { ...resource, detail: LARGE_DETAIL })
      continue
    }
    const id = `${resource.id.replaceAll('-', '')}in07`
    const detail = JSON.stringify({ status: 'ACTIVE', vpc_id: `vpc-${i % 100}`, private_ips: [`10.0.0.${i % 250}`] })
    yield importLine({ ...resource, id, detail }, 'instances')
  }
}

function figureOf(size: number, what: string, reports: readonly LoopReport[], millis: readonly number[]): Figure {
  const blocked = reports.map(({ maxCpuMs }) => maxCpuMs)
  const byClock = median(reports.map(({ maxMs }) => maxMs))
  return {
    target: 'polite',
    what,
    size,
    value: median(blocked),
    spread: spreadOf(blocked),
    measured: `${significant(median(blocked))} ms of uninterrupted CPU time, wall clock ${significant(byClock)} ms; answered in ${significant(median(millis))} ms`,
  }
}
