import { type Case, type CaseContext, checkSame } from '../case.ts'
import { GeneratedDataset } from '../data/generated.ts'
import { LoadDriver, type Measured } from '../load/driver.ts'
import { significant } from '../report/figure.ts'
import { spreadOf } from '../report/statistics.ts'
import { folderWith } from '../service/data-folders.ts'
import { ServiceProcess } from '../service/service-process.ts'
import { cpuRatioText, interleaved, summaryOf } from './http.ts'
import { timesOf, Writes } from './tag-writes.ts'

/** Images of this case: what a write costs hardly depends on their number. */
const IMAGES_MAX = 200_000
/** Images whose keys the policy is about: every written key is one of them. */
const WRITTEN_MAX = 10_000
/** Values that each key may have, besides the written ones. */
const VALUES_PER_KEY = 50

/** How much slower are durable writes under a tag policy that each of them is held to? */
export const policyCase: Case = {
  name: 'policy',
  about: 'durable tag writes under an enforced tag policy, relative to those without',
  run: async (context) => {
    const dataset = new GeneratedDataset(Math.min(context.size, IMAGES_MAX))
    const temporary = await folderWith(context, dataset)
    const service = await ServiceProcess.start({ folder: temporary.folder })
    const driver = LoadDriver.start()
    try {
      await service.logIn()
      const writes = new Writes(service, dataset)
      await writes.check()
      const policy = policyOf(dataset)
      await checkRefusal(service, dataset, policy)
      const figure = await measure(context, service, driver, writes, policy)
      await writes.checkAll(service)
      return { figures: [{ ...figure, size: dataset.size }] }
    } finally {
      driver.stop()
      await service.stop()
      await temporary.remove()
    }
  },
}

/** A policy about every key that is written, which allows what is written. */
function policyOf(dataset: GeneratedDataset): { readonly body: string; readonly keys: number } {
  const images = Array.from({ length: Math.min(WRITTEN_MAX, dataset.size) }, (_, i) => dataset.at(i))
  const keys = new Set(images.map(({ tags }) => tags[0]?.key ?? ''))
  const values = ['turn-*', 'checked', ...Array.from({ length: VALUES_PER_KEY }, (_, i) => `value-${i}`)]
  const blocks = Array.from(keys, (key) => [
    key,
    {
      tag_key: { '@@assign': key },
      tag_value: { '@@assign': values },
      enforced_for: { '@@assign': ['ims:image'] },
    },
  ])
  return { body: JSON.stringify({ tags: Object.fromEntries(blocks) }), keys: keys.size }
}

/** Checks that the policy is in force, and that writes are free again after its end. */
async function checkRefusal(
  service: ServiceProcess,
  dataset: GeneratedDataset,
  policy: { readonly body: string },
): Promise<void> {
  const image = dataset.at(0)
  const path = `/v2/${service.project}/images/${image.id}/tags`
  const body = JSON.stringify({ tag: { key: image.tags[0]?.key, value: 'forbidden' } })
  await setPolicy(service, policy.body)
  checkSame('status of a write that the policy refuses', 400, (await service.call('POST', path, body)).status)
  await setPolicy(service, undefined)
}

/** Puts the policy, or deletes it. */
async function setPolicy(service: ServiceProcess, body: string | undefined): Promise<void> {
  const path = `/tagwerk/v1/${service.project}/policies/bench`
  const { status } = await (body === undefined ? service.call('DELETE', path) : service.call('PUT', path, body))
  checkSame('status of a change of policies', body === undefined ? 204 : 200, status)
}

async function measure(
  context: CaseContext,
  service: ServiceProcess,
  driver: LoadDriver,
  writes: Writes,
  policy: { readonly body: string; readonly keys: number },
) {
  context.say('durable writes with and without a policy')
  const plan = { host: '127.0.0.1', port: service.port, ...timesOf(context) }
  const run = async () => {
    const result = await driver.run({ ...plan, pools: [writes.pool()] }, service.pid)
    writes.record(result.pools[0] as Measured['pools'][number])
    return result
  }
  const runHeld = async () => {
    await setPolicy(service, policy.body)
    const result = await run()
    await setPolicy(service, undefined)
    return result
  }
  const rounds = await interleaved(context.isQuick ? 2 : 15, runHeld, run)
  const { ratio, ratios, ours, theirs } = summaryOf(rounds)
  return {
    target: 'policy' as const,
    what: `durable tag write under a policy of ${policy.keys} keys, 64 connections`,
    value: ratio,
    spread: spreadOf(ratios),
    measured: `${significant(ours / 1000)} k/s of ${significant(theirs / 1000)} k/s without; ${cpuRatioText(rounds)}`,
  }
}
