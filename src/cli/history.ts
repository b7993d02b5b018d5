import type { EffectJson } from './effect.ts'
import type { Place } from './project.ts'

/** Who made a change. The name is null for a user that the service no longer knows. */
export type Actor = { readonly id: string; readonly name: string | null }

/** Who set something, when, and with what. */
export type Origin = {
  readonly revision: number
  readonly actor: Actor
  readonly request_id: string
  readonly cause?: string
}

/** A change in the history of a project. */
export type HistoryChange = EffectJson &
  Origin & {
    readonly at: string
    readonly kind: string
    readonly resource_type: string
    readonly resource_id: string
    readonly resource_name: string
    readonly former_life?: number
  }

type Page = { readonly changes: readonly HistoryChange[]; readonly next?: number; readonly horizon: number }

/** Changes, newest first. */
export type Changes = {
  readonly changes: readonly HistoryChange[]
  /** True: there are more that match. */
  readonly hasMore: boolean
  readonly horizon: number
}

/** Page size limit of the lists. */
const LIMIT_MAX = 1000

/** Lists the changes of a project that the service selects, page by page, up to a limit. */
export function listChanges(
  { client, path }: Place,
  query: Readonly<Record<string, string | readonly string[]>>,
  limit: number,
): Promise<Changes> {
  return collect(
    limit,
    () => true,
    async (before, size) => {
      const page = { ...query, limit: String(size), ...(before !== undefined && { before: String(before) }) }
      return (await client.json<Page>({ path: `${path}/changes`, query: page })).body
    },
  )
}

/** Lists the changes of a resource that match, page by page, up to a limit. */
export function listHistory(
  { client, path }: Place,
  { type, id }: { readonly type: string; readonly id: string },
  matches: (change: HistoryChange) => boolean,
  limit: number,
): Promise<Changes> {
  const of = [type, id].map(encodeURIComponent).join('/')
  return collect(limit, matches, async (before, size) => {
    const query = { limit: String(size), ...(before !== undefined && { before_revision: String(before) }) }
    return (await client.json<Page>({ path: `${path}/resources/${of}/history`, query })).body
  })
}

async function collect(
  limit: number,
  matches: (change: HistoryChange) => boolean,
  readPage: (before: number | undefined, size: number) => Promise<Page>,
): Promise<Changes> {
  const changes: HistoryChange[] = []
  for (let before: number | undefined; ; ) {
    // One more than is shown says whether there are more.
    const page = await readPage(before, Math.min(LIMIT_MAX, limit + 1 - changes.length))
    changes.push(...page.changes.filter(matches))
    before = page.next
    if (before !== undefined && changes.length <= limit) continue
    return { changes: changes.slice(0, limit), hasMore: changes.length > limit, horizon: page.horizon }
  }
}

/** The name of a user, or the id of one whose name is not known. */
export function actorText({ id, name }: Actor): string {
  return name ?? id
}
