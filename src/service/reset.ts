import type { Clock } from '../core/clock.ts'
import { currentOrigin } from '../iam/origin.ts'
import { originMembers, type ReportEvent } from '../iam/security-event.ts'
import type { Baseline } from '../store/sqlite/baseline.ts'

/** What a reset works on. */
export type ResetParts = {
  readonly baseline: Pick<Baseline, 'restore'>
  readonly clock: Clock
  readonly report: ReportEvent
  /** Clears what this process remembers apart from the store. */
  readonly forget: () => void
}

const EVENT = 'service.reset'

/**
 * Makes the function that puts the whole service back to the state that its baseline has kept. It leaves an entry in the
 * account log and in the security log. A call that is in flight meanwhile takes effect before or after it as a whole.
 */
export function resetter({ baseline, clock, report, forget }: ResetParts): () => Promise<void> {
  return async () => {
    const { userId: actorId, userName: actorName, domainId, address, requestId } = currentOrigin()
    const target = { kind: 'domain', id: domainId } as const
    const members = { event: EVENT, ...originMembers(), targetKind: target.kind, targetId: target.id } as const
    const actor = { domainId, actorId, actorName, address, requestId }
    try {
      await baseline.restore({ ...actor, atMs: clock(), event: EVENT, target, detail: '{}' })
      report({ ...members, outcome: 'success' })
    } catch (error) {
      report({ ...members, outcome: 'failure', reason: 'unavailable' })
      throw error
    } finally {
      forget()
    }
  }
}
