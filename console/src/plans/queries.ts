import { keepPreviousData, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { ApiError, answerOf, api } from '../api/client.ts'
import { useProject } from '../session/project.ts'
import { withoutExpectations } from './plan-file.ts'
import { originOf, type Plan, type PlanBody } from './plan-types.ts'
import type { PlanTab } from './search.ts'

const PLANS_PER_PAGE = 50
const ITEMS_PER_PAGE = 1000
/** Items that are loaded without being asked for. */
const ITEMS_LOADED_MAX = 5000
const PROGRESS_MS = 1000

const plansKey = (project: string) => ['project', project, 'plans'] as const
const planKey = (project: string, plan: string) => ['project', project, 'plan', plan] as const

/** The plans of the project, the last made first. */
export function usePlans() {
  const { id } = useProject()
  return useInfiniteQuery({
    queryKey: plansKey(id),
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: PLANS_PER_PAGE, ...(pageParam !== '' && { marker: pageParam }) }
      const params = { path: { project_id: id }, query }
      return answerOf(api.GET('/tagwerk/v1/{project_id}/plans', { params, signal }))
    },
    initialPageParam: '',
    getNextPageParam: ({ next_marker }) => next_marker,
    meta: { isLive: true },
  })
}

/** One plan; while it is being applied it is asked for again, as its progress is in it. */
export function usePlan(planId: string, isApplying: boolean) {
  const { id } = useProject()
  return useQuery({
    queryKey: planKey(id, planId),
    queryFn: ({ signal }) => answerOf(api.GET(PLAN, { params: { path: { project_id: id, plan_id: planId } }, signal })),
    refetchInterval: isApplying ? PROGRESS_MS : false,
    meta: { isLive: true },
  })
}

const PLAN = '/tagwerk/v1/{project_id}/plans/{plan_id}'

/** The states of the items of a tab. Of a plan that was applied, changes have several, which one call does not select. */
function stateOf(tab: PlanTab, { state }: Plan): 'change' | 'refused' | 'conflict' | undefined {
  if (tab === 'changes') return state === 'planned' ? 'change' : undefined
  return tab === 'refused' ? 'refused' : 'conflict'
}

const CHANGED: readonly string[] = ['change', 'applied', 'unchanged']

/** The items of a tab, page by page; the first pages come by themselves. */
export function usePlanItems(plan: Plan, tab: PlanTab) {
  const { id } = useProject()
  const state = stateOf(tab, plan)
  const found = useInfiniteQuery({
    queryKey: [...planKey(id, plan.id), 'items', tab, state ?? 'any'],
    queryFn: async ({ pageParam, signal }) => {
      const query = { limit: ITEMS_PER_PAGE, ...(state && { state }), ...(pageParam > 0 && { marker: pageParam }) }
      const params = { path: { project_id: id, plan_id: plan.id }, query }
      const page = await answerOf(api.GET(`${PLAN}/items`, { params, signal }))
      const items = state === undefined ? page.items.filter((item) => CHANGED.includes(item.state)) : page.items
      return { items, next: page.next_marker }
    },
    initialPageParam: 0,
    getNextPageParam: ({ next }) => next,
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const items = found.data?.pages.flatMap((page) => page.items)
  const { hasNextPage, isFetching, isError, fetchNextPage } = found
  const isMoreWanted = hasNextPage && !isFetching && !isError && (items?.length ?? 0) < ITEMS_LOADED_MAX
  useEffect(() => {
    if (isMoreWanted) void fetchNextPage()
  }, [isMoreWanted, fetchNextPage])
  return { ...found, items }
}

/** Applies a plan; one that is applied in parts is called again until all is done, or nothing moves any more. */
export function useApply(planId: string) {
  const { id } = useProject()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async (onConflict: 'fail' | 'skip') => {
      const params = { path: { project_id: id, plan_id: planId } }
      for (let remaining = Number.POSITIVE_INFINITY; ; ) {
        const applied = await answerOf(api.POST(`${PLAN}/apply`, { params, body: { on_conflict: onConflict } }))
        queries.setQueryData(planKey(id, planId), applied)
        const left = applied.state === 'partly-applied' ? (applied.applied?.remaining ?? 0) : 0
        if (left === 0 || left >= remaining) return applied
        remaining = left
      }
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ['project', id] }),
  })
}

/** Makes a plan from actions, and opens it. */
export function useMakePlan(onMade: (plan: Plan) => void) {
  const { id } = useProject()
  return usePlanMaker(onMade, (body: PlanBody) =>
    answerOf(api.POST('/tagwerk/v1/{project_id}/plans', { params: { path: { project_id: id } }, body })),
  )
}

/** Makes the plan that takes back what a plan has changed. */
export function useUndo(onMade: (plan: Plan) => void) {
  const { id } = useProject()
  return usePlanMaker(onMade, (planId: string) =>
    answerOf(api.POST(`${PLAN}/undo`, { params: { path: { project_id: id, plan_id: planId } } })),
  )
}

/** Makes a plan as this one was made, with the resources as they are now. */
export function usePlanAgain(onMade: (plan: Plan) => void) {
  const { id } = useProject()
  return usePlanMaker(onMade, async (plan: Plan) => {
    const path = { project_id: id }
    const origin = originOf(plan)
    const note = plan.note === undefined ? {} : { note: plan.note }
    if (origin !== undefined) {
      return answerOf(api.POST('/tagwerk/v1/{project_id}/plans', { params: { path }, body: { ...origin, ...note } }))
    }
    if (plan.undo_of !== undefined) {
      return answerOf(api.POST(`${PLAN}/undo`, { params: { path: { ...path, plan_id: plan.undo_of } } }))
    }
    return planOfFile(id, withoutExpectations(await planFile(id, plan.id)))
  })
}

/** Makes a plan in some way, keeps what was answered, and hands it on. */
export function usePlanMaker<T>(onMade: (plan: Plan) => void, make: (from: T) => Promise<Plan>) {
  const { id } = useProject()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: make,
    onSuccess: (plan) => {
      queries.setQueryData(planKey(id, plan.id), plan)
      void queries.invalidateQueries({ queryKey: plansKey(id) })
      onMade(plan)
    },
  })
}

/** The changes of a plan as a plan file. */
export async function planFile(projectId: string, planId: string): Promise<string> {
  const params = { path: { project_id: projectId, plan_id: planId } }
  return answerOf(api.GET(`${PLAN}/file`, { params, parseAs: 'text' }))
}

/** The typed client sends JSON only, so the text goes as the body of its own. */
function planOfFile(projectId: string, file: string): Promise<Plan> {
  return answerOf(
    api.POST('/tagwerk/v1/{project_id}/plans', {
      params: { path: { project_id: projectId } },
      body: file as never,
      bodySerializer: (text: unknown) => text as string,
      headers: { 'Content-Type': 'application/x-ndjson' },
    }),
  )
}

export function useDiscard(onDone: () => void) {
  const { id } = useProject()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async (planId: string) => {
      try {
        await answerOf(api.DELETE(PLAN, { params: { path: { project_id: id, plan_id: planId } } }))
      } catch (error) {
        // Somebody else has discarded it already.
        if (!(error instanceof ApiError && error.status === 404)) throw error
      }
    },
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: plansKey(id) })
      onDone()
    },
  })
}
