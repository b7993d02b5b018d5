import { Type } from 'typebox'
import type { Accounts } from '../../iam/accounts.ts'
import type { Principal } from '../../iam/principal.ts'

/** Schema of the user who made a change. */
export const actorSchema = Type.Object({
  id: Type.String(),
  name: Type.Union([Type.String(), Type.Null()], {
    description: 'Null for a user that was deleted, or is of another domain.',
  }),
})

/** The user who made a change. */
export type Actor = { readonly id: string; readonly name: string | null }

/** Reads the names of users. The names of users of other domains than the caller's stay unknown to it. */
export async function readActors(
  accounts: Accounts,
  { user }: Principal,
  ids: Iterable<string>,
): Promise<(id: string) => Actor> {
  const names = await accounts.users.namesOf(user.domain.id, ids)
  return (id) => ({ id, name: names.get(id) ?? null })
}

/** Gives the id of a user that is named by its name or its id. */
export async function toActorId(accounts: Accounts, { user }: Principal, nameOrId: string): Promise<string> {
  return (await accounts.users.idOf(user.domain.id, nameOrId)) ?? nameOrId
}
