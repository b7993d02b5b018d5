import { Type } from 'typebox'
import { toPlanSummary } from '../../core/plan-summary.ts'
import { TAG_POLICY_VIOLATED } from '../../core/tag-change.ts'
import type { KeyPatch } from '../../core/tag-patch.ts'
import type { Accounts } from '../../iam/accounts.ts'
import type { Principal } from '../../iam/principal.ts'
import type { PlanItem, PlanRecord } from '../../store/plan-store.ts'
import { readActors } from './actors.ts'

/** What a plan is made from, as it is stored. */
export type PlanHeadBody = {
  readonly note?: string | undefined
  /** Of a plan by actions, as they were given. */
  readonly select?: unknown
  readonly actions?: unknown
}

const nameSchema = Type.Union([Type.String(), Type.Null()], {
  description: 'Name of the user. Null for one that was deleted, or is of another domain.',
})

/** Schema of a plan in an answer. */
export const planSchema = Type.Object({
  id: Type.String(),
  state: Type.String({
    description: '`planned`, `partly-applied` (a call of apply goes on where the last one ended) or `applied`.',
  }),
  note: Type.Optional(Type.String()),
  select: Type.Optional(Type.Object({}, { additionalProperties: true })),
  actions: Type.Optional(Type.Array(Type.Object({}, { additionalProperties: true }))),
  undo_of: Type.Optional(Type.String({ description: 'The plan that this one takes back.' })),
  revision: Type.Integer({ description: 'The revision of the project that the plan was made at.' }),
  created_at: Type.String(),
  created_by: Type.String({ description: 'Id of the user.' }),
  created_by_name: nameSchema,
  expires_at: Type.String({ description: 'When the plan goes away. A plan that was applied is kept longer.' }),
  summary: Type.Object({
    matched: Type.Integer({ description: 'Resources that were looked at.' }),
    changes: Type.Integer({ description: 'Resources that change.' }),
    unchanged: Type.Integer(),
    refused: Type.Integer({ description: 'Resources that a rule or a quota keeps from changing.' }),
    conflicts: Type.Integer({ description: 'Resources that are not as the plan expects them.' }),
    tags_left: Type.Integer({ description: 'Tags that are not taken back, because they have other values since.' }),
    types: Type.Record(Type.String(), Type.Integer(), { description: 'Changes of each resource type.' }),
    keys: Type.Record(
      Type.String(),
      Type.Object({ added: Type.Integer(), removed: Type.Integer(), changed: Type.Integer() }),
      { description: 'On how many resources each of the first 200 keys is added, removed and changed.' },
    ),
    more_keys: Type.Integer(),
    policy_violations: Type.Integer({ description: 'Resources that a tag policy keeps from changing.' }),
    codes: Type.Record(Type.String(), Type.Integer(), { description: 'Refusals and conflicts by error code.' }),
  }),
  applied: Type.Optional(
    Type.Object({
      at: Type.String(),
      by: Type.String({ description: 'Id of the user.' }),
      by_name: nameSchema,
      changed: Type.Integer(),
      conflicts: Type.Integer(),
      remaining: Type.Integer({ description: 'Items that are not applied yet.' }),
      from_revision: Type.Optional(Type.Integer({ description: 'The revision before the first change.' })),
      to_revision: Type.Optional(Type.Integer({ description: 'The revision of the last change.' })),
      cause: Type.String({ description: 'The cause of the changes in the history.' }),
    }),
  ),
})

/** Makes the bodies of plans in an answer to a caller, with the names of users. */
export async function toPlanBodies(accounts: Accounts, principal: Principal, plans: readonly PlanRecord[]) {
  const ids = plans.flatMap(({ actor, appliedBy }) => (appliedBy === undefined ? [actor] : [actor, appliedBy]))
  const actorOf = await readActors(accounts, principal, ids)
  return plans.map((plan) => toPlanBody(plan, (id) => actorOf(id).name))
}

/** Makes the body of one plan. */
export async function toOnePlanBody(accounts: Accounts, principal: Principal, plan: PlanRecord) {
  const [body] = await toPlanBodies(accounts, principal, [plan])
  return body!
}

function toPlanBody(plan: PlanRecord, nameOf: (id: string) => string | null) {
  const { id, state, undoOf, revision, actor, createdAtMs, expiresAtMs, appliedAtMs } = plan
  const { note, select, actions } = JSON.parse(plan.head) as PlanHeadBody
  const { tagsLeft, moreKeys, ...summary } = toPlanSummary(plan.summary)
  const policyViolations = summary.codes[TAG_POLICY_VIOLATED] ?? 0
  return {
    id,
    state,
    ...(note !== undefined && { note }),
    ...(select !== undefined && { select }),
    ...(actions !== undefined && { actions }),
    ...(undoOf !== undefined && { undo_of: undoOf }),
    revision,
    created_at: toTime(createdAtMs),
    created_by: actor,
    created_by_name: nameOf(actor),
    expires_at: toTime(expiresAtMs),
    summary: { ...summary, tags_left: tagsLeft, more_keys: moreKeys, policy_violations: policyViolations },
    ...(appliedAtMs !== undefined && { applied: toAppliedBody(plan, appliedAtMs, nameOf) }),
  }
}

function toAppliedBody(plan: PlanRecord, appliedAtMs: number, nameOf: (id: string) => string | null) {
  const { id, undoOf, applied, conflicts, items, nextPlace, appliedFrom, appliedTo } = plan
  return {
    at: toTime(appliedAtMs),
    by: plan.appliedBy ?? '',
    by_name: nameOf(plan.appliedBy ?? ''),
    changed: applied,
    conflicts,
    remaining: items - nextPlace,
    ...(appliedFrom !== undefined && { from_revision: appliedFrom }),
    ...(appliedTo !== undefined && { to_revision: appliedTo }),
    cause: `${undoOf === undefined ? 'plan' : 'undo'}:${id}`,
  }
}

function toTime(atMs: number): string {
  return new Date(atMs).toISOString()
}

const values = (description: string) =>
  Type.Record(Type.String(), Type.Unsafe<string | null>({ type: ['string', 'null'] }), { description })

/** Schema of an item in an answer. */
export const planItemSchema = Type.Object({
  resource_type: Type.String(),
  resource_id: Type.String(),
  state: Type.String({ description: '`change`, `refused`, `conflict`, `applied` or `unchanged`.' }),
  error_code: Type.Optional(Type.String({ description: 'Why it is refused or in conflict.' })),
  expect: values('The values that the keys have to have; null for an absent key.'),
  patch: values('The values that they get; null for a key that is removed.'),
  order: Type.Optional(
    Type.Array(Type.String(), { description: 'The order of the keys afterwards; others come after them.' }),
  ),
  revision: Type.Optional(Type.Integer({ description: 'The revision of the change.' })),
})

/** The members of an item that a plan file has too. */
export function toItemLine({ type, id, patch }: PlanItem) {
  const of = (value: (key: KeyPatch) => string | undefined) =>
    Object.fromEntries(patch.keys.map((key) => [key.key, value(key) ?? null]))
  return {
    resource_type: type,
    resource_id: id,
    expect: of(({ expect }) => expect),
    patch: of(({ value }) => value),
    ...(patch.order !== undefined && { order: patch.order }),
  }
}

export function toItemBody(item: PlanItem) {
  const { state, code, revision } = item
  return {
    ...toItemLine(item),
    state,
    ...(code !== '' && { error_code: code }),
    ...(revision > 0 && { revision }),
  }
}
