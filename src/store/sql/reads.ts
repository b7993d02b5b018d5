import { accountReads } from './account-reader.ts'
import { coverageReads } from './coverage-reader.ts'
import { historyReads } from './history-reader.ts'
import { ignoredGroupReads } from './ignored-groups.ts'
import { imageMemberReads } from './image-member-reader.ts'
import { planReads } from './plan-reader.ts'
import { predefinedTagReads } from './predefined-tag-reader.ts'
import type { SqlConnection } from './sql.ts'
import { tagPolicyReads } from './tag-policy-reader.ts'
import { tagReads } from './tag-reader.ts'

/** All reads of a store over one connection of either engine, which may be read-only. */
export function sqlReads(db: SqlConnection) {
  return {
    ...tagReads(db),
    ...historyReads(db),
    ...accountReads(db),
    ...imageMemberReads(db),
    ...predefinedTagReads(db),
    ...planReads(db),
    ...ignoredGroupReads(db),
    ...coverageReads(db),
    ...tagPolicyReads(db),
  }
}
