import { mergePolicies } from '../../core/policy/effective-policy.ts'
import type { PolicyPlace, StoredTagPolicy } from '../tag-policy-store.ts'
import { accountStatements } from './account-statements.ts'
import { type EffectiveContent, toContent } from './effective-content.ts'
import { insertProject, lockAccounts } from './row-locks.ts'
import type { SqlConnection } from './sql.ts'
import { tagPolicyReads } from './tag-policy-reader.ts'

/**
 * Writes of tag policies over one connection of either engine; see `TagPolicyStore`. They lock the accounts, so they never
 * overlap and no project is created meanwhile, and then the row of each project whose policy changes, which waits for
 * commits that were decided by the policy before.
 */
export function tagPolicyWrites(db: SqlConnection) {
  const { raiseRevision, exists, countRows, insertRow } = accountStatements(db)
  const { listTagPolicies, getTagPolicy } = tagPolicyReads(db)

  const remove = ({ level, id }: PolicyPlace, name: string): Promise<void> =>
    db.run('DELETE FROM tag_policy WHERE level = ? AND place_id = ? AND name = ?', level, id, name)

  return {
    async putTagPolicy(
      place: PolicyPlace,
      { name, document, policy, actor, updatedAtMs }: StoredTagPolicy,
      policiesMax: number,
    ): Promise<'done' | 'absent' | 'full'> {
      await lockAccounts(db)
      const { level, id } = place
      if (!(await exists(`SELECT 1 AS found FROM ${level} WHERE ${level}_id = ?`, id))) return 'absent'
      const isNew = (await getTagPolicy(place, name)) === undefined
      if (isNew && (await countRows('tag_policy', 'place_id', id)) >= policiesMax) return 'full'
      await remove(place, name)
      const row = { level, place_id: id, name, document, settings: JSON.stringify(policy), actor }
      await insertRow('tag_policy', { ...row, updated_at_ms: updatedAtMs })
      await applyAt(place)
      await raiseRevision()
      return 'done'
    },

    async deleteTagPolicy(place: PolicyPlace, name: string): Promise<'done' | 'absent'> {
      await lockAccounts(db)
      if ((await getTagPolicy(place, name)) === undefined) return 'absent'
      await remove(place, name)
      await applyAt(place)
      await raiseRevision()
      return 'done'
    },
  }

  /** Makes the policies of a place the ones that its projects are held to. */
  async function applyAt({ level, id }: PolicyPlace): Promise<void> {
    if (level === 'domain') {
      const ofDomain = await listTagPolicies({ level, id })
      await applyToAll(id, toContent(mergePolicies(ofDomain, []).effective))
      const sql = `SELECT DISTINCT place_id FROM tag_policy WHERE level = 'project'
        AND place_id IN (SELECT project_id FROM project WHERE domain_id = ?)`
      for (const row of await db.all(sql, id)) await applyToOne(String(row.place_id), ofDomain)
    } else await applyToOne(id, await policiesOfDomain(db, id))
    await forgetUnused()
  }

  /** Applies the policies of a domain to all of its projects that have none of their own. */
  async function applyToAll(domainId: string, effective: EffectiveContent | undefined): Promise<void> {
    await store(effective)
    const missing = `SELECT project_id FROM project WHERE domain_id = ?
      AND NOT EXISTS (SELECT 1 FROM project_state WHERE project_state.project_id = project.project_id)`
    // A project that was never written has no row yet; without one its first commit would know of no policy.
    if (effective !== undefined) {
      for (const row of await db.all(missing, domainId)) await insertProject(db, String(row.project_id))
    }
    const policyHash = effective?.policyHash ?? null
    await db.run(
      `UPDATE project_state SET policy_hash = ? WHERE policy_hash IS DISTINCT FROM ?
       AND project_id IN (SELECT project_id FROM project WHERE domain_id = ?)
       AND project_id NOT IN (SELECT place_id FROM tag_policy WHERE level = 'project')`,
      ...[policyHash, policyHash, domainId],
    )
  }

  async function applyToOne(project: string, ofDomain: readonly StoredTagPolicy[]): Promise<void> {
    const ofProject = await listTagPolicies({ level: 'project', id: project })
    const effective = toContent(mergePolicies(ofDomain, ofProject).effective)
    await store(effective)
    if (effective !== undefined) await insertProject(db, project)
    await setPolicy(db, project, effective?.policyHash)
  }

  async function store(effective: EffectiveContent | undefined): Promise<void> {
    if (effective === undefined) return
    const sql = 'INSERT INTO effective_policy (policy_hash, content) VALUES (?, ?) ON CONFLICT DO NOTHING'
    await db.run(sql, effective.policyHash, effective.content)
  }

  async function forgetUnused(): Promise<void> {
    await db.run(`DELETE FROM effective_policy WHERE NOT EXISTS
      (SELECT 1 FROM project_state WHERE project_state.policy_hash = effective_policy.policy_hash)`)
  }
}

function setPolicy(db: SqlConnection, project: string, policyHash: string | undefined): Promise<void> {
  const sql = 'UPDATE project_state SET policy_hash = ? WHERE project_id = ?'
  return db.run(sql, policyHash ?? null, project)
}

async function policiesOfDomain(db: SqlConnection, project: string): Promise<readonly StoredTagPolicy[]> {
  const row = await db.get('SELECT domain_id FROM project WHERE project_id = ?', project)
  return row === undefined ? [] : tagPolicyReads(db).listTagPolicies({ level: 'domain', id: String(row.domain_id) })
}

/** Holds a project that was just created to the policies of its domain. The caller has locked the accounts. */
export async function applyDomainPolicy(db: SqlConnection, project: string): Promise<void> {
  const effective = toContent(mergePolicies(await policiesOfDomain(db, project), []).effective)
  if (effective === undefined) return
  await db.run(
    'INSERT INTO effective_policy (policy_hash, content) VALUES (?, ?) ON CONFLICT DO NOTHING',
    effective.policyHash,
    effective.content,
  )
  await insertProject(db, project)
  await setPolicy(db, project, effective.policyHash)
}

/** Deletes the policies of a project, which no longer exists. */
export async function deletePoliciesOf(db: SqlConnection, project: string): Promise<void> {
  await db.run(`DELETE FROM tag_policy WHERE level = 'project' AND place_id = ?`, project)
  await setPolicy(db, project, undefined)
}
