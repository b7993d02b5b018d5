import type { PredefinedTag } from '../../core/predefined-tag.ts'
import { compareCodePoints } from '../../core/text.ts'
import type { SqlConnection } from './sql.ts'

/** Reads of predefined tags over one connection of either engine; see `PredefinedTagStore`. */
export function predefinedTagReads(db: SqlConnection) {
  return {
    async listPredefinedTags(domainId: string): Promise<readonly PredefinedTag[]> {
      const sql = 'SELECT tag_key, tag_value, updated_at_ms FROM predefined_tag WHERE domain_id = ?'
      const tags = (await db.all(sql, domainId)).map((row) => ({
        key: String(row.tag_key),
        value: String(row.tag_value),
        updatedAtMs: Number(row.updated_at_ms),
      }))
      // NOTE: sorted here, because the collation of a database may differ from code point order.
      return tags.sort((a, b) => compareCodePoints(a.key, b.key) || compareCodePoints(a.value, b.value))
    },
  }
}
