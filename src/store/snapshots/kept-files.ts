import { randomUUID } from 'node:crypto'
import { copyFile, link, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '../../core/clock.ts'
import type { KeptSnapshot } from './snapshot-store.ts'

// The name of a kept file: that of the project, the revision, and the time when it was kept. The time is not that of the
// file, which a copy of the folder may change.

const KEPT_NAME = /^([0-9a-f]+)-(\d+)-(\d+)\.kept$/
/** Errors of file systems without hard links. */
const NO_LINKS: ReadonlySet<unknown> = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'])

type KeptFile = KeptSnapshot & { readonly path: string }

/** Snapshot files that later ones do not replace, in the folder of the snapshots. */
export function keptFiles(folder: string, clock: Clock) {
  const filesOf = async (name: string): Promise<readonly KeptFile[]> => {
    const files: KeptFile[] = []
    for (const file of await namesIn(folder)) {
      const [, of, revision, keptAtMs] = KEPT_NAME.exec(file) ?? []
      if (of === name) files.push({ revision: Number(revision), keptAtMs: Number(keptAtMs), path: join(folder, file) })
    }
    return files.sort((a, b) => a.revision - b.revision)
  }
  const find = async (name: string, revision: number) =>
    (await filesOf(name)).find((file) => file.revision === revision)?.path
  return {
    find,

    async list(name: string): Promise<readonly KeptSnapshot[]> {
      return (await filesOf(name)).map(({ revision, keptAtMs }) => ({ revision, keptAtMs }))
    },

    /** Keeps a file: as a second name of it, which takes no room while both names are there. */
    async keep(name: string, revision: number, path: string): Promise<void> {
      if ((await find(name, revision)) !== undefined) return
      const kept = join(folder, `${name}-${revision}-${clock()}.kept`)
      try {
        await link(path, kept)
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException
        if (NO_LINKS.has(code)) await copyWhole(path, kept)
        else if (code !== 'ENOENT' && code !== 'EEXIST') throw error
      }
    },
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

/** Copies a file such that the copy has its name only when it is complete. */
async function copyWhole(from: string, to: string): Promise<void> {
  const draft = `${from}.${randomUUID()}`
  try {
    await copyFile(from, draft)
    await rename(draft, to)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
}
