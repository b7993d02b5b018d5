export const MOVEMENTS = ['entered', 'left', 'changed'] as const
export type Movement = (typeof MOVEMENTS)[number]

type State = {
  readonly resource_name: string
  readonly tags: readonly { readonly key: string; readonly value: string }[]
} | null

/** A resource that differs. */
export type Difference = {
  readonly resource_type: string
  readonly resource_id: string
  readonly resource_name: string
  readonly movement: Movement
  readonly from: State
  readonly to: State
  readonly changes: number
  readonly actors: readonly { readonly id: string; readonly name: string | null }[]
}
