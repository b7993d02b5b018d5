import type { EffectivePolicy } from '../../core/policy/effective-policy.ts'
import type { TagPolicy } from '../../core/policy/tag-policy.ts'
import { compareCodePoints } from '../../core/text.ts'
import type { PolicyPlace, StoredTagPolicy } from '../tag-policy-store.ts'
import { toEffective } from './effective-content.ts'
import type { Row, SqlConnection } from './sql.ts'

const COLUMNS = 'name, document, settings, actor, updated_at_ms'

/** Reads of tag policies over one connection of either engine; see `TagPolicyStore`. */
export function tagPolicyReads(db: SqlConnection) {
  return {
    async listTagPolicies({ level, id }: PolicyPlace): Promise<readonly StoredTagPolicy[]> {
      const sql = `SELECT ${COLUMNS} FROM tag_policy WHERE level = ? AND place_id = ?`
      const policies = (await db.all(sql, level, id)).map(toPolicy)
      // NOTE: sorted here, because the collation of a database may differ from code point order.
      return policies.sort((a, b) => compareCodePoints(a.name, b.name))
    },

    async getTagPolicy({ level, id }: PolicyPlace, name: string): Promise<StoredTagPolicy | undefined> {
      const sql = `SELECT ${COLUMNS} FROM tag_policy WHERE level = ? AND place_id = ? AND name = ?`
      const row = await db.get(sql, level, id, name)
      return row === undefined ? undefined : toPolicy(row)
    },

    async getEffectivePolicy(project: string): Promise<EffectivePolicy> {
      const sql = `SELECT content FROM effective_policy
        WHERE policy_hash = (SELECT policy_hash FROM project_state WHERE project_id = ?)`
      const row = await db.get(sql, project)
      return row === undefined ? { rules: [] } : toEffective(String(row.content))
    },
  }
}

function toPolicy(row: Row): StoredTagPolicy {
  return {
    name: String(row.name),
    document: String(row.document),
    policy: JSON.parse(String(row.settings)) as TagPolicy,
    actor: String(row.actor),
    updatedAtMs: Number(row.updated_at_ms),
  }
}
