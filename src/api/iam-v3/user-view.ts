import { Type } from 'typebox'
import { PASSWORD_CHARACTERS_MAX } from '../../iam/password-rules.ts'
import type { User } from '../../iam/users.ts'
import { accountText } from '../account-members.ts'
import { selfLinkSchema } from './links.ts'

/** Renders a user. */
export function userView({ id, name, domainId, enabled, description, email }: User, origin: string) {
  return {
    id,
    name,
    domain_id: domainId,
    enabled,
    description,
    email,
    password_expires_at: null,
    links: { self: `${origin}/v3/users/${id}` },
  }
}

export const userSchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  domain_id: Type.String(),
  enabled: Type.Boolean(),
  description: Type.String(),
  email: Type.String(),
  password_expires_at: Type.Null(),
  links: selfLinkSchema,
})

/** Optional members of a user. */
export const userMembers = {
  password: Type.Optional(Type.String({ maxLength: PASSWORD_CHARACTERS_MAX })),
  domain_id: Type.Optional(Type.String()),
  enabled: Type.Optional(Type.Boolean()),
  description: Type.Optional(accountText),
  email: Type.Optional(accountText),
}
