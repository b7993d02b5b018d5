import { Type } from 'typebox'
import { type AccessKey, keyNotFound } from '../../iam/access-keys.ts'
import type { Accounts } from '../../iam/accounts.ts'
import { managedUser } from '../../iam/managed-records.ts'
import type { Caller } from '../route.ts'

const members = {
  access_key: Type.String(),
  description: Type.String(),
  enabled: Type.Boolean(),
  is_locked: Type.Boolean({ description: 'True: an administrator disabled the key, so its user may not enable it.' }),
  created_at: Type.String({ description: 'RFC 3339, in milliseconds.' }),
}

/** An access key in answers about accounts, and a new one with its secret. */
export const accessKeyAccount = Type.Object(members)
export const newAccessKey = Type.Object({ ...members, secret: Type.String({ description: 'In this answer only.' }) })

/** Renders an access key without its secret. */
export function accessKeyAccountOf({ accessKey, description, active, locked, createdAtMs }: AccessKey) {
  return {
    access_key: accessKey,
    description,
    enabled: active,
    is_locked: locked,
    created_at: new Date(createdAtMs).toISOString(),
  }
}

export const accessKeyParams = Type.Object({ user_id: Type.String(), access_key: Type.String() })

/**
 * Gives the access key of the path: a key of the caller, or of any user of the domain if the caller may manage keys. Throws
 * `action-forbidden` to other callers, and `resource-not-found` for a key of another user.
 */
export async function keyInPath(
  accounts: Accounts,
  { principal }: Caller,
  params: { readonly user_id: string; readonly access_key: string },
  action: string,
): Promise<AccessKey> {
  const user = await managedUser(accounts, principal, params.user_id, action)
  const key = await accounts.accessKeys.get(params.access_key)
  if (key.userId !== user.id) throw keyNotFound(params.access_key)
  return key
}
