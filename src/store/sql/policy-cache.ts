import { CompiledPolicy } from '../../core/policy/compiled-policy.ts'
import type { EffectivePolicy } from '../../core/policy/effective-policy.ts'
import { toEffective } from './effective-content.ts'
import type { SqlConnection } from './sql.ts'

/** Compiled policies that are kept. Projects without policies of their own share that of their domain. */
const POLICIES_MAX = 200

/** Compiled policies by their hash, the last used last. A hash stands for one content forever, so none is ever stale. */
const compiled = new Map<string, CompiledPolicy>()

/** Gives the policy with a hash, from the store only when this process has not compiled it yet. */
export async function compiledPolicy(
  db: SqlConnection,
  policyHash: string | undefined,
): Promise<CompiledPolicy | undefined> {
  if (policyHash === undefined) return undefined
  const policy = compiled.get(policyHash) ?? new CompiledPolicy(await readEffective(db, policyHash))
  compiled.delete(policyHash)
  compiled.set(policyHash, policy)
  const [oldest] = compiled.keys()
  if (compiled.size > POLICIES_MAX && oldest !== undefined) compiled.delete(oldest)
  return policy
}

async function readEffective(db: SqlConnection, policyHash: string): Promise<EffectivePolicy> {
  const row = await db.get('SELECT content FROM effective_policy WHERE policy_hash = ?', policyHash)
  // Without it the writes of the project are refused: to go on without the policy would let everything pass.
  if (row === undefined) throw new Error(`the tag policy ${policyHash} of a project is not in the store`)
  return toEffective(String(row.content))
}
