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

/** A data folder for one case, which may do with it what it likes. */
export type OwnFolder = { readonly folder: string; remove(): Promise<void> }

/** Gives a copy of a data folder with a data set in it, imported by the real service once and kept. */
export async function folderWith(context: CaseContext, dataset: Dataset): Promise<OwnFolder> {
  const master = join(context.cacheFolder, `data-${dataset.shape}-${dataset.size}-${await storeName()}`)
  if (!existsSync(master)) await prepare(context, dataset, master)
  const own = await emptyFolder(context)
  await cp(master, own.folder, { recursive: true })
  return own
}

/** Gives a folder that nothing is in; it goes with this process, should nobody remove it before. */
export async function emptyFolder({ cacheFolder }: Pick<CaseContext, 'cacheFolder'>): Promise<OwnFolder> {
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
  context.say(`importing ${sizeText(dataset.size)} images once, to be kept in ${master}`)
  const { folder } = await emptyFolder(context)
  const service = await ServiceProcess.start({ folder })
  try {
    await runImport(service, await imagesFile(dataset, context.cacheFolder, context.progress))
    await runImport(service, await instancesFile(context.cacheFolder))
  } finally {
    await service.stop()
  }
  // Whoever comes after may have another form of everything but the database.
  await removeExtras(folder)
  await rename(folder, master).catch(async (error: NodeJS.ErrnoException) => {
    // Another run was faster: its folder is as good.
    if (!existsSync(master)) throw error
    await rm(folder, { recursive: true, force: true })
  })
}

/** What the service must have to start; everything else in its folder only makes a start faster. */
const NEEDED = /^tagwerk\.(sqlite(-wal|-shm)?|lock(-journal)?|pid)$/

/** Names of the files in a data folder that only make a start faster, such as snapshots. */
export function extrasOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => !NEEDED.test(name) && statSync(join(folder, name)).isFile(),
  )
}

/** Leaves nothing but the database in a data folder. */
export async function removeExtras(folder: string): Promise<void> {
  for (const name of extrasOf(folder)) await rm(join(folder, name))
}

/** Stands for the form in which the store keeps its data: another one has to be imported anew. */
async function storeName(): Promise<string> {
  const folder = join(ROOT, 'src', 'store')
  const hash = createHash('sha256')
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'))
  for (const name of files.toSorted()) hash.update(await readFile(join(folder, name)))
  return hash.digest('hex').slice(0, 12)
}
