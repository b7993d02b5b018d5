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
  /** Processor time of the process up to its first answer: without what it waited for. */
  readonly processor: number
}

/** How long is it from the start of the process to `/readyz` and the first answer? (P13) */
export const startCase: Case = {
  name: 'start',
  about: 'from the start of the process to /readyz and the first answer (P13)',
  run: async (context) => {
    const dataset = new GeneratedDataset(context.size)
    const [query] = seedQueries(new Vocabulary(dataset), 1)
    const question = { query: query as NonNullable<typeof query>, offset: 0, limit: 0 }
    const [truth] = await truthOf(dataset, [question], context.cacheFolder, context.progress)
    const own = await folderWith(context, dataset)
    try {
      const body = actionBody(question.query)
      const session = await firstStart(own.folder, body)
      const startOnce = (signal: 'SIGTERM' | 'SIGKILL') =>
        timeStart(own.folder, session, body, (truth as { total: number }).total, signal)
      const runs = context.isQuick ? 2 : 7
      const after = {
        'an orderly stop': [] as Start[],
        'a kill': [] as Start[],
        'a stop, with only the database': [] as Start[],
      }
      for (let run = 0; run < runs; run++) {
        context.say(`start ${run + 1} of ${runs}, of each kind`)
        after['an orderly stop'].push(await startOnce('SIGKILL'))
        after['a kill'].push(await startOnce('SIGTERM'))
        if (run >= Math.ceil(runs / 2)) continue
        await removeExtras(own.folder)
        after['a stop, with only the database'].push(await startOnce('SIGTERM'))
      }
      const extras = extrasOf(own.folder)
      return { figures: figuresOf(context, after, extras) }
    } finally {
      await own.remove()
    }
  },
}

/** Starts, asks and stops once, so that the service leaves behind what it leaves when it stops. */
async function firstStart(folder: string, body: string): Promise<{ token: string; project: string }> {
  const service = await ServiceProcess.start({ folder })
  await service.logIn()
  await service.call('POST', `/v2/${service.project}/images/resource_instances/action`, body)
  const { token, project } = service
  await service.stop()
  return { token, project }
}

/** Starts the service and asks it, then ends it by a signal. Times are seconds from the start of the process. */
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
    // While it is not there yet a service may say so, and callers ask again.
    while (answer.status === 503) answer = await ask()
    const answeredMs = performance.now()
    const processor = await cpuSecondsOf(service.pid)
    checkSame('the first answer', { total_count: total }, JSON.parse(answer.text))
    return {
      processor,
      listening: service.listeningAfterMs / 1000,
      ...{ ready: (readyMs - startMs) / 1000, answered: (answeredMs - startMs) / 1000 },
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
    const left =
      kind === 'an orderly stop' ? `; left by a stop: ${extras.join(', ') || 'nothing but the database'}` : ''
    return {
      ...(i === 0 ? { target: 'P13' as const } : {}),
      ...{ what: `start after ${kind}`, size, value: median(times), spread: spreadOf(times) },
      measured: `listening ${shown('listening')}, ready ${shown('ready')}, answered ${shown('answered')}, ${shown('processor')} of processor time${left}`,
    }
  })
}
