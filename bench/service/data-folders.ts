import { createHash } from 'node:crypto'
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs'
import { cp, mkdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { CaseContext } from '../case.ts'
import type { Dataset } from '../data/dataset.ts'
import { sizeText } from '../report/figure.ts'
import { imagesFile, instancesFile } from './import-file.ts'
import { runImport } from './import-run.ts'
import { ROOT, ServiceProcess } from './service-process.ts'

/** A data folder of one case, which may modify it freely. */
export type TemporaryFolder = { readonly folder: string; remove(): Promise<void> }

/** Copies a data folder with an imported data set. The real service imports it once; the folder is cached. */
export async function folderWith(context: CaseContext, dataset: Dataset): Promise<TemporaryFolder> {
  const master = join(context.cacheFolder, `data-${dataset.shape}-${dataset.size}-${await storeName()}`)
  if (!existsSync(master)) await prepare(context, dataset, master)
  const temporary = await emptyFolder(context)
  await cp(master, temporary.folder, { recursive: true })
  return temporary
}

/** Creates an empty folder. It is removed at the end of the process at the latest. */
export async function emptyFolder({ cacheFolder }: Pick<CaseContext, 'cacheFolder'>): Promise<TemporaryFolder> {
  const folder = join(cacheFolder, `own-${process.pid}-${performance.now().toFixed(0)}`)
  await mkdir(folder, { recursive: true })
  const removeNow = () => rmSync(folder, { recursive: true, force: true })
  process.once('exit', removeNow)
  const remove = async () => {
    process.off('exit', removeNow)
    await rm(folder, { recursive: true, force: true })
  }
  return { folder, remove }
}

async function prepare(context: CaseContext, dataset: Dataset, master: string): Promise<void> {
  context.say(`importing ${sizeText(dataset.size)} images once, cached in ${master}`)
  const { folder } = await emptyFolder(context)
  const service = await ServiceProcess.start({ folder })
  try {
    await runImport(service, await imagesFile(dataset, context.cacheFolder, context.progress))
    await runImport(service, await instancesFile(context.cacheFolder))
  } finally {
    await service.stop()
  }
  // Only the database is cached: the format of all other files may change.
  await removeExtras(folder)
  await rename(folder, master).catch(async (error: NodeJS.ErrnoException) => {
    // A concurrent run has created the folder.
    if (!existsSync(master)) throw error
    await rm(folder, { recursive: true, force: true })
  })
}

/** The files that the service needs; all others only speed up its start. */
const NEEDED = /^tagwerk\.(sqlite(-wal|-shm)?|lock(-journal)?|pid)$/

/** Names of the files in a data folder that only speed up a start, such as snapshots. */
export function extrasOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => !NEEDED.test(name) && statSync(join(folder, name)).isFile(),
  )
}

/** Removes everything but the database from a data folder. */
export async function removeExtras(folder: string): Promise<void> {
  for (const name of extrasOf(folder)) await rm(join(folder, name))
}

/** Identifies the format of the store. Another format requires a new import. */
async function storeName(): Promise<string> {
  const folder = join(ROOT, 'src', 'store')
  const hash = createHash('sha256')
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'))
  for (const name of files.toSorted()) hash.update(await readFile(join(folder, name)))
  return hash.digest('hex').slice(0, 12)
}
