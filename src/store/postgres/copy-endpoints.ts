import type { CopySource, CopyTarget } from '../copy/endpoints.ts'
import { copyReads, markAsTarget, requireCurrentSchema, unmarkTarget, writeRows } from '../copy/sql-endpoints.ts'
import type { PostgresConnection } from './connection.ts'
import { migrateInTransaction, openConnection, readPostgresVersion, type SingleConnection } from './schema.ts'

/** What all that copy into a database take turns at, and do not wait for: a number beside that of migrations. */
const COPY_LOCK = 7_246_583_212

const SNAPSHOT = 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY'

/**
 * Opens a database to copy from it. Nodes may go on with it. Throws when it cannot be reached, and when its schema is
 * not that of this program.
 */
export async function openPostgresCopySource(url: string): Promise<CopySource> {
  const { db, end } = await connect(url)
  try {
    await db.command(SNAPSHOT)
    requireCurrentSchema(await readPostgresVersion(db))
    const renew = async () => {
      await db.command('COMMIT')
      await db.command(SNAPSHOT)
    }
    return { ...copyReads(db), renew, close: end }
  } catch (error) {
    await end()
    throw error
  }
}

/**
 * Opens a database to copy into it, and makes its schema if it is missing. Throws when it cannot be reached, when
 * somebody else copies into it, and when it holds other data.
 */
export async function openPostgresCopyTarget(url: string): Promise<CopyTarget> {
  const { db, end } = await connect(url)
  try {
    const lock = await db.get('SELECT pg_try_advisory_lock(?) AS is_held', COPY_LOCK)
    if (!lock?.is_held) throw new Error('another "tagwerk copy" is at work there')
    await inTransaction(db, async () => markAsTarget(db, await readPostgresVersion(db), () => migrateInTransaction(db)))
    return {
      ...copyReads(db),
      write: (table, removedKeys, added) => inTransaction(db, () => writeRows(db, table, removedKeys, added)),
      finish: async () => {
        // The server looks at its tables by itself only later, and plans for empty ones until then.
        await db.command('ANALYZE resource, change_log, project_state, image_member')
        await inTransaction(db, () => unmarkTarget(db))
      },
      close: end,
    }
  } catch (error) {
    await end()
    throw error
  }
}

async function connect(url: string): Promise<SingleConnection> {
  const { db, end } = await openConnection({ url, statementTimeoutMs: 0 }, 'copy')
  let ended: Promise<void> | undefined
  return {
    db,
    end: () => {
      ended ??= end()
      return ended
    },
  }
}

async function inTransaction(db: PostgresConnection, work: () => Promise<void>): Promise<void> {
  await db.command('BEGIN ISOLATION LEVEL READ COMMITTED')
  try {
    await work()
    await db.settle()
    const done = await db.command('COMMIT')
    if (done !== 'COMMIT') throw new Error(`the database answered a commit with ${done}`)
  } catch (error) {
    await db.command('ROLLBACK').catch(() => undefined)
    throw error
  }
}
