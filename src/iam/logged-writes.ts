import type { Clock } from '../core/clock.ts'
import type { AccountStore, LoggedAccountWrites } from '../store/account-store.ts'
import { ACCOUNT_CHANGES } from './account-change.ts'
import { currentOrigin } from './origin.ts'
import { originMembers, type ReportEvent } from './security-event.ts'

type Operation = keyof LoggedAccountWrites
type ArgsOf<O extends Operation> = Parameters<LoggedAccountWrites[O]>
type ResultOf<O extends Operation> = Awaited<ReturnType<LoggedAccountWrites[O]>>

/** The writes of accounts, each of which leaves an entry in the account log of the store and one in the security log. */
export function logWrites(store: AccountStore, clock: Clock, report: ReportEvent): LoggedAccountWrites {
  const logged =
    <O extends Operation>(operation: O) =>
    async (...args: ArgsOf<O>): Promise<ResultOf<O>> => {
      const { event, target, name, detail } = (ACCOUNT_CHANGES[operation] as Describer)(...args)
      const { userId: actorId, userName: actorName, domainId, address, requestId } = currentOrigin()
      const actor = { actorId, actorName, domainId, address, requestId }
      const entry = { ...actor, atMs: clock(), event, target, detail: JSON.stringify(detail) }
      const targetMembers = {
        targetKind: target.kind,
        targetId: target.id,
        ...(name !== undefined && { targetName: name }),
      }
      const members = { event, ...originMembers(), ...targetMembers, detail }
      try {
        const write = store.logged(entry)[operation] as (...values: ArgsOf<O>) => Promise<ResultOf<O>>
        const result = await write(...args)
        const refusal = refusalOf(result, target.id)
        if (refusal === undefined) report({ ...members, outcome: 'success' })
        else if (refusal !== 'exists') report({ ...members, outcome: 'failure', reason: refusal })
        return result
      } catch (error) {
        report({ ...members, outcome: 'failure', reason: 'unavailable' })
        throw error
      }
    }
  return {
    createDomain: logged('createDomain'),
    updateDomain: logged('updateDomain'),
    deleteDomain: logged('deleteDomain'),
    ensureProject: logged('ensureProject'),
    createProject: logged('createProject'),
    updateProject: logged('updateProject'),
    addProjectTag: logged('addProjectTag'),
    removeProjectTag: logged('removeProjectTag'),
    deleteProject: logged('deleteProject'),
    createUser: logged('createUser'),
    updateUser: logged('updateUser'),
    deleteUser: logged('deleteUser'),
    addAssignment: logged('addAssignment'),
    removeAssignment: logged('removeAssignment'),
    createRole: logged('createRole'),
    updateRole: logged('updateRole'),
    deleteRole: logged('deleteRole'),
    createAccessKey: logged('createAccessKey'),
    updateAccessKey: logged('updateAccessKey'),
    deleteAccessKey: logged('deleteAccessKey'),
    rotateSigningKey: logged('rotateSigningKey'),
    putTagPolicy: logged('putTagPolicy'),
    deleteTagPolicy: logged('deleteTagPolicy'),
  }
}

type Describer = (...args: readonly unknown[]) => ReturnType<(typeof ACCOUNT_CHANGES)[Operation]>

/** Why a write changed nothing; undefined when it changed something. `exists` for a project that had been created before. */
function refusalOf(result: unknown, targetId: string): string | undefined {
  if (result === undefined) return undefined
  if (typeof result === 'string') return result === 'done' ? undefined : result
  return (result as { readonly id: string }).id === targetId ? undefined : 'exists'
}
