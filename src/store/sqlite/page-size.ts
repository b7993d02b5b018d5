import { existsSync } from 'node:fs'
import { PAGE_BYTES, type SqliteConnection } from './connection.ts'
import { createDraft, removeDatabase } from './database-file.ts'
import { renameDurably } from './durable-file.ts'

/**
 * Writes a database of another page size anew in the present one, which also gives the room of dropped tables back, and
 * puts it in the place of the old one. The connection is closed then, and must be replaced. Gives false, and leaves the
 * connection open, when there is nothing to do or another connection reads the database. After any failure the old
 * database is whole.
 */
export async function rewriteInPages(db: SqliteConnection, file: string): Promise<boolean> {
  if (Number((await db.get('PRAGMA page_size'))?.page_size) === PAGE_BYTES || !db.checkpoint()) return false
  const draft = `${file}.new`
  createDraft(draft)
  try {
    db.exec(`PRAGMA page_size = ${PAGE_BYTES}`)
    await db.run('VACUUM INTO ?', draft)
  } catch (error) {
    removeDatabase(draft)
    throw error
  }
  db.close()
  // A log that is still there belongs to the old file. Another connection has opened it meanwhile.
  if (existsSync(`${file}-wal`)) removeDatabase(draft)
  else renameDurably(draft, file)
  return true
}
