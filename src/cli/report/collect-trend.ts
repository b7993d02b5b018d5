import type { Client } from '../client.ts'
import { unlessAbsent } from './optional-call.ts'
import type { TrendPoint } from './report-data.ts'

/** Weeks that are shown. */
const WEEKS = 26
const MS_PER_WEEK = 7 * 86_400_000

type Answer = {
  readonly points?: readonly {
    readonly day: string
    readonly resources: number
    readonly tagged: number
    readonly keys: readonly { readonly key: string; readonly tagged: number }[]
  }[]
}

/** Reads how complete the tags were, week by week. Empty for a service that does not store it. */
export async function collectTrend(
  client: Client,
  keys: readonly string[],
  nowMs: number,
): Promise<readonly TrendPoint[]> {
  const path = `/tagwerk/v1/${client.projectId}/coverage`
  const from = new Date(nowMs - WEEKS * MS_PER_WEEK).toISOString().slice(0, 10)
  const query = { from, interval: 'week', ...(keys.length > 0 && { keys }) }
  const answer = await unlessAbsent(() => client.json<Answer>({ path, query }))
  return (answer?.body.points ?? []).map(({ day, resources, tagged, keys: counted }) => ({
    day,
    resources,
    tagged,
    keys: Object.fromEntries(counted.map((one) => [one.key, one.tagged])),
  }))
}
