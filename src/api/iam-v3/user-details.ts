import { type Static, Type } from 'typebox'
import { invalid } from '../../core/errors.ts'
import type { User, UserAttributes } from '../../iam/users.ts'
import { omitUndefined } from '../omit-undefined.ts'
import { EXTERNAL_ID_CHARACTERS_MAX, EXTERNAL_TYPE_CHARACTERS_MAX, PHONE_DIGITS_MAX } from './limits.ts'
import { selfLinkSchema } from './links.ts'
import { userMembers } from './user-view.ts'

const text = Type.String()

/** A user with all details, as the vendor's newer calls show it. */
export const userDetails = Type.Object({
  id: text,
  name: text,
  domain_id: text,
  enabled: Type.Boolean(),
  description: text,
  email: text,
  areacode: text,
  phone: text,
  xuser_id: text,
  xuser_type: text,
  pwd_status: Type.Boolean({ description: 'Whether the password should be changed at the next login.' }),
  is_domain_owner: Type.Boolean({ description: 'Always false.' }),
  access_mode: Type.String({ description: '`default` or `programmatic`.' }),
  links: selfLinkSchema,
})

/** Renders the details. Times are omitted, because they are not stored. */
export function userDetailsView(user: User, origin: string) {
  const { id, name, domainId, enabled, description, email, passwordHash, attributes } = user
  return {
    id,
    name,
    domain_id: domainId,
    enabled,
    description,
    email,
    areacode: attributes.areaCode,
    phone: attributes.phone,
    xuser_id: attributes.externalId,
    xuser_type: attributes.externalType,
    pwd_status: attributes.shouldChangePassword,
    is_domain_owner: false,
    access_mode: attributes.accessMode || (passwordHash === '' ? 'programmatic' : 'default'),
    links: { self: `${origin}/v3.0/OS-USER/users/${id}` },
  }
}

const code = Type.String({ pattern: `^\\d{0,${PHONE_DIGITS_MAX}}$` })

/** Optional members of a user in the vendor's newer calls. */
export const userDetailMembers = {
  ...userMembers,
  // COMPAT: `console`, access by the console only, is refused: this service cannot exclude access by its API.
  access_mode: Type.Optional(Type.Unsafe<string>({ type: 'string', enum: ['default', 'programmatic'] })),
  areacode: Type.Optional(code),
  phone: Type.Optional(code),
  xuser_id: Type.Optional(Type.String({ maxLength: EXTERNAL_ID_CHARACTERS_MAX })),
  xuser_type: Type.Optional(Type.String({ maxLength: EXTERNAL_TYPE_CHARACTERS_MAX })),
  pwd_status: Type.Optional(Type.Boolean()),
}

const members = Type.Object(userDetailMembers)

/**
 * Gives the attributes that a request sets. Throws `request-invalid` for a phone number without area code, for an external
 * id without type, and the reverse.
 */
export function toAttributes(user: Static<typeof members>): Partial<UserAttributes> {
  checkPair(user, 'areacode', 'phone')
  checkPair(user, 'xuser_type', 'xuser_id')
  return omitUndefined({
    accessMode: user.access_mode,
    areaCode: user.areacode,
    phone: user.phone,
    externalId: user.xuser_id,
    externalType: user.xuser_type,
    shouldChangePassword: user.pwd_status,
  })
}

type TextMember = 'areacode' | 'phone' | 'xuser_id' | 'xuser_type'

function checkPair(user: Static<typeof members>, one: TextMember, other: TextMember): void {
  for (const [given, missing] of [
    [one, other],
    [other, one],
  ] as const) {
    if (!user[given] || user[missing]) continue
    throw invalid(`user.${missing}`, { name: 'well-formed', what: `given together with user.${given}` }, user[missing])
  }
}
