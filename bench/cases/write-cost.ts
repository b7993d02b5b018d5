import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Case, CaseContext } from '../case.ts'
import { GeneratedDataset } from '../data/generated.ts'
import { LoadDriver, type Measured } from '../load/driver.ts'
import { type Figure, significant } from '../report/figure.ts'
import { folderWith } from '../service/data-folders.ts'
import { ServiceProcess } from '../service/service-process.ts'
import { Writes } from './tag-writes.ts'

/** Images of this case: what a write costs hardly depends on their number. */
const IMAGES_MAX = 200_000
/** The writes of a run share what is written now and then: the marker, and the checkpoint at its end. */
const RUN_MS = 20_000
/** Longer than the second after which an idle service moves its log into the database. */
const IDLE_MS = 2500

/** What does a durable write of one tag put on disk, and how large is the database? (D1, D64) */
export const writeCostCase: Case = {
  name: 'write-cost',
  about: 'bytes and system calls of a durable tag write, and the size of the database (D1, D64)',
  run: async (context) => {
    const dataset = new GeneratedDataset(Math.min(context.size, IMAGES_MAX))
    const temporary = await folderWith(context, dataset)
    const service = await ServiceProcess.start({ folder: temporary.folder })
    const driver = LoadDriver.start()
    try {
      await service.logIn()
      await settled()
      const { size } = await stat(join(temporary.folder, 'tagwerk.sqlite'))
      const writes = new Writes(service, dataset)
      await writes.check()
      const figures: Figure[] = []
      for (const connections of [1, 64]) figures.push(await measure(context, service, driver, writes, connections))
      await writes.checkAll(service)
      const bytes = size / dataset.size
      return {
        figures: figures.concat({
          what: 'size of the database per image with its change',
          size: dataset.size,
          value: bytes,
          measured: `${significant(bytes)} B`,
        }),
      }
    } finally {
      driver.stop()
      await service.stop()
      await temporary.remove()
    }
  },
}

async function measure(
  context: CaseContext,
  service: ServiceProcess,
  driver: LoadDriver,
  writes: Writes,
  connections: number,
): Promise<Figure> {
  context.say(`durable writes over ${connections} connections`)
  await settled()
  const before = await countersOf(service.pid)
  const plan = { host: '127.0.0.1', warmUpMs: 0, durationMs: context.isQuick ? 300 : RUN_MS, port: service.port }
  const result = await driver.run({ ...plan, pools: [{ ...writes.pool(), connections }] }, service.pid)
  const pool = result.pools[0] as Measured['pools'][number]
  writes.record(pool)
  // The checkpoint is a part of the cost.
  await settled()
  const after = await countersOf(service.pid)
  const bytes = (after.bytes - before.bytes) / pool.responsesInTotal
  // Each answer is a call too, which is not one to the disk.
  const calls = (after.calls - before.calls) / pool.responsesInTotal - 1
  return {
    target: connections === 1 ? 'D1' : 'D64',
    what: `bytes on disk for a durable tag write, ${connections} connections`,
    size: Math.min(context.size, IMAGES_MAX),
    value: bytes,
    measured: `${significant(bytes)} B in ${significant(calls)} writing calls, of ${pool.responsesInTotal} writes`,
  }
}

/** Waits until an idle service has moved its log into the database. */
function settled(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, IDLE_MS))
}

/** What a process has given to the disk, and how often it has called for writing, as Linux counts them. */
async function countersOf(pid: number): Promise<{ readonly bytes: number; readonly calls: number }> {
  const text = await readFile(`/proc/${pid}/io`, 'utf8')
  const counter = (name: string) => Number(new RegExp(`^${name}: (\\d+)$`, 'm').exec(text)?.[1])
  return { bytes: counter('write_bytes'), calls: counter('syscw') }
}
