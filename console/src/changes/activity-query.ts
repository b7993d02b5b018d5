import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { answerOf, api } from '../api/client.ts'
import type { operations } from '../api/schema.d.ts'
import { useProject } from '../session/project.ts'

/** How many changes a project had, interval by interval. */
export type ActivityCount = operations['CountChanges']['responses'][200]['content']['application/json']
type Conditions = NonNullable<operations['CountChanges']['parameters']['query']>

const SLOW_POLL_MS = 15_000

/** `conditions`: which changes are counted, and between which times. */
export function useActivityCount(conditions: Conditions = {}) {
  const { id } = useProject()
  const isCheap = Object.keys(conditions).length === 0
  return useQuery({
    queryKey: ['project', id, 'activity', conditions],
    queryFn: ({ signal }): Promise<ActivityCount> => {
      const params = { path: { project_id: id }, query: conditions }
      return answerOf(api.GET('/tagwerk/v1/{project_id}/activity', { params, signal }))
    },
    placeholderData: keepPreviousData,
    // With conditions the service reads changes to count them: not at each new revision.
    ...(isCheap ? { meta: { isLive: true } } : { refetchInterval: SLOW_POLL_MS }),
  })
}
