import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { answerOf, api } from '../api/client.ts'
import type { IfBoth, Plan } from '../plans/plan-types.ts'
import { useMakePlan, usePlanMaker } from '../plans/queries.ts'
import { useProject } from '../session/project.ts'
import { actionsOf, type Correction, type NearGroup, selectOf } from './choice.ts'

const KEYS_MAX = 1000

/** The groups of keys, or of the values of a key: those that are ignored, or the others. */
export function useNearDuplicates(key: string | undefined, ignored: boolean, isEnabled = true) {
  const { id } = useProject()
  return useQuery({
    queryKey: ['project', id, 'near-duplicates', key ?? null, ignored],
    queryFn: ({ signal }) => {
      const params = { path: { project_id: id }, query: { ignored, ...(key !== undefined && { key }) } }
      return answerOf(api.GET('/tagwerk/v1/{project_id}/near-duplicates', { params, signal }))
    },
    enabled: isEnabled,
    placeholderData: keepPreviousData,
    meta: { isLive: true },
  })
}

/** The keys in use, the most used first. */
export function useKeys(isEnabled: boolean) {
  const { id } = useProject()
  return useQuery({
    queryKey: ['project', id, 'tag-keys', 'by-use'],
    queryFn: async ({ signal }) => {
      const params = { path: { project_id: id }, query: { limit: KEYS_MAX } }
      const { keys } = await answerOf(api.GET('/tagwerk/v1/{project_id}/tag-keys', { params, signal }))
      return keys.toSorted((a, b) => b.total_count - a.total_count)
    },
    enabled: isEnabled,
    meta: { isLive: true },
  })
}

/** Says that a group is none, or takes that back. */
export function useIgnore() {
  const { id } = useProject()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: ({ group, ignored }: { readonly group: NearGroup; readonly ignored: boolean }) => {
      const params = { path: { project_id: id, group_id: group.id } }
      const body = { ignored, ...(group.key !== undefined && { key: group.key }) }
      return answerOf(api.PUT('/tagwerk/v1/{project_id}/near-duplicates/{group_id}', { params, body }))
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: ['project', id, 'near-duplicates'] }),
  })
}

export type Wish = { readonly corrections: readonly Correction[]; readonly ifBoth: IfBoth; readonly note: string }

/** Makes the plan of the chosen groups: of one group by its own call, of several from their actions. */
export function useCorrect(onMade: (plan: Plan) => void) {
  const { id } = useProject()
  const ofGroup = usePlanMaker(onMade, ({ corrections: [only], ifBoth, note }: Wish) => {
    if (only === undefined) throw new Error('no group is chosen')
    const { group, kept } = only
    const params = { path: { project_id: id, group_id: group.id } }
    const body = {
      canonical: kept,
      if_both: ifBoth,
      ...(group.key !== undefined && { key: group.key }),
      ...(note !== '' && { note }),
    }
    return answerOf(api.POST('/tagwerk/v1/{project_id}/near-duplicates/{group_id}/plan', { params, body }))
  })
  const ofMany = useMakePlan(onMade)
  return {
    isPending: ofGroup.isPending || ofMany.isPending,
    error: ofGroup.error ?? ofMany.error,
    make: (wish: Wish) => {
      const { corrections, ifBoth, note } = wish
      if (corrections.length === 1) ofGroup.mutate(wish)
      else {
        const actions = actionsOf(corrections, ifBoth)
        ofMany.mutate({ select: selectOf(corrections), actions, ...(note !== '' && { note }) })
      }
    },
  }
}
