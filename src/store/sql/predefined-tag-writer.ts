import { toWholeSecond } from '../../core/predefined-tag.ts'
import type { Tag } from '../../core/tag.ts'
import type { PutVerdict, ReplaceVerdict } from '../predefined-tag-store.ts'
import { DELETE_PREDEFINED_TAG, PUT_PREDEFINED_TAG } from './batch-statements.ts'
import { lockPredefinedTags } from './row-locks.ts'
import type { SqlConnection } from './sql.ts'

const ONE_TAG = 'domain_id = ? AND tag_key = ? AND tag_value = ?'

/** Writes of predefined tags over one connection of either engine; see `PredefinedTagStore`. */
export function predefinedTagWrites(db: SqlConnection) {
  async function exists(domainId: string, { key, value }: Tag): Promise<boolean> {
    return (await db.get(`SELECT 1 AS found FROM predefined_tag WHERE ${ONE_TAG}`, domainId, key, value)) !== undefined
  }

  return {
    async putPredefinedTags(
      domainId: string,
      tags: readonly Tag[],
      atMs: number,
      tagsMax: number,
    ): Promise<PutVerdict> {
      await lockPredefinedTags(db, domainId)
      const rows = await db.all('SELECT tag_key, tag_value FROM predefined_tag WHERE domain_id = ?', domainId)
      const known = new Set(rows.map((row) => JSON.stringify([row.tag_key, row.tag_value])))
      const all = new Set([...known, ...tags.map(({ key, value }) => JSON.stringify([key, value]))])
      if (all.size > tagsMax && all.size > known.size) return 'full'
      await db.runBatch(
        PUT_PREDEFINED_TAG,
        tags.map(({ key, value }) => [domainId, key, value, toWholeSecond(atMs)]),
      )
      return 'done'
    },

    async removePredefinedTags(domainId: string, tags: readonly Tag[]): Promise<void> {
      await lockPredefinedTags(db, domainId)
      await db.runBatch(
        DELETE_PREDEFINED_TAG,
        tags.map(({ key, value }) => [domainId, key, value]),
      )
    },

    async replacePredefinedTag(domainId: string, oldTag: Tag, newTag: Tag, atMs: number): Promise<ReplaceVerdict> {
      await lockPredefinedTags(db, domainId)
      if (!(await exists(domainId, oldTag))) return 'old-absent'
      if (await exists(domainId, newTag)) return 'new-taken'
      await db.runBatch(DELETE_PREDEFINED_TAG, [[domainId, oldTag.key, oldTag.value]])
      await db.runBatch(PUT_PREDEFINED_TAG, [[domainId, newTag.key, newTag.value, toWholeSecond(atMs)]])
      return 'done'
    },
  }
}
