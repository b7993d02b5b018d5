import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { imageMemberReads } from '../../../src/store/sql/image-member-reader.ts'
import { imageMemberWrites } from '../../../src/store/sql/image-member-writer.ts'
import type { SqlConnection, SqlValue } from '../../../src/store/sql/sql.ts'
import { SqliteConnection } from '../../../src/store/sqlite/connection.ts'
import { SqliteWriter } from '../../../src/store/sqlite/writer.ts'

// What one project shares must not make the calls of another slow: SQLite is asked how it would go about each statement.

let folder: string
let connection: SqliteConnection
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagwerk-plans-'))
  const file = join(folder, 'tagwerk.sqlite')
  const writer = new SqliteWriter(file)
  await writer.migrate()
  writer.close()
  connection = new SqliteConnection(file, { readOnly: true })
})
afterAll(async () => {
  connection.close()
  await rm(folder, { recursive: true, force: true })
})

/** A connection on which nothing happens. `plans` becomes how each statement on members would be worked out. */
function explaining(plans: string[]): SqlConnection {
  const explain = async (sql: string, ...params: readonly SqlValue[]) => {
    if (!sql.includes('image_member')) return [{ found: 1 }]
    const steps = await connection.all(`EXPLAIN QUERY PLAN ${sql}`, ...params)
    plans.push(...steps.map(({ detail }) => String(detail)))
    return []
  }
  return {
    all: explain,
    get: async (sql, ...params) => (await explain(sql, ...params))[0],
    run: async () => undefined,
    getBatch: async () => [],
    runBatch: async () => undefined,
  }
}

const image = { ownerProject: 'owner', imageId: 'image', sequence: 1 }

describe('looks only at what is asked for', () => {
  const BY_MEMBER = 'image_member_by_member (member_project_id=? AND status=?'
  it.each<readonly [name: string, call: (db: SqlConnection) => Promise<unknown>, plans: readonly string[]]>([
    [
      'the images of some statuses',
      (db) => imageMemberReads(db).listSharedImages('m', ['accepted']),
      [`SEARCH image_member USING INDEX ${BY_MEMBER})`],
    ],
    [
      'the images of one id',
      (db) => imageMemberReads(db).findSharedImages('m', 'image'),
      [`SEARCH image_member USING INDEX ${BY_MEMBER} AND image_id=?)`],
    ],
    [
      'a member to be added',
      (db) =>
        imageMemberWrites(db).addImageMember(
          { ...image, memberProject: 'm', status: 'pending', createdAtMs: 1, updatedAtMs: 1 },
          { membersPerImageMax: 1, pendingPerMemberMax: 1, pendingPerOwnerAndMemberMax: 1 },
        ),
      [
        'SEARCH image_member USING PRIMARY KEY (owner_project_id=? AND image_id=? AND sequence=? AND member_project_id=?)',
        'SEARCH image_member USING PRIMARY KEY (owner_project_id=? AND image_id=? AND sequence=?)',
        `SEARCH image_member USING COVERING INDEX ${BY_MEMBER})`,
      ],
    ],
  ])('%s', async (_name, call, expected) => {
    const plans: string[] = []
    await call(explaining(plans))
    expect(plans).toEqual(expected)
  })
})
