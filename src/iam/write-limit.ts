import { DomainError } from '../core/errors.ts'
import type { AccountStore, LoggedAccountWrites } from '../store/account-store.ts'

/**
 * The writes of accounts. All but `ensureProject` are limited, since callers request them one at a time; an import bounds
 * its own concurrency and cannot retry a line.
 */
export type AccountWrites = Omit<LoggedAccountWrites, 'rotateSigningKey'> & Pick<AccountStore, 'revokeToken'>

/** The account store without these writes, so that no code can bypass the limit and the logs. */
export type AccountReads = Omit<AccountStore, keyof LoggedAccountWrites | 'revokeToken' | 'logged'>

/** Limits the writes in flight. Further writes are refused with `overloaded` and change nothing. */
export function limitWrites(store: AccountWrites, inFlightMax: number): AccountWrites {
  let inFlight = 0
  const limited =
    <Args extends readonly unknown[], Result>(write: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      if (inFlight >= inFlightMax) throw new DomainError('overloaded', { retryAfterSeconds: 1 })
      inFlight++
      try {
        return await write(...args)
      } finally {
        inFlight--
      }
    }
  return {
    ensureProject: (...args) => store.ensureProject(...args),
    createDomain: limited((...args) => store.createDomain(...args)),
    updateDomain: limited((...args) => store.updateDomain(...args)),
    deleteDomain: limited((...args) => store.deleteDomain(...args)),
    createProject: limited((...args) => store.createProject(...args)),
    updateProject: limited((...args) => store.updateProject(...args)),
    addProjectTag: limited((...args) => store.addProjectTag(...args)),
    removeProjectTag: limited((...args) => store.removeProjectTag(...args)),
    deleteProject: limited((...args) => store.deleteProject(...args)),
    createUser: limited((...args) => store.createUser(...args)),
    updateUser: limited((...args) => store.updateUser(...args)),
    deleteUser: limited((...args) => store.deleteUser(...args)),
    addAssignment: limited((...args) => store.addAssignment(...args)),
    removeAssignment: limited((...args) => store.removeAssignment(...args)),
    createRole: limited((...args) => store.createRole(...args)),
    updateRole: limited((...args) => store.updateRole(...args)),
    deleteRole: limited((...args) => store.deleteRole(...args)),
    createAccessKey: limited((...args) => store.createAccessKey(...args)),
    updateAccessKey: limited((...args) => store.updateAccessKey(...args)),
    deleteAccessKey: limited((...args) => store.deleteAccessKey(...args)),
    putTagPolicy: limited((...args) => store.putTagPolicy(...args)),
    deleteTagPolicy: limited((...args) => store.deleteTagPolicy(...args)),
    revokeToken: limited((...args) => store.revokeToken(...args)),
  }
}
