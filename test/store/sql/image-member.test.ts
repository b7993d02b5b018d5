import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { imageMemberReads } from '../../../src/store/sql/image-member-reader.ts'
import { imageMemberWrites } from '../../../src/store/sql/image-member-writer.ts'
import type { SqlConnection, SqlValue } from '../../../src/store/sql/sql.ts'
import { SqliteConnection } from '../../../src/store/sqlite/connection.ts'
import { SqliteWriter } from '../../../src/store/sqlite/writer.ts'

// The number of images that one project shares must not slow down calls of another. EXPLAIN shows the plan of each
// query.

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

/** A connection that executes nothing and collects the query plan of each statement on members. */
function explaining(plans: string[]): SqlConnection {
  const explain = async (sql: string, ...params: readonly SqlValue[]) => {
    if (!sql.includes('image_member')) return [{ found: 1 }]
    const steps = await connection.all(`EXPLAIN QUERY PLAN ${sql}`, ...params)
    plans.push(...steps.map(({ detail }) => String(detail)))
    return []
  }
  return {
    rowLock: '',
    nextProjectNo: '',
    all: explain,
    get: async (sql, ...params) => (await explain(sql, ...params))[0],
    run: async () => undefined,
    getBatch: async () => [],
    runBatch: async () => undefined,
  }
}

const image = { ownerProject: 'owner', imageId: 'image', sequence: 1 }

describe('a query of image members uses an index', () => {
  const BY_MEMBER = 'image_member_by_member (member_project_id=? AND status=?'
  it.each<readonly [name: string, call: (db: SqlConnection) => Promise<unknown>, plans: readonly string[]]>([
    [
      'the query of the images of some statuses searches by member and status',
      (db) => imageMemberReads(db).listSharedImages('m', ['accepted']),
      [`SEARCH image_member USING INDEX ${BY_MEMBER})`],
    ],
    [
      'the query of the images of one id searches by member, status and image',
      (db) => imageMemberReads(db).findSharedImages('m', 'image'),
      [`SEARCH image_member USING INDEX ${BY_MEMBER} AND image_id=?)`],
    ],
    [
      'the checks before a member is added search by key and by member and status',
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
