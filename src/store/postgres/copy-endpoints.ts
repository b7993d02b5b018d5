import type { CopySource, CopyTarget } from '../copy/endpoints.ts'
import { copyReads, markAsTarget, requireCurrentSchema, unmarkTarget, writeRows } from '../copy/sql-endpoints.ts'
import type { PostgresConnection } from './connection.ts'
import { migrateInTransaction, openConnection, readPostgresVersion, type SingleConnection } from './schema.ts'

/** Key of the advisory lock of a copy into a database. */
const COPY_LOCK = 7_246_583_212

/** The next project gets a number that no copied one has. */
const CONTINUE_NUMBERS = `SELECT setval(pg_get_serial_sequence('project_state', 'project_no'),
  (SELECT COALESCE(MAX(project_no), 0) + 1 FROM project_state), false)`

const BEGIN_SNAPSHOT = 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY'

/**
 * Opens a database as the source of a copy. Nodes may continue to use it. Throws when it is unreachable, and when its
 * schema version is not this program's.
 */
export async function openPostgresCopySource(url: string): Promise<CopySource> {
  const { db, end } = await connect(url)
  try {
    await db.command(BEGIN_SNAPSHOT)
    requireCurrentSchema(await readPostgresVersion(db))
    const renew = async () => {
      await db.command('COMMIT')
      await db.command(BEGIN_SNAPSHOT)
    }
    return { ...copyReads(db), renew, close: end }
  } catch (error) {
    await end()
    throw error
  }
}

/**
 * Opens a database as the target of a copy, creating the schema if it is missing. Throws when it is unreachable, when
 * another copy into it runs, and when it holds other data.
 */
export async function openPostgresCopyTarget(url: string): Promise<CopyTarget> {
  const { db, end } = await connect(url)
  try {
    const lock = await db.get('SELECT pg_try_advisory_lock(?) AS is_locked', COPY_LOCK)
    if (!lock?.is_locked) throw new Error('another "tagwerk copy" into the same database is running')
    await inTransaction(db, async () => markAsTarget(db, await readPostgresVersion(db), () => migrateInTransaction(db)))
    return {
      ...copyReads(db),
      write: (table, removedKeys, added) => inTransaction(db, () => writeRows(db, table, removedKeys, added)),
      finish: async () => {
        // Until autovacuum analyzes the tables, the planner would assume that they are empty.
        await db.command('ANALYZE resource, change_log, project_state, image_member')
        await db.command(CONTINUE_NUMBERS)
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
