import { statSync } from 'node:fs'
import { join } from 'node:path'
import { type Case, type CaseContext, checkSame } from '../case.ts'
import type { Dataset } from '../data/dataset.ts'
import { GeneratedDataset } from '../data/generated.ts'
import { actionBody, seedQueries } from '../data/queries.ts'
import { truthOf } from '../data/truth.ts'
import { Vocabulary } from '../data/vocabulary.ts'
import { cpuSecondsOf } from '../load/cores.ts'
import { type Figure, significant } from '../report/figure.ts'
import { summarizeProfiles } from '../report/profile.ts'
import { median, spreadOf } from '../report/statistics.ts'
import { emptyFolder } from '../service/data-folders.ts'
import { imagesFile } from '../service/import-file.ts'
import { runImport } from '../service/import-run.ts'
import { ServiceProcess } from '../service/service-process.ts'
import { profileFlags } from './http.ts'

/** How many resources per second does `tagwerk import` write? (P14) */
export const importCase: Case = {
  name: 'import',
  about: 'resources per second of `tagwerk import` (P14)',
  run: async (context) => {
    const dataset = new GeneratedDataset(context.size)
    const file = await imagesFile(dataset, context.cacheFolder, context.progress)
    const rates: number[] = []
    const again: number[] = []
    const cpu: number[] = []
    const runs = context.isQuick ? 1 : 3
    for (let run = 0; run < runs; run++) {
      context.say(`import ${run + 1} of ${runs}`)
      const result = await importOnce(context, dataset, file, run === runs - 1)
      rates.push(result.first)
      cpu.push(result.cpuSeconds)
      if (result.again !== undefined) again.push(result.again)
    }
    const megabytes = statSync(file).size / 1e6
    const figures: Figure[] = [
      {
        target: 'P14',
        what: 'import of new images',
        size: context.size,
        value: median(rates),
        spread: spreadOf(rates),
        measured: `${significant(context.size / median(rates))} s for ${significant(megabytes)} MB; ${significant(median(cpu))} s of CPU time of the server`,
      },
      {
        what: 'the same file again, without changes',
        size: context.size,
        value: median(again),
        measured: `${significant(median(again) / 1000)} k/s`,
      },
    ]
    return { figures }
  },
}

async function importOnce(
  context: CaseContext,
  dataset: Dataset,
  file: string,
  isLast: boolean,
): Promise<{ first: number; cpuSeconds: number; again: number | undefined }> {
  const temporary = await emptyFolder(context)
  const profile = context.profileFolder === undefined ? undefined : join(context.profileFolder, 'import')
  const service = await ServiceProcess.start({
    folder: temporary.folder,
    nodeFlags: isLast ? profileFlags(profile) : [],
  })
  try {
    await service.logIn()
    const before = await cpuSecondsOf(service.pid)
    const { created, seconds } = await runImport(service, file)
    const cpuSeconds = (await cpuSecondsOf(service.pid)) - before
    checkSame('created images', dataset.size, created)
    if (!isLast) return { first: dataset.size / seconds, cpuSeconds, again: undefined }
    await checkCounts(context, service, dataset)
    const second = await runImport(service, file)
    checkSame('unchanged images of a second import', dataset.size, second.unchanged)
    return { first: dataset.size / seconds, cpuSeconds, again: dataset.size / second.seconds }
  } finally {
    await service.stop()
    await temporary.remove()
    if (isLast && profile !== undefined) console.log(await summarizeProfiles(profile))
  }
}

/** Checks that the imported resources are found. */
export async function checkCounts(context: CaseContext, service: ServiceProcess, dataset: Dataset): Promise<void> {
  const queries = seedQueries(new Vocabulary(dataset), 16).map((query) => ({ query, offset: 0, limit: 0 }))
  const truths = await truthOf(dataset, queries, context.cacheFolder, context.progress)
  const path = `/v2/${service.project}/images/resource_instances/action`
  for (const [i, { query }] of queries.entries()) {
    const { text } = await service.call('POST', path, actionBody(query))
    checkSame(`count of ${JSON.stringify(query)}`, { total_count: truths[i]?.total }, JSON.parse(text))
  }
}
