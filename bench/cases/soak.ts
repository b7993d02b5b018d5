import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Case, CaseContext } from '../case.ts'
import { GeneratedDataset } from '../data/generated.ts'
import { type Figure, significant } from '../report/figure.ts'
import { median, slopeOf } from '../report/statistics.ts'
import { linearPlot } from '../report/svg.ts'
import { folderWith } from '../service/data-folders.ts'
import { ServiceProcess } from '../service/service-process.ts'
import { SoakWork } from './soak-work.ts'

/** Calls per second: low enough for other work on the machine. */
const CALLS_PER_SECOND = 300
/** Maximum number of concurrent calls. A slower service gets fewer calls. */
const UNDER_WAY_MAX = 16
const TICK_MS = 20
const SAMPLE_SECONDS = 5
const IMPORT_SECONDS = 60
const SAMPLE_IMAGES = 100_000
const MINUTES_PER_HOUR = 60

/** Resident memory of the server at one moment. */
type Sample = { readonly minute: number; readonly mib: number; readonly calls: number }

/** Does memory stay constant over an hour of mixed load? */
export const soakCase: Case = {
  name: 'soak',
  about: 'resident memory over --minutes of mixed load; writes bench/soak.svg and bench/results/soak.csv',
  isLong: true,
  run: async (context) => {
    const minutes = context.isQuick ? Math.min(context.soakMinutes, 0.5) : context.soakMinutes
    const dataset = new GeneratedDataset(Math.min(context.size, SAMPLE_IMAGES))
    const temporary = await folderWith(context, dataset)
    const service = await ServiceProcess.start({ folder: temporary.folder })
    try {
      await service.logIn()
      const samples = await soak(context, new SoakWork(service, dataset, temporary.folder), service, minutes)
      if (!context.isQuick) await writeSamples(samples)
      return { figures: figuresOf(dataset.size, samples) }
    } finally {
      await service.stop()
      await temporary.remove()
    }
  },
}

async function soak(context: CaseContext, work: SoakWork, service: ServiceProcess, minutes: number): Promise<Sample[]> {
  const samples: Sample[] = []
  const startMs = performance.now()
  const secondsSoFar = () => (performance.now() - startMs) / 1000
  let failure: Error | undefined
  const failed = (error: unknown) => {
    failure ??= error as Error
  }
  let underWay = 0
  let begun = 0
  let sampled = 0
  let imported = 0
  let importing: Promise<void> = Promise.resolve()
  context.progress.start('soaking', minutes * 60)
  while (secondsSoFar() < minutes * 60 && failure === undefined) {
    const seconds = secondsSoFar()
    // Late calls are skipped, not caught up.
    const due = Math.min(Math.floor(seconds * CALLS_PER_SECOND) - begun, CALLS_PER_SECOND)
    for (let i = 0; i < due && underWay < UNDER_WAY_MAX; i++) {
      underWay++
      work.step().then(() => underWay--, failed)
    }
    begun += Math.max(0, due)
    if (seconds >= imported * IMPORT_SECONDS) {
      imported++
      importing = importing.then(() => work.import())
      importing.catch(failed)
    }
    if (seconds >= sampled * SAMPLE_SECONDS) {
      sampled++
      samples.push({ minute: seconds / 60, mib: await residentMib(service.pid), calls: work.calls })
      context.progress.update(seconds)
    }
    await sleep(TICK_MS)
  }
  context.progress.stop()
  await importing.catch(() => undefined)
  if (failure !== undefined) throw failure
  return samples
}

async function residentMib(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024
}

async function writeSamples(samples: readonly Sample[]): Promise<void> {
  const folder = join(import.meta.dirname, '..')
  await mkdir(join(folder, 'results'), { recursive: true })
  const rows = samples.map(({ minute, mib, calls }) => `${minute.toFixed(3)},${mib.toFixed(1)},${calls}`)
  await writeFile(join(folder, 'results', 'soak.csv'), `${['minute,resident_mib,calls', ...rows].join('\n')}\n`)
  const points = samples.map(({ minute, mib }) => [minute, mib] as const)
  const title = 'Resident memory of the service under mixed load'
  const lines = [{ label: 'resident memory', points }]
  await writeFile(join(folder, 'soak.svg'), linearPlot({ title, xLabel: 'minutes', yLabel: 'MiB', lines }))
}

function figuresOf(size: number, samples: readonly Sample[]): Figure[] {
  const half = samples.slice(Math.floor(samples.length / 2))
  const middle = median(half.map(({ mib }) => mib))
  const slope = slopeOf(half.map(({ minute, mib }) => [minute, mib])) * MINUTES_PER_HOUR
  const [first, last] = [samples[0] as Sample, samples.at(-1) as Sample]
  const most = Math.max(...samples.map(({ mib }) => mib))
  const perHour = (100 * slope) / middle
  return [
    {
      target: 'soak',
      what: 'growth of resident memory per hour, second half',
      size,
      value: perHour,
      measured:
        `${significant(slope)} MiB an hour at ${significant(middle)} MiB (at first ${significant(first.mib)}, at most ` +
        `${significant(most)}) over ${significant(last.minute)} minutes, ${significant(last.calls)} calls`,
    },
  ]
}
