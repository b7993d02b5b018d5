import { toWholeSecond } from '../../core/predefined-tag.ts'
import type { Tag } from '../../core/tag.ts'
import type { PutVerdict, ReplaceVerdict } from '../predefined-tag-store.ts'
import { run, type SqlConnection } from './sql.ts'

const ONE_TAG = 'domain_id = ? AND tag_key = ? AND tag_value = ?'
const DELETE_ONE = `DELETE FROM predefined_tag WHERE ${ONE_TAG}`
const PUT_ONE = `INSERT INTO predefined_tag (domain_id, tag_key, tag_value, updated_at_ms) VALUES (?, ?, ?, ?)
  ON CONFLICT (domain_id, tag_key, tag_value) DO UPDATE SET updated_at_ms = excluded.updated_at_ms`

/** The statements that change predefined tags, over one connection of either engine. See `PredefinedTagStore`. */
export function predefinedTagWrites(db: SqlConnection) {
  /**
   * Makes changes in one domain wait for each other, so that what was looked at still holds when it is acted on. An
   * engine with one writer has no need of it; the others lock the row.
   */
  const takeTurn = (domainId: string): Promise<void> =>
    run(
      db,
      `INSERT INTO predefined_tag_state (domain_id) VALUES (?)
       ON CONFLICT (domain_id) DO UPDATE SET domain_id = excluded.domain_id`,
      domainId,
    )

  async function has(domainId: string, { key, value }: Tag): Promise<boolean> {
    return (await db.get(`SELECT 1 AS found FROM predefined_tag WHERE ${ONE_TAG}`, domainId, key, value)) !== undefined
  }

  return {
    async putPredefinedTags(
      domainId: string,
      tags: readonly Tag[],
      atMs: number,
      tagsMax: number,
    ): Promise<PutVerdict> {
      await takeTurn(domainId)
      const rows = await db.all('SELECT tag_key, tag_value FROM predefined_tag WHERE domain_id = ?', domainId)
      const known = new Set(rows.map((row) => JSON.stringify([row.tag_key, row.tag_value])))
      const all = new Set([...known, ...tags.map(({ key, value }) => JSON.stringify([key, value]))])
      if (all.size > tagsMax && all.size > known.size) return 'full'
      await db.runEach(
        PUT_ONE,
        tags.map(({ key, value }) => [domainId, key, value, toWholeSecond(atMs)]),
      )
      return 'done'
    },

    async removePredefinedTags(domainId: string, tags: readonly Tag[]): Promise<void> {
      await takeTurn(domainId)
      await db.runEach(
        DELETE_ONE,
        tags.map(({ key, value }) => [domainId, key, value]),
      )
    },

    async replacePredefinedTag(domainId: string, oldTag: Tag, newTag: Tag, atMs: number): Promise<ReplaceVerdict> {
      await takeTurn(domainId)
      if (!(await has(domainId, oldTag))) return 'old-absent'
      if (await has(domainId, newTag)) return 'new-taken'
      await run(db, DELETE_ONE, domainId, oldTag.key, oldTag.value)
      await run(db, PUT_ONE, domainId, newTag.key, newTag.value, toWholeSecond(atMs))
      return 'done'
    },
  }
}
