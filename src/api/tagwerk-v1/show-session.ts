import type { Accounts } from '../../iam/accounts.ts'
import { defineRoute, type Route } from '../route.ts'
import { consoleHeaders, presentSession, sessionBody, sessionView } from './session-view.ts'

/** Says who is logged in to the console (contract 10.80). */
export function showSession(accounts: Accounts): Route {
  return defineRoute({
    id: 'ShowSession',
    method: 'GET',
    path: '/tagwerk/v1/session',
    summary: 'Show who is logged in to the console',
    // The cookie alone counts, not the credentials of other calls.
    access: 'none',
    action: 'iam:tokens:get',
    headers: consoleHeaders,
    responses: { 200: sessionBody },
    handle: async ({ headers, origin }) => {
      const session = await presentSession(accounts, headers, origin)
      return { status: 200, body: await sessionView(accounts, session) }
    },
  })
}
