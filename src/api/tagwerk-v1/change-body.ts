import { Type } from 'typebox'
import type { HistoricalChange, HistoryPage } from '../../catalog/catalog.ts'
import type { Accounts } from '../../iam/accounts.ts'
import type { Principal } from '../../iam/principal.ts'
import { type JoinedBody, joinInSlices, jsonArray } from '../long-json.ts'
import { type Actor, actorSchema, readActors } from './actors.ts'
import { effectBody, effectMembers } from './effect-body.ts'
import { HISTORY_LIMITS } from './limits.ts'

const { limitDefault, limitMax } = HISTORY_LIMITS

/** The query parameter that limits a page of changes. */
export const changesLimit = Type.Optional(
  Type.Integer({ minimum: 1, maximum: limitMax, default: limitDefault, 'x-error': 'limit-invalid' }),
)

/** Schema of who set something, when, and with what. */
export const originMembers = {
  actor: actorSchema,
  request_id: Type.String(),
  cause: Type.Optional(Type.String({ description: 'What the change was a part of, such as `plan:<id>`.' })),
}

/** Schema of a page of changes. */
export const changesAnswer = Type.Object({
  changes: Type.Array(
    Type.Object({
      revision: Type.Integer(),
      at: Type.String({ description: 'RFC 3339, in milliseconds.' }),
      ...originMembers,
      kind: Type.String({ description: '`register`, `set-tags`, `remove-tags`, `edit` or `delete`.' }),
      effect: Type.String({ description: '`created`, `updated` or `deleted`.' }),
      resource_type: Type.String(),
      resource_id: Type.String(),
      resource_name: Type.String(),
      former_life: Type.Optional(
        Type.Integer({ description: 'Of a resource that was made again: the revision at which it was deleted.' }),
      ),
      ...effectMembers,
    }),
  ),
  next: Type.Optional(
    Type.Integer({ description: 'The next page has the changes below it. Missing on the last page.' }),
  ),
  horizon: Type.Integer({ description: 'Changes up to this revision are no longer kept; 0: all are.' }),
})

/** Gives a page of changes as JSON. */
export async function changesBody(
  accounts: Accounts,
  principal: Principal,
  project: string,
  { changes, next, horizon }: HistoryPage,
): Promise<JoinedBody> {
  const actorOf = await readActors(
    accounts,
    principal,
    changes.map(({ actor }) => actor),
  )
  const rest = `${next === undefined ? '' : `,"next":${next}`},"horizon":${horizon}}`
  const json = jsonArray('{"changes":', changes, (change) => JSON.stringify(changeBody(change, actorOf)), rest)
  return joinInSlices(json, project)
}

function changeBody(change: HistoricalChange, actorOf: (id: string) => Actor) {
  const { effect, ...parts } = change.effect
  const { formerLife } = change
  return {
    revision: change.revision,
    at: new Date(change.atMs).toISOString(),
    ...originBody(change, actorOf),
    kind: change.kind,
    effect,
    resource_type: change.type,
    resource_id: change.id,
    resource_name: change.after?.name ?? parts.name?.before ?? '',
    ...(formerLife !== undefined && { former_life: formerLife }),
    ...effectBody(parts),
  }
}

/** Who made a change, and with what. */
export function originBody(
  { actor, requestId, cause }: Pick<HistoricalChange, 'actor' | 'requestId' | 'cause'>,
  actorOf: (id: string) => Actor,
) {
  return { actor: actorOf(actor), request_id: requestId, ...(cause !== undefined && { cause }) }
}
