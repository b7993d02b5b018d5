import { type Static, Type } from 'typebox'
import { invalid } from '../../core/errors.ts'
import { IF_BOTH, LETTER_CASES, type PlanAction } from '../../core/plan-actions.ts'
import { refuseRepeatedKey, type Tag } from '../../core/tag.ts'
import { oneOf } from '../tag-query-body.ts'
import { CHANGED_TAGS_MAX, PLAN_ACTIONS_MAX, QUERY_LIMITS } from './limits.ts'

const key = Type.String({
  minLength: 1,
  maxLength: QUERY_LIMITS.keyCharactersMax,
  pattern: '\\S',
  'x-error': 'tag-invalid',
  'x-rule': 'not-blank',
})
const value = Type.String({ maxLength: QUERY_LIMITS.valueCharactersMax, 'x-error': 'tag-invalid' })

const action = Type.Object(
  {
    rename_key: Type.Optional(
      Type.Object({
        from: key,
        to: key,
        if_both: Type.Optional(
          oneOf(IF_BOTH, {
            default: 'refuse',
            description: 'What happens to a resource that has both keys: which value it keeps, or that it is refused.',
          }),
        ),
      }),
    ),
    map_value: Type.Optional(
      Type.Object({ key, from: Type.Array(value, { minItems: 1, maxItems: PLAN_ACTIONS_MAX }), to: value }),
    ),
    set: Type.Optional(Type.Record(Type.String(), value, { description: 'Values by key.' })),
    only_if_absent: Type.Optional(
      Type.Boolean({ description: 'With `set`: a key that the resource has keeps its value.' }),
    ),
    remove: Type.Optional(
      Type.Object(
        {
          keys: Type.Optional(
            Type.Array(key, {
              minItems: 1,
              maxItems: CHANGED_TAGS_MAX,
              uniqueItems: true,
              description: 'Removed with any value.',
            }),
          ),
          tags: Type.Optional(
            Type.Record(Type.String(), value, { description: 'Values by key: removed with this value only.' }),
          ),
        },
        { description: '`keys`, `tags` or both.' },
      ),
    ),
    change_case: Type.Optional(
      Type.Object({ key, to: oneOf(LETTER_CASES, { description: 'Changes the value of the key.' }) }),
    ),
  },
  { description: 'One of `rename_key`, `map_value`, `set`, `remove` and `change_case`.' },
)

/** Schema of the actions of a plan, which are applied in order. */
export const planActions = Type.Array(action, { minItems: 1, maxItems: PLAN_ACTIONS_MAX })

type ActionBody = Static<typeof action>

const KINDS = ['rename_key', 'map_value', 'set', 'remove', 'change_case'] as const

/** Converts actions. Outer blanks of keys and values go away. Throws errors that name the action. */
export function toPlanActions(bodies: readonly ActionBody[]): readonly PlanAction[] {
  return bodies.map((body, i) => toPlanAction(body, `actions[${i}]`))
}

function toPlanAction(body: ActionBody, field: string): PlanAction {
  const kinds = KINDS.filter((kind) => body[kind] !== undefined)
  if (kinds.length !== 1) {
    throw invalid(field, { name: 'well-formed', what: `an object with one of ${KINDS.join(', ')}` }, kinds)
  }
  if (body.only_if_absent !== undefined && body.set === undefined) {
    throw invalid(`${field}.only_if_absent`, { name: 'well-formed', what: 'absent without set' }, body.only_if_absent)
  }
  const { rename_key, map_value, set, remove, change_case } = body
  if (rename_key !== undefined) return toRenaming(rename_key, `${field}.rename_key`)
  if (map_value !== undefined) {
    return {
      kind: 'map-value',
      key: map_value.key.trim(),
      from: map_value.from.map((text) => text.trim()),
      to: map_value.to.trim(),
    }
  }
  if (set !== undefined) return toSetting(set, body.only_if_absent === true, `${field}.set`)
  if (remove !== undefined) return toRemoval(remove, `${field}.remove`)
  return { kind: 'change-case', key: change_case!.key.trim(), to: change_case!.to }
}

function toRenaming(
  { from, to, if_both = 'refuse' }: NonNullable<ActionBody['rename_key']>,
  field: string,
): PlanAction {
  if (from.trim() === to.trim()) {
    throw invalid(`${field}.to`, { name: 'well-formed', what: 'another key than from' }, to)
  }
  return { kind: 'rename-key', from: from.trim(), to: to.trim(), ifBoth: if_both }
}

function toSetting(set: Readonly<Record<string, string>>, onlyIfAbsent: boolean, field: string): PlanAction {
  const tags = toPairs(set, field)
  if (tags.length === 0) throw invalid(field, { name: 'items-min', limit: 1 }, set)
  refuseRepeatedKey(tags, field, 'tag-key-repeated')
  return { kind: 'set', tags, onlyIfAbsent }
}

function toRemoval({ keys = [], tags = {} }: NonNullable<ActionBody['remove']>, field: string): PlanAction {
  const removals = [...keys.map((text) => ({ key: text.trim(), value: undefined })), ...toPairs(tags, `${field}.tags`)]
  if (removals.length === 0) throw invalid(field, { name: 'well-formed', what: 'an object with keys or tags' }, {})
  refuseRepeatedKey(removals, field, 'tag-key-repeated')
  return { kind: 'remove', tags: removals }
}

/** The pairs of a map. Throws errors for too many, and for a blank key. */
function toPairs(map: Readonly<Record<string, string>>, field: string): readonly Tag[] {
  const tags = Object.entries(map).map(([name, text]) => ({ key: name.trim(), value: text.trim() }))
  if (tags.length > CHANGED_TAGS_MAX) throw invalid(field, { name: 'items-max', limit: CHANGED_TAGS_MAX }, tags.length)
  for (const tag of tags) if (tag.key === '') throw invalid(field, { name: 'not-blank' }, tag.key, 'tag-invalid')
  return tags
}
