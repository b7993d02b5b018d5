import { createHash } from 'node:crypto'
import { closeSync, openSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { SqliteConnection } from './connection.ts'
import { isDamage } from './sqlite-errors.ts'

/** SQLite adds these to the name of a database, for its journals. */
const SUFFIXES = ['', '-wal', '-shm', '-journal']
/** Rows between two reports of progress. */
const ROWS_PER_STEP = 2000

/** Called with the progress of a copy: steps that are done, and all steps. An error that it throws ends the copy. */
export type OnStep = (done: number, total: number) => void

/** What a verified copy of a database holds. `digest` covers all rows of all tables. */
export type DatabaseContent = { readonly digest: string; readonly rows: number }

/** Creates an empty database file, readable by its owner only, in place of an incomplete one of the same name. */
export function createDraft(draft: string): void {
  removeDatabase(draft)
  closeSync(openSync(draft, 'wx', 0o600))
}

/** Removes a database file with its journals, if it exists. */
export function removeDatabase(file: string): void {
  for (const suffix of SUFFIXES) rmSync(`${file}${suffix}`, { force: true })
}

/**
 * Copies a database into a new file as of one moment, also while it is written, and verifies the copy: it is free of
 * damage and has the same rows. The copy is a single file.
 */
export async function copyDatabase(file: string, draft: string, onStep: OnStep): Promise<DatabaseContent> {
  createDraft(draft)
  const source = new SqliteConnection(file, { readOnly: true })
  try {
    source.exec('BEGIN')
    // The first read of a transaction takes its snapshot.
    await tablesOf(source)
    // Each page counts once, and the rows of each side as many steps as there are pages.
    let pages = 0
    await source.copyTo(draft, (done, total) => {
      pages = total
      onStep(done, 3 * total)
    })
    const rowsTotal = Math.max(1, await countRows(source))
    const inPart = (part: number) => (rows: number) => onStep(Math.floor(pages * (part + rows / rowsTotal)), 3 * pages)
    const copy = new SqliteConnection(draft, { readOnly: false })
    try {
      copy.exec('PRAGMA journal_mode = DELETE')
      const [damage] = await findDamage(copy, 1)
      if (damage !== undefined) throw new Error(`${file} is damaged: ${damage}`)
      const wanted = await contentOf(source, inPart(1))
      const content = await contentOf(copy, inPart(2))
      if (content.digest !== wanted.digest) throw new Error(`the copy of ${file} differs from it`)
      return content
    } finally {
      copy.close()
    }
  } finally {
    source.close()
  }
}

/** Returns the damage that SQLite finds in the structure of a database file, up to a number of places. */
export async function findDamage(db: SqliteConnection, placesMax: number): Promise<readonly string[]> {
  try {
    const rows = await db.all(`PRAGMA integrity_check(${placesMax})`)
    return rows.map(({ integrity_check }) => String(integrity_check)).filter((words) => words !== 'ok')
  } catch (error) {
    // Some damage ends the check itself.
    if (!isDamage(error)) throw error
    return [(error as Error).message]
  }
}

const BYTES_PER_READ = 2 ** 20

/**
 * Reads a database file from start to end, and returns in words where the disk refuses it; undefined when it can be read.
 * SQLite reports such reads as damage of the content.
 */
export async function findUnreadablePart(file: string): Promise<string | undefined> {
  const handle = await open(file, 'r')
  const buffer = Buffer.alloc(BYTES_PER_READ)
  let position = 0
  try {
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, BYTES_PER_READ, position)
      if (bytesRead === 0) return undefined
      position += bytesRead
    }
  } catch (error) {
    return `the disk failed to read ${file} near byte ${position}: ${(error as Error).message}. What follows may be its consequence`
  } finally {
    await handle.close()
  }
}

async function tablesOf(db: SqliteConnection): Promise<readonly string[]> {
  const rows = await db.all(`SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name`)
  return rows.map(({ name }) => String(name)).filter((name) => !name.startsWith('sqlite_'))
}

async function countRows(db: SqliteConnection): Promise<number> {
  let rows = 0
  for (const table of await tablesOf(db)) rows += Number((await db.get(`SELECT count(*) AS n FROM ${table}`))?.n)
  return rows
}

/** Hashes all rows of all tables, whatever the schema version. Two copies of one file have the same order of rows. */
async function contentOf(db: SqliteConnection, onRows: (rows: number) => void): Promise<DatabaseContent> {
  const digest = createHash('sha256')
  let rows = 0
  for (const table of await tablesOf(db)) {
    digest.update(`${table}\n`)
    for (const row of db.iterate(`SELECT * FROM ${table}`)) {
      digest.update(`${JSON.stringify(row)}\n`)
      if (++rows % ROWS_PER_STEP > 0) continue
      onRows(rows)
      // Signals and timers of the command run here.
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  onRows(rows)
  return { digest: `sha256:${digest.digest('hex')}`, rows }
}
