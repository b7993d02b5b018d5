import { type Static, Type } from 'typebox'
import type { Catalog, FoundGroup } from '../../catalog/catalog.ts'
import { invalid } from '../../core/errors.ts'
import { murmur3 } from '../../core/murmur3.ts'
import { NEAR_KINDS } from '../../core/near-duplicates/near-duplicates.ts'
import { asOfParameter } from '../as-of.ts'
import { listQuery } from '../list-query.ts'
import { defineRoute, type Route } from '../route.ts'
import { oneOf } from '../tag-query-body.ts'
import { NEAR_SPELLINGS_MAX } from './limits.ts'
import { keyParameter } from './tag-counts.ts'

/** The kinds that a correction is proposed for. The others may be words of their own. */
const PROPOSED: readonly string[] = ['certain', 'look-alike']

const group = Type.Object({
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
  canonical: Type.String({ description: 'The spelling to keep: the most used.' }),
  affected: Type.Integer({ description: 'Resources that the other spellings are on.' }),
  both: Type.Integer({ description: 'Resources that have two keys of the group.' }),
  plan: Type.Optional(
    Type.Object(
      { actions: Type.Array(Type.Object({}, { additionalProperties: true })) },
      { description: 'The body of a plan that leaves one spelling.' },
    ),
  ),
})

type Group = Static<typeof group>

/** Lists keys, or values of a key, that are probably spellings of the same (contract 10.23). */
export function listNearDuplicates(catalog: Catalog): Route {
  return defineRoute({
    id: 'ListNearDuplicates',
    method: 'GET',
    path: '/tagwerk/v1/{project_id}/near-duplicates',
    summary: 'List keys, or values of a key, that are probably spellings of the same',
    access: 'project',
    action: 'tagwerk:resources:list',
    asOf: 'any',
    params: Type.Object({ project_id: Type.String() }),
    query: listQuery({
      as_of: asOfParameter,
      key: Type.Optional({ ...keyParameter, description: 'Compares the values of this key; default: the keys.' }),
      kind: Type.Optional(oneOf(NEAR_KINDS)),
    }),
    responses: { 200: Type.Object({ revision: Type.Integer(), groups: Type.Array(group) }) },
    handle: async ({ params: { project_id: project }, query: { key, kind } }) => {
      const found = await catalog.nearDuplicates(project, key, NEAR_SPELLINGS_MAX)
      if (found === undefined) {
        throw invalid('key', { name: 'well-formed', what: `a key of at most ${NEAR_SPELLINGS_MAX} values` }, key)
      }
      const groups = found.groups.filter((one) => kind === undefined || one.kind === kind).map(toBody)
      return { status: 200, body: { revision: found.revision, groups }, revision: found.revision }
    },
  })
}

function toBody(found: FoundGroup): Group {
  const { kind, key, members, canonical, affected, both } = found
  const others = members.map(({ text }) => text).filter((text) => text !== canonical)
  const actions =
    key === undefined
      ? others.map((from) => ({ rename_key: { from, to: canonical, if_both: 'refuse' } }))
      : [{ map_value: { key, from: others, to: canonical } }]
  return {
    id: idOf(found),
    kind,
    ...(key !== undefined && { key }),
    members: members.map(({ text, resources }) => ({
      ...(key === undefined ? { key: text } : { value: text }),
      resources,
    })),
    canonical,
    affected,
    both,
    ...(PROPOSED.includes(kind) && { plan: { actions } }),
  }
}

/** Depends on the spellings only, not on how often each is used. */
function idOf({ key, members }: FoundGroup): string {
  const text = JSON.stringify([key ?? null, ...members.map((member) => member.text).sort()])
  return [0, 1].map((seed) => (murmur3(text, seed) >>> 0).toString(16).padStart(8, '0')).join('')
}
