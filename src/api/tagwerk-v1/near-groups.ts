import { type Static, Type } from 'typebox'
import type { Catalog, FoundGroup } from '../../catalog/catalog.ts'
import { DomainError, invalid } from '../../core/errors.ts'
import { murmur3 } from '../../core/murmur3.ts'
import { NEAR_KINDS } from '../../core/near-duplicates/near-duplicates.ts'
import type { IfBoth } from '../../core/plan-actions.ts'
import type { Principal } from '../../iam/principal.ts'
import type { IgnoredGroup, IgnoredGroupStore } from '../../store/ignored-group-store.ts'
import { oneOf } from '../tag-query-body.ts'
import type { TagwerkErrorCode } from './error-codes.ts'
import { NEAR_SPELLINGS_MAX, PLAN_ACTIONS_MAX } from './limits.ts'
import type { PreferredSpellings } from './preferred-spellings.ts'
import { keyParameter } from './tag-counts.ts'

/** What the calls for near-duplicates use. `preferred`: the first that knows a spelling of a group decides. */
export type NearParts = {
  readonly catalog: Catalog
  readonly ignoredGroups: IgnoredGroupStore
  readonly preferred: readonly PreferredSpellings[]
}

/** The kinds that a correction is proposed for. The others may be words of their own. */
const PROPOSED: readonly string[] = ['certain', 'look-alike']

const GROUP_ID_PATTERN = '^[0-9a-f]{16}$'

/** The names in the path of a call for one group. */
export const groupParams = Type.Object({
  project_id: Type.String(),
  group_id: Type.String({ pattern: GROUP_ID_PATTERN, 'x-error': 'near-duplicates-not-found' }),
})

/** The member that says whose values a group has. */
export const groupKey = Type.Optional({ ...keyParameter, description: 'The key whose values the group has.' })

/** Schema of a group in an answer. */
export const nearGroupSchema = Type.Object({
  id: Type.String({ description: 'The same as long as the group has the same spellings.' }),
  kind: oneOf(NEAR_KINDS),
  key: Type.Optional(Type.String({ description: 'The key whose values they are.' })),
  members: Type.Array(
    Type.Object({
      key: Type.Optional(Type.String()),
      value: Type.Optional(Type.String()),
      resources: Type.Integer(),
    }),
  ),
  canonical: Type.String({ description: 'The spelling to keep: a predefined tag, or else the most used.' }),
  affected: Type.Integer({ description: 'Resources that the other spellings are on.' }),
  both: Type.Integer({ description: 'Resources that have two keys of the group.' }),
  proposed: Type.Boolean({ description: 'False for kinds that may be words of their own.' }),
  plan: Type.Object(
    { actions: Type.Array(Type.Object({}, { additionalProperties: true })) },
    { description: 'The actions of a plan that leaves one spelling.' },
  ),
  ignored: Type.Optional(Type.Object({ at: Type.String(), by: Type.String({ description: 'Id of the user.' }) })),
})

export type NearGroupBody = Static<typeof nearGroupSchema>

/** A group with its id. `ignored` is undefined for one that is not ignored. */
export type IdentifiedGroup = FoundGroup & { readonly id: string; readonly ignored: IgnoredGroup | undefined }

/** Finds the groups of keys, or of the values of a key, those too that are ignored. */
export async function findNearGroups(
  { catalog, ignoredGroups, preferred }: NearParts,
  { scope }: Principal,
  projectId: string,
  key: string | undefined,
): Promise<{ readonly revision: number; readonly groups: readonly IdentifiedGroup[] }> {
  const of = { projectId, domainId: scope.domain.id, key }
  const [sets, ignored] = await Promise.all([
    Promise.all(preferred.map((spellings) => spellings(of))),
    ignoredGroups.listIgnoredGroups(projectId),
  ])
  const found = await catalog.nearDuplicates(projectId, key, { max: NEAR_SPELLINGS_MAX, preferred: sets })
  if (found === undefined) {
    throw invalid('key', { name: 'well-formed', what: `a key of at most ${NEAR_SPELLINGS_MAX} values` }, key)
  }
  const byId = new Map(ignored.map((group) => [group.id, group]))
  const groups = found.groups.map((group) => {
    const id = idOf(group)
    return { ...group, id, ignored: byId.get(id) }
  })
  return { revision: found.revision, groups }
}

/** Finds one group. Throws `near-duplicates-not-found`. */
export async function findNearGroup(
  parts: NearParts,
  principal: Principal,
  projectId: string,
  { id, key }: { readonly id: string; readonly key: string | undefined },
): Promise<{ readonly revision: number; readonly group: IdentifiedGroup }> {
  const { revision, groups } = await findNearGroups(parts, principal, projectId, key)
  const group = groups.find((one) => one.id === id)
  if (group !== undefined) return { revision, group }
  const of = key === undefined ? 'of keys; name the key of a group of values' : `of values of the key "${key}"`
  throw new DomainError<TagwerkErrorCode>('near-duplicates-not-found', { detail: `${id} is no group ${of}.`, revision })
}

/** The actions that leave one spelling of a group. */
export function actionsOf({ key, members }: FoundGroup, kept: string, ifBoth: IfBoth) {
  const others = members.map(({ text }) => text).filter((text) => text !== kept)
  if (key === undefined) return others.map((from) => ({ rename_key: { from, to: kept, if_both: ifBoth } }))
  const parts = Array.from({ length: Math.ceil(others.length / PLAN_ACTIONS_MAX) }, (_, i) =>
    others.slice(i * PLAN_ACTIONS_MAX, (i + 1) * PLAN_ACTIONS_MAX),
  )
  return parts.map((from) => ({ map_value: { key, from, to: kept } }))
}

/** A group in an answer. */
export function toGroupBody(group: IdentifiedGroup): NearGroupBody {
  const { id, kind, key, members, canonical, affected, both, ignored } = group
  return {
    id,
    kind,
    ...(key !== undefined && { key }),
    members: members.map(({ text, resources }) => ({
      ...(key === undefined ? { key: text } : { value: text }),
      resources,
    })),
    canonical,
    affected,
    both,
    proposed: PROPOSED.includes(kind),
    plan: { actions: actionsOf(group, canonical, 'refuse') },
    ...(ignored && { ignored: { at: new Date(ignored.atMs).toISOString(), by: ignored.actor } }),
  }
}

/** Depends on the spellings only, not on how often each is used. */
function idOf({ key, members }: FoundGroup): string {
  const text = JSON.stringify([key ?? null, ...members.map((member) => member.text).sort()])
  return [0, 1].map((seed) => (murmur3(text, seed) >>> 0).toString(16).padStart(8, '0')).join('')
}
