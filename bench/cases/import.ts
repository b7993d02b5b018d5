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

/** How many resources does `tagwerk import` bring in a second? (P14) */
export const importCase: Case = {
  name: 'import',
  about: 'resources a second through `tagwerk import` (P14)',
  run: async (context) => {
    const dataset = new GeneratedDataset(context.size)
    const file = await imagesFile(dataset, context.cacheFolder, context.progress)
    const rates: number[] = []
    const again: number[] = []
    const processor: number[] = []
    const runs = context.isQuick ? 1 : 3
    for (let run = 0; run < runs; run++) {
      context.say(`import ${run + 1} of ${runs}`)
      const result = await importOnce(context, dataset, file, run === runs - 1)
      rates.push(result.first)
      processor.push(result.processorSeconds)
      if (result.again !== undefined) again.push(result.again)
    }
    const megabytes = statSync(file).size / 1e6
    const figures: Figure[] = [
      {
        ...{ target: 'P14', what: 'import of new images', size: context.size, value: median(rates) },
        ...{
          spread: spreadOf(rates),
          measured: `${significant(context.size / median(rates))} s for ${significant(megabytes)} MB; ${significant(median(processor))} s of the server's processor time`,
        },
      },
      {
        ...{ what: 'the same file again, which changes nothing', size: context.size, value: median(again) },
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
): Promise<{ first: number; processorSeconds: number; again: number | undefined }> {
  const own = await emptyFolder(context)
  const profile = context.profileFolder === undefined ? undefined : join(context.profileFolder, 'import')
  const service = await ServiceProcess.start({ folder: own.folder, nodeFlags: isLast ? profileFlags(profile) : [] })
  try {
    await service.logIn()
    const before = await cpuSecondsOf(service.pid)
    const { created, seconds } = await runImport(service, file)
    const processorSeconds = (await cpuSecondsOf(service.pid)) - before
    checkSame('images that were made', dataset.size, created)
    if (!isLast) return { first: dataset.size / seconds, processorSeconds, again: undefined }
    await checkCounts(context, service, dataset)
    const second = await runImport(service, file)
    checkSame('images that a second import left alone', dataset.size, second.unchanged)
    return { first: dataset.size / seconds, processorSeconds, again: dataset.size / second.seconds }
  } finally {
    await service.stop()
    await own.remove()
    if (isLast && profile !== undefined) console.log(await summarizeProfiles(profile))
  }
}

/** Looks whether what was imported is there. */
export async function checkCounts(context: CaseContext, service: ServiceProcess, dataset: Dataset): Promise<void> {
  const questions = seedQueries(new Vocabulary(dataset), 16).map((query) => ({ query, offset: 0, limit: 0 }))
  const truths = await truthOf(dataset, questions, context.cacheFolder, context.progress)
  const path = `/v2/${service.project}/images/resource_instances/action`
  for (const [i, { query }] of questions.entries()) {
    const { text } = await service.call('POST', path, actionBody(query))
    checkSame(`count of ${JSON.stringify(query)}`, { total_count: truths[i]?.total }, JSON.parse(text))
  }
}
