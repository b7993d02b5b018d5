import { Type } from 'typebox'
import type { Accounts } from '../../iam/accounts.ts'
import { defineRoute, type Route } from '../route.ts'
import { ACCOUNT_LOG_LIMITS } from './limits.ts'

const { limitDefault, limitMax } = ACCOUNT_LOG_LIMITS

const named = { id: Type.String(), name: Type.String() }

const entry = Type.Object({
  id: Type.Integer(),
  time: Type.String({ description: 'RFC 3339, in milliseconds.' }),
  event: Type.String({ description: 'Such as user.created.' }),
  user: Type.Object(named, { description: 'Who made the change. A command on the store has a name only.' }),
  address: Type.String({ description: 'IP address of the client.' }),
  request_id: Type.String(),
  target: Type.Object({
    type: Type.String({ description: 'domain, user, project, policy, access-key or signing-key.' }),
    ...named,
  }),
  detail: Type.Object({}, { additionalProperties: true }),
})

/** Lists the changes of accounts in the caller's domain, newest first (contract 10.8). */
export function listAccountLog(accounts: Accounts): Route {
  return defineRoute({
    id: 'ListAccountLog',
    method: 'GET',
    path: '/tagwerk/v1/account-log',
    summary: 'List changes of users, roles, policies, projects and access keys, newest first',
    access: 'domain',
    // Not `get` or `list`: those are allowed to every user with the role readonly.
    action: 'tagwerk:accountLog:read',
    query: Type.Object({
      limit: Type.Optional(
        Type.Integer({ minimum: 1, maximum: limitMax, default: limitDefault, 'x-error': 'limit-invalid' }),
      ),
      marker: Type.Optional(
        Type.Integer({ minimum: 1, description: '`next_marker` of the page before.', 'x-error': 'marker-invalid' }),
      ),
    }),
    responses: {
      200: Type.Object({
        entries: Type.Array(entry),
        next_marker: Type.Optional(Type.Integer({ description: 'Missing on the last page.' })),
      }),
    },
    handle: async ({ query, caller }) => {
      const limit = query.limit ?? limitDefault
      const { domain } = caller.principal.user
      const found = await accounts.listChanges(domain.id, limit + 1, query.marker)
      const page = found.slice(0, limit)
      const entries = page.map(({ revision, atMs, event, actorId, actorName, address, requestId, ...rest }) => ({
        id: revision,
        time: new Date(atMs).toISOString(),
        event,
        user: { id: actorId, name: actorName },
        address,
        request_id: requestId,
        target: { type: rest.target.kind, id: rest.target.id, name: rest.targetName },
        detail: detailOf(rest.detail),
      }))
      const next = found.length > limit ? page.at(-1)?.revision : undefined
      return { status: 200, body: { entries, ...(next !== undefined && { next_marker: next }) } }
    },
  })
}

/** The detail of an entry. A damaged one, which `tagwerk check` names, costs the detail only. */
function detailOf(text: string): object {
  try {
    return JSON.parse(text) as object
  } catch {
    return { damaged: true }
  }
}
