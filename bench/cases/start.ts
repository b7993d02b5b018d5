import { type Case, type CaseContext, checkSame } from '../case.ts'
import { GeneratedDataset } from '../data/generated.ts'
import { actionBody, seedQueries } from '../data/queries.ts'
import { truthOf } from '../data/truth.ts'
import { Vocabulary } from '../data/vocabulary.ts'
import { cpuSecondsOf } from '../load/cores.ts'
import { type Figure, significant } from '../report/figure.ts'
import { median, spreadOf } from '../report/statistics.ts'
import { extrasOf, folderWith, removeExtras } from '../service/data-folders.ts'
import { ServiceProcess } from '../service/service-process.ts'

type Start = {
  readonly listening: number
  readonly ready: number
  readonly answered: number
  /** CPU time of the process until its first response, which excludes waiting. */
  readonly cpuSeconds: number
}

/** How long does the service take from the start of its process to `/readyz` and to the first response? (P13) */
export const startCase: Case = {
  name: 'start',
  about: 'from the start of the process to /readyz and the first response (P13)',
  run: async (context) => {
    const dataset = new GeneratedDataset(context.size)
    const [query] = seedQueries(new Vocabulary(dataset), 1)
    const pagedQuery = { query: query as NonNullable<typeof query>, offset: 0, limit: 0 }
    const [truth] = await truthOf(dataset, [pagedQuery], context.cacheFolder, context.progress)
    const temporary = await folderWith(context, dataset)
    try {
      const body = actionBody(pagedQuery.query)
      const session = await firstStart(temporary.folder, body)
      const startOnce = (signal: 'SIGTERM' | 'SIGKILL') =>
        timeStart(temporary.folder, session, body, (truth as { total: number }).total, signal)
      const runs = context.isQuick ? 2 : 7
      const after = {
        'a graceful stop': [] as Start[],
        'a kill': [] as Start[],
        'a stop, with only the database': [] as Start[],
      }
      for (let run = 0; run < runs; run++) {
        context.say(`start ${run + 1} of ${runs}, of each kind`)
        after['a graceful stop'].push(await startOnce('SIGKILL'))
        after['a kill'].push(await startOnce('SIGTERM'))
        if (run >= Math.ceil(runs / 2)) continue
        await removeExtras(temporary.folder)
        after['a stop, with only the database'].push(await startOnce('SIGTERM'))
      }
      const extras = extrasOf(temporary.folder)
      return { figures: figuresOf(context, after, extras) }
    } finally {
      await temporary.remove()
    }
  },
}

/** Starts, reads and stops once, so that the service writes the files of a graceful stop. */
async function firstStart(folder: string, body: string): Promise<{ token: string; project: string }> {
  const service = await ServiceProcess.start({ folder })
  await service.logIn()
  await service.call('POST', `/v2/${service.project}/images/resource_instances/action`, body)
  const { token, project } = service
  await service.stop()
  return { token, project }
}

/** Starts the service, reads, and stops it by a signal. Times are seconds from the start of the process. */
async function timeStart(
  folder: string,
  session: { readonly token: string; readonly project: string },
  body: string,
  total: number,
  signal: 'SIGTERM' | 'SIGKILL',
): Promise<Start> {
  const startMs = performance.now()
  const service = await ServiceProcess.start({ folder })
  try {
    await service.ready()
    const readyMs = performance.now()
    await service.logIn(session)
    const ask = () => service.call('POST', `/v2/${session.project}/images/resource_instances/action`, body)
    let answer = await ask()
    // While the index is loaded the service may answer 503, and clients retry.
    while (answer.status === 503) answer = await ask()
    const answeredMs = performance.now()
    const cpuSeconds = await cpuSecondsOf(service.pid)
    checkSame('the first response', { total_count: total }, JSON.parse(answer.text))
    return {
      cpuSeconds,
      listening: service.listeningAfterMs / 1000,
      ready: (readyMs - startMs) / 1000,
      answered: (answeredMs - startMs) / 1000,
    }
  } finally {
    await service.stop(signal)
  }
}

function figuresOf(
  { size }: CaseContext,
  after: Record<string, readonly Start[]>,
  extras: readonly string[],
): Figure[] {
  return Object.entries(after).map(([kind, starts], i) => {
    const times = starts.map(({ answered }) => answered)
    const shown = (name: keyof Start) => `${significant(median(starts.map((start) => start[name])))} s`
    const files =
      kind === 'a graceful stop' ? `; files left by a stop: ${extras.join(', ') || 'only the database'}` : ''
    return {
      ...(i === 0 ? { target: 'P13' as const } : {}),
      what: `start after ${kind}`,
      size,
      value: median(times),
      spread: spreadOf(times),
      measured: `listening ${shown('listening')}, ready ${shown('ready')}, answered ${shown('answered')}, ${shown('cpuSeconds')} of CPU time${files}`,
    }
  })
}
