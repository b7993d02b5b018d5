import { Type } from 'typebox'
import type { RoleView } from '../../iam/roles.ts'
import { accountText, roleDisplayName } from '../account-members.ts'
import { listLinks, listLinksSchema } from './links.ts'

/** Renders a role. COMPAT: times are strings of milliseconds, as in the vendor's samples. */
export function roleView(role: RoleView, origin: string) {
  const { id, name, displayName, description, descriptionCn, catalog, type, policy, custom } = role
  return {
    id,
    name,
    display_name: displayName,
    description,
    description_cn: descriptionCn,
    catalog,
    type,
    policy,
    domain_id: custom?.domainId ?? null,
    ...(custom && { created_time: String(custom.createdAtMs), updated_time: String(custom.updatedAtMs) }),
    links: listLinks(`${origin}/v3/roles/${id}`),
  }
}

const text = Type.String()

const members = {
  id: text,
  name: text,
  display_name: text,
  description: text,
  description_cn: text,
  catalog: text,
  type: text,
  domain_id: Type.Union([text, Type.Null()]),
  policy: Type.Object({
    Version: text,
    Statement: Type.Array(
      Type.Object({ Effect: text, Action: Type.Array(text), Resource: Type.Optional(Type.Array(text)) }),
    ),
  }),
  created_time: Type.Optional(text),
  updated_time: Type.Optional(text),
  links: listLinksSchema,
}

export const roleSchema = Type.Object(members)
/** A custom policy with the number of its assignments. */
export const customPolicySchema = Type.Object({ ...members, references: Type.Integer() })

export const roleList = Type.Object({
  links: listLinksSchema,
  roles: Type.Array(roleSchema),
  total_number: Type.Integer(),
})

/** The members of a custom policy in a request. `iam/policy.ts` validates the policy document. */
export const policyMembers = {
  display_name: roleDisplayName,
  type: Type.Unsafe<'AX' | 'XA'>({ type: 'string', enum: ['AX', 'XA'] }),
  description: accountText,
  description_cn: accountText,
  policy: Type.Unknown({ description: '{"Version": "1.1", "Statement": [{"Effect", "Action"}]}' }),
}
