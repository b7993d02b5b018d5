import { Type } from 'typebox'
import { PASSWORD_CHARACTERS_MAX } from '../../iam/password-rules.ts'
import type { User } from '../../iam/users.ts'
import { accountText } from '../account-members.ts'
import type { Caller } from '../route.ts'

/** A user in answers about accounts. */
export const userAccount = Type.Object({
  id: Type.String(),
  name: Type.String(),
  description: Type.String(),
  email: Type.String(),
  enabled: Type.Boolean(),
  has_password: Type.Boolean({
    description: 'False: the user cannot log in, and signs requests with access keys only.',
  }),
  is_caller: Type.Boolean({ description: 'True for the user who asks.' }),
})

/** Renders a user for a caller. */
export function userAccountOf(user: User, { principal }: Caller) {
  const { id, name, description, email, enabled, passwordHash } = user
  return {
    id,
    name,
    description,
    email,
    enabled,
    has_password: passwordHash !== '',
    is_caller: id === principal.user.id,
  }
}

export const userParams = Type.Object({ user_id: Type.String() })

export const newPassword = Type.String({ maxLength: PASSWORD_CHARACTERS_MAX })

/** Optional members of a user in requests. */
export const userAccountMembers = {
  description: Type.Optional(accountText),
  email: Type.Optional(accountText),
  enabled: Type.Optional(Type.Boolean()),
}
