import { DomainError } from '../core/errors.ts'
import type { AccountStore } from '../store/account-store.ts'

/**
 * What callers ask for one at a time. Not `ensureProject`: an import bounds its own, and cannot try a line again.
 */
const LIMITED: ReadonlySet<PropertyKey> = new Set<keyof AccountStore>([
  ...(['createProject', 'updateProject', 'deleteProject', 'createUser', 'updateUser', 'deleteUser'] as const),
  ...(['addAssignment', 'removeAssignment', 'createRole', 'updateRole', 'deleteRole'] as const),
  ...(['createAccessKey', 'updateAccessKey', 'deleteAccessKey', 'revokeToken'] as const),
])

/**
 * The same store, on which no more than so many changes that callers ask for are under way at a time: past that they
 * are refused with `overloaded`, having changed nothing.
 */
export function withWriteLimit(store: AccountStore, underWayMax: number): AccountStore {
  let underWay = 0
  return new Proxy(store, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name)
      if (typeof member !== 'function' || !LIMITED.has(name)) return member
      return async (...args: readonly unknown[]) => {
        if (underWay >= underWayMax) throw new DomainError('overloaded', { retryAfterSeconds: 1 })
        underWay++
        try {
          return await Reflect.apply(member, target, args)
        } finally {
          underWay--
        }
      }
    },
  })
}
