import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { answerOf, api } from '../api/client.ts'
import { useLive, useProject } from '../session/project.ts'
import type { Difference, Movement } from './difference.ts'
import { linesOf } from './lines.ts'

/** What is compared. */
export type Comparison = {
  /** A revision or a time. */
  readonly from: string
  /** The same; undefined: now. */
  readonly to: string | undefined
  readonly filter: string | undefined
}

export type Summary = {
  readonly from: number
  readonly to: number
  readonly resources: number
  readonly entered: number
  readonly left: number
  readonly changed: number
  readonly changes: number
}

/** Rows that are shown; an export has all. */
export const ROWS_MAX = 5000

/** The body of the call. */
export function bodyOf({ from, to, filter }: Comparison) {
  return { from, ...(to !== undefined && { to }), ...(filter !== undefined && { filter }) }
}

async function openLines(project: string, comparison: Comparison, signal: AbortSignal | undefined) {
  const params = { path: { project_id: project } }
  const body = bodyOf(comparison)
  const options = { params, body, parseAs: 'stream' as const, ...(signal && { signal }) }
  return linesOf(await answerOf(api.POST('/tagwerk/v1/{project_id}/diff', options)))
}

/** All resources that differ, one after the other. */
export async function* differencesOf(
  project: string,
  comparison: Comparison,
  signal?: AbortSignal,
): AsyncGenerator<Difference> {
  let isWhole = false
  for await (const line of await openLines(project, comparison, signal)) {
    const parsed = JSON.parse(line)
    if ('summary' in parsed) isWhole = true
    else yield parsed
  }
  if (!isWhole) throw new Error('The answer of the service ended early.')
}

/** How many resources differ, and at which revisions. */
export function useSummary(comparison: Comparison | undefined) {
  const { id } = useProject()
  return useQuery({
    queryKey: ['project', id, 'diff-summary', comparison],
    queryFn: async ({ signal }): Promise<Summary> => {
      const params = { path: { project_id: id } }
      const body = { ...bodyOf(comparison as Comparison), format: 'summary' as const }
      const call = api.POST('/tagwerk/v1/{project_id}/diff', { params, body, parseAs: 'text', signal })
      const text: unknown = await answerOf(call)
      return JSON.parse(String(text)).summary
    },
    enabled: comparison !== undefined,
    placeholderData: keepPreviousData,
  })
}

/** The first resources that differ, of one movement or of all. */
export function useDifferences(comparison: Comparison | undefined, movement: Movement | undefined) {
  const { id } = useProject()
  return useQuery({
    queryKey: ['project', id, 'diff', comparison, movement],
    queryFn: async ({ signal }): Promise<readonly Difference[]> => {
      const rows: Difference[] = []
      for await (const each of differencesOf(id, comparison as Comparison, signal)) {
        if (movement === undefined || each.movement === movement) rows.push(each)
        if (rows.length === ROWS_MAX) break
      }
      return rows
    },
    enabled: comparison !== undefined,
    placeholderData: keepPreviousData,
  })
}

/** True when the project has changed since a comparison with the present was made. */
export function useIsBehind(comparison: Comparison | undefined, summary: Summary | undefined): boolean {
  const { data } = useLive(useProject())
  return comparison?.to === undefined && summary !== undefined && data !== undefined && data.revision > summary.to
}
