import type { Accounts } from '../../iam/accounts.ts'
import { endedCookie } from '../console-session.ts'
import { defineRoute, type Route } from '../route.ts'
import { consoleHeaders, presentSession } from './session-view.ts'

/** Logs out of the console: revokes the token of the session, with immediate effect in every process (contract 10.80). */
export function deleteSession(accounts: Accounts): Route {
  return defineRoute({
    id: 'DeleteSession',
    method: 'DELETE',
    path: '/tagwerk/v1/session',
    summary: 'Log out of the console',
    // The cookie alone counts, not the credentials of other calls.
    access: 'none',
    action: 'iam:tokens:get',
    headers: consoleHeaders,
    responses: { 204: null },
    handle: async ({ headers, origin }) => {
      const { claims } = await presentSession(accounts, headers, origin)
      await accounts.revoke(claims)
      return { status: 204, headers: { 'set-cookie': endedCookie(origin) } }
    },
  })
}
