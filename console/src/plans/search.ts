import { oneOf } from '../router-search.ts'

export const PLAN_TABS = ['changes', 'refused', 'conflicts'] as const
export type PlanTab = (typeof PLAN_TABS)[number]

/** By the same change, or resource by resource. */
export const PLAN_VIEWS = ['groups', 'resources'] as const
export type PlanView = (typeof PLAN_VIEWS)[number]

/** What the address of a plan says besides its id. */
export type PlanSearch = { readonly tab: PlanTab; readonly view: PlanView }

export function toPlanSearch(search: Readonly<Record<string, unknown>>): PlanSearch {
  return { tab: oneOf(search.tab, PLAN_TABS) ?? 'changes', view: oneOf(search.view, PLAN_VIEWS) ?? 'groups' }
}

/** The query of an address; what is the default is left out. */
export function fromPlanSearch({ tab, view }: PlanSearch): Record<string, string | undefined> {
  return { tab: tab === 'changes' ? undefined : tab, view: view === 'groups' ? undefined : view }
}
