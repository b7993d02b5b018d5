import type { Client } from '../client.ts'
import { ApiError } from '../error-answer.ts'
import { actorText, type HistoryChange } from '../history.ts'
import type { Changes, KeyChange, ReportRequest } from './report-data.ts'

/** Changes that are read for actors and days, the newest ones. */
const LOOKED_AT_MAX = 10_000
/** Changes that the service compares. */
const COMPARED_MAX = 1_000_000
const DAYS_MAX = 31
const PAGE = 1000
const KEYS_MAX = 15
const ACTORS_MAX = 15
const MS_PER_DAY = 86_400_000

type Summary = {
  readonly from: number
  readonly entered: number
  readonly left: number
  readonly changed: number
  readonly changes: number
  readonly keys: readonly KeyChange[]
}

type Page = { readonly changes: readonly HistoryChange[]; readonly next?: number; readonly horizon: number }

/** Collects what changed up to a revision, and by whom. */
export async function collectChanges(
  client: Client,
  { sinceMs, nowMs }: Pick<ReportRequest, 'sinceMs' | 'nowMs'>,
  revision: number,
): Promise<Changes> {
  const since = new Date(sinceMs).toISOString()
  const { from, isShortened } = await beginningOf(client, since, revision)
  const summary = await compare(client, from, revision)
  const changes = await newest(client, summary.from, revision)
  const keys = summary.keys.toSorted((a, b) => touched(b) - touched(a))
  const actors = countBy(changes, ({ actor }) => actorText(actor))
  return {
    since,
    is_shortened: isShortened,
    from_revision: summary.from,
    changes: summary.changes,
    entered: summary.entered,
    left: summary.left,
    changed: summary.changed,
    keys: keys.slice(0, KEYS_MAX),
    more_keys: Math.max(0, keys.length - KEYS_MAX),
    actors: actors.slice(0, ACTORS_MAX).map(([name, count]) => ({ name, changes: count })),
    more_actors: Math.max(0, actors.length - ACTORS_MAX),
    days: daysOf(changes, sinceMs, nowMs),
    looked_at: changes.length,
  }
}

/** Where the comparison begins: at the moment, or later if the service does not keep or compare so many changes. */
async function beginningOf(
  client: Client,
  since: string,
  revision: number,
): Promise<{ readonly from: number; readonly isShortened: boolean }> {
  const first = Math.max(0, revision - COMPARED_MAX)
  try {
    const { from } = await compare(client, since, since)
    return { from: Math.max(from, first), isShortened: from < first }
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'revision-gone') throw error
    const { horizon } = error.body as { readonly horizon: number }
    return { from: Math.max(horizon, first), isShortened: true }
  }
}

async function compare(client: Client, from: number | string, to: number | string): Promise<Summary> {
  const path = `/tagwerk/v1/${client.projectId}/diff`
  const query = { from: String(from), to: String(to), format: 'summary' }
  return (await client.json<{ readonly summary: Summary }>({ path, query })).body.summary
}

async function newest(client: Client, after: number, revision: number): Promise<readonly HistoryChange[]> {
  const changes: HistoryChange[] = []
  for (let before = revision + 1; changes.length < LOOKED_AT_MAX; ) {
    const query = {
      limit: String(PAGE),
      // The revision after the last one is not known yet.
      ...(before <= revision && { before: String(before) }),
      after: String(after),
    }
    const { body } = await client.json<Page>({ path: `/tagwerk/v1/${client.projectId}/changes`, query })
    changes.push(...body.changes.filter((change) => change.revision <= revision))
    if (body.next === undefined) break
    before = body.next
  }
  return changes.slice(0, LOOKED_AT_MAX)
}

function touched({ added, changed, removed }: KeyChange): number {
  return added + changed + removed
}

/** Counts, the most frequent first. */
function countBy(
  changes: readonly HistoryChange[],
  nameOf: (change: HistoryChange) => string,
): readonly (readonly [name: string, count: number])[] {
  const counts = new Map<string, number>()
  for (const change of changes) counts.set(nameOf(change), (counts.get(nameOf(change)) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
}

/** The days of the span by UTC, also those without changes; the last month of a longer one. */
function daysOf(changes: readonly HistoryChange[], sinceMs: number, nowMs: number): Changes['days'] {
  const counts = new Map(countBy(changes, ({ at }) => at.slice(0, 10)))
  const last = Math.floor(nowMs / MS_PER_DAY)
  const first = Math.max(Math.floor(sinceMs / MS_PER_DAY), last - DAYS_MAX + 1)
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => {
    const day = new Date((first + i) * MS_PER_DAY).toISOString().slice(0, 10)
    return { day, changes: counts.get(day) ?? 0 }
  })
}
