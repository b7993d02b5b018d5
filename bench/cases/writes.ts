import { join } from 'node:path'
import type { Case, CaseContext } from '../case.ts'
import { GeneratedDataset } from '../data/generated.ts'
import { LoadDriver, type Measured, startYardstick } from '../load/driver.ts'
import { type Figure, significant, timeText } from '../report/figure.ts'
import { summarizeProfiles } from '../report/profile.ts'
import { spreadOf } from '../report/statistics.ts'
import { folderWith } from '../service/data-folders.ts'
import { ServiceProcess } from '../service/service-process.ts'
import { measureCountsDuringWrites } from './counts-during-writes.ts'
import { busyText, cpuRatioText, interleaved, profileFlags, summaryOf } from './http.ts'
import { timesOf, Writes } from './tag-writes.ts'

/** How fast are durable writes compared with a static response, and how much do they slow down counts? (P10, P16) */
export const writesCase: Case = {
  name: 'writes',
  about: 'durable tag writes over 64 connections, and counts during the writes (P10, P16)',
  run: async (context) => {
    const dataset = new GeneratedDataset(context.size)
    const temporary = await folderWith(context, dataset)
    const profile = context.profileFolder === undefined ? undefined : join(context.profileFolder, 'writes')
    const service = await ServiceProcess.start({ folder: temporary.folder, nodeFlags: profileFlags(profile) })
    const driver = LoadDriver.start()
    let after: ServiceProcess | undefined
    try {
      await service.logIn()
      const writes = new Writes(service, dataset)
      await writes.check()
      const figures = [
        ...(await measureWrites(context, service, driver, writes)),
        ...(await measureCountsDuringWrites(context, service, driver, writes)),
      ]
      await writes.checkAll(service)
      // After a SIGKILL all acknowledged writes must exist.
      await service.stop(profile === undefined ? 'SIGKILL' : 'SIGTERM')
      after = await ServiceProcess.start({ folder: temporary.folder })
      await after.logIn()
      await writes.checkAll(after)
      return { figures }
    } finally {
      driver.stop()
      await service.stop()
      await after?.stop()
      await temporary.remove()
      if (profile !== undefined) console.log(await summarizeProfiles(profile))
    }
  },
}

async function measureWrites(
  context: CaseContext,
  service: ServiceProcess,
  driver: LoadDriver,
  writes: Writes,
): Promise<Figure[]> {
  context.say('durable writes')
  const yardstick = await startYardstick(204, 0)
  const plan = { host: '127.0.0.1', ...timesOf(context) }
  const runOurs = async () => {
    const result = await driver.run({ ...plan, port: service.port, pools: [writes.pool()] }, service.pid)
    writes.record(result.pools[0] as Measured['pools'][number])
    return result
  }
  const runTheirs = () =>
    driver.run({ ...plan, port: yardstick.port, pools: [{ ...writes.pool(), startAt: 0 }] }, yardstick.pid)
  const rounds = await interleaved(context.isQuick ? 2 : 7, runOurs, runTheirs)
  yardstick.stop()
  const { ratio, ratios, ours, theirs, p50, p99 } = summaryOf(rounds)
  return [
    {
      target: 'P10',
      what: 'durable tag write, 64 connections',
      size: context.size,
      value: ratio,
      spread: spreadOf(ratios),
      measured: `${significant(ours / 1000)} k/s of ${significant(theirs / 1000)} k/s; ${cpuRatioText(rounds)}`,
    },
    {
      what: 'durable tag write: p99 / p50 at 64 connections',
      size: context.size,
      value: p99 / p50,
      measured: `p50 ${timeText(p50)}, p99 ${timeText(p99)}; ${busyText(rounds)} (ours, static)`,
    },
  ]
}
