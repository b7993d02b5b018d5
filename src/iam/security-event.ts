import { currentOrigin } from './origin.ts'

/** The events of the security log; `docs/operate/logs.md` describes each. */
export type SecurityEventName =
  | 'login'
  | 'login.locked'
  | 'token.revoked'
  | 'authentication'
  | 'authorization'
  | 'limit'
  | AccountEventName

/** The events of changes of accounts, which the account log keeps as well. */
export type AccountEventName =
  | `domain.${'created' | 'updated' | 'deleted'}`
  | `user.${'created' | 'updated' | 'deleted'}`
  | `role.${'assigned' | 'unassigned'}`
  | `policy.${'created' | 'updated' | 'deleted'}`
  | `project.${'created' | 'updated' | 'deleted'}`
  | `access-key.${'created' | 'updated' | 'deleted'}`
  | 'signing-key.rotated'
  | `tag-policy.${'updated' | 'deleted'}`
  | 'service.reset'

/** An event for the security log. No member holds a password, a token or a secret key. */
export type SecurityEvent = {
  readonly event: SecurityEventName
  readonly outcome: 'success' | 'failure'
  /** Why it failed. */
  readonly reason?: string
  /** Who did or tried it. */
  readonly userId?: string
  readonly userName?: string
  /** IP address of the client. */
  readonly address: string
  readonly reqId: string
  /** What was changed. */
  readonly targetKind?: string
  readonly targetId?: string
  readonly targetName?: string
  /** Facts that only some events have. */
  readonly detail?: Readonly<Record<string, unknown>>
}

/** Writes an event to the security log. */
export type ReportEvent = (event: SecurityEvent) => void

/** The members of an event that say who, from where and in which request, for the work in progress. */
export function originMembers(): Pick<SecurityEvent, 'userId' | 'userName' | 'address' | 'reqId'> {
  const { userId, userName, address, requestId } = currentOrigin()
  return { ...(userId !== '' && { userId }), ...(userName !== '' && { userName }), address, reqId: requestId }
}
