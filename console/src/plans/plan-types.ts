import type { operations } from '../api/schema.d.ts'

export type Plan = operations['ShowPlan']['responses'][200]['content']['application/json']
export type PlanItem = operations['ListPlanItems']['responses'][200]['content']['application/json']['items'][number]
export type PlanBody = operations['CreatePlan']['requestBody']['content']['application/json']
export type PlanAction = PlanBody['actions'][number]

/** A resource that is not as the plan expects it, in a refused call of apply. */
export type Conflict = {
  readonly resource_type: string
  readonly resource_id: string
  readonly error_code: string
  readonly key?: string
  readonly value?: string | null
}

/** What a plan that was made from actions was made from; undefined for one from a file. */
export function originOf({ select, actions }: Plan): Pick<PlanBody, 'select' | 'actions'> | undefined {
  return select === undefined || actions === undefined
    ? undefined
    : { select: select as PlanBody['select'], actions: actions as PlanBody['actions'] }
}

/** What a rename of a key does with a resource that has the new key already. */
export type IfBoth = 'refuse' | 'keep-to' | 'keep-from'
