import type { DifferentResource, HistoryDifference } from '../../catalog/catalog.ts'
import { EFFECT_COLUMNS, partsOf } from '../../core/change-effect.ts'
import { cellOf, csvRow } from '../../core/csv-cells.ts'
import { DifferenceSummary } from '../../core/difference.ts'
import type { ResourceState } from '../../core/resource.ts'
import type { Accounts } from '../../iam/accounts.ts'
import type { Principal } from '../../iam/principal.ts'
import { type Actor, readActors } from './actors.ts'

/** A comparison to be answered. */
export type Compared = {
  readonly range: { readonly from: number; readonly to: number }
  /** Reads the changes between the two revisions. */
  readonly read: () => Promise<HistoryDifference>
  readonly accounts: Accounts
  readonly principal: Principal
}

/** Excel does not read UTF-8 without it. */
const BYTE_ORDER_MARK = '\ufeff'

/** Gives a line of JSON for each resource that differs, and one with the summary. */
export async function* differenceAsLines(compared: Compared): AsyncGenerator<string> {
  const summary = new DifferenceSummary()
  const difference = await compared.read()
  const actorOf = await actorsOf(compared, difference)
  for await (const resources of difference.resources()) {
    let lines = ''
    for (const resource of resources) {
      summary.add(resource.movement, resource.effect)
      lines += lineOf(resource, actorOf)
    }
    if (lines !== '') yield lines
  }
  yield `${JSON.stringify({ summary: summaryBody(compared, summary, difference, actorOf) })}\n`
}

/** Gives the rows of all differences as CSV. */
export async function* differenceAsCsv(compared: Compared): AsyncGenerator<string> {
  const head = ['resource_type', 'resource_id', 'resource_name', 'movement', ...EFFECT_COLUMNS, 'changes', 'actors']
  yield BYTE_ORDER_MARK + csvRow(head)
  const difference = await compared.read()
  const actorOf = await actorsOf(compared, difference)
  for await (const resources of difference.resources()) {
    let rows = ''
    for (const { type, id, name, movement, effect, changes, actors } of resources) {
      const who = actors.map((each) => actorOf(each).name ?? each).join(' ')
      for (const part of partsOf(effect)) {
        rows += csvRow([type, id, name, movement, ...part, String(changes), who].map(cellOf))
      }
    }
    if (rows !== '') yield rows
  }
}

/** Gives the summary alone. */
export async function* differenceSummary(compared: Compared): AsyncGenerator<string> {
  const summary = new DifferenceSummary()
  const difference = await compared.read()
  for await (const resources of difference.resources()) {
    for (const { movement, effect } of resources) summary.add(movement, effect)
  }
  const actorOf = await actorsOf(compared, difference)
  yield JSON.stringify({ summary: summaryBody(compared, summary, difference, actorOf) })
}

type ActorOf = (id: string) => Actor

function actorsOf({ accounts, principal }: Compared, { actors }: HistoryDifference): Promise<ActorOf> {
  return readActors(accounts, principal, actors)
}

function lineOf({ type, id, name, movement, from, to, changes, actors }: DifferentResource, actorOf: ActorOf): string {
  const head = JSON.stringify({ resource_type: type, resource_id: id, resource_name: name, movement })
  const rest = JSON.stringify({ changes, actors: actors.map(actorOf) })
  return `${head.slice(0, -1)},"from":${stateJson(from)},"to":${stateJson(to)},${rest.slice(1)}\n`
}

/** The detail is inserted as is: it is JSON text already. */
function stateJson(state: ResourceState | undefined): string {
  if (state === undefined) return 'null'
  const { name, detail, tags } = state
  return `{"resource_name":${JSON.stringify(name)},"resource_detail":${detail},"tags":${JSON.stringify(tags)}}`
}

function summaryBody(
  { range: { from, to } }: Compared,
  { movements, keys, otherKeys }: DifferenceSummary,
  { actors }: HistoryDifference,
  actorOf: ActorOf,
) {
  return {
    from,
    to,
    resources: movements.entered + movements.left + movements.changed,
    ...movements,
    changes: Math.abs(to - from),
    actors: Array.from(actors, actorOf),
    keys: Array.from(keys, ([key, counts]) => ({ key, ...counts })),
    ...(otherKeys !== undefined && { other_keys: otherKeys }),
  }
}
