import type { SqlConnection } from './sql.ts'
import { accountReads } from './sql-account-reader.ts'
import { imageMemberReads } from './sql-image-member-reader.ts'
import { predefinedTagReads } from './sql-predefined-tag-reader.ts'
import { tagReads } from './sql-tag-reader.ts'

/** Every reading statement, over one connection of either engine. It cannot write. */
export function sqlReads(db: SqlConnection) {
  return { ...tagReads(db), ...accountReads(db), ...imageMemberReads(db), ...predefinedTagReads(db) }
}
