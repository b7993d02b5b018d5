import { Type } from 'typebox'
import { permissionOf } from '../../iam/authorize.ts'
import type { Principal } from '../../iam/principal.ts'

const KINDS = ['allowed', 'own', 'denied', 'not-granted'] as const

const permission = Type.Union(
  KINDS.map((kind) => Type.Literal(kind)),
  {
    description:
      '`own`: for the own records of the caller only. `denied`: a policy of the caller denies it. `not-granted`: no role of ' +
      'the caller grants it.',
  },
)

/** What a caller may do: each action with whether it is allowed. */
export const permissionsBody = Type.Object({ actions: Type.Record(Type.String(), permission) })

/** Decides about each action for a caller, in ascending order of their names. */
export function permissionsView(principal: Principal, actions: readonly string[]) {
  const names = [...new Set(actions)].sort()
  return { actions: Object.fromEntries(names.map((action) => [action, permissionOf(principal, action)])) }
}
