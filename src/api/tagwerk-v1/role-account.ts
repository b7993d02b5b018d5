import { type Static, Type } from 'typebox'
import type { RoleView } from '../../iam/roles.ts'
import { accountText, roleDisplayName } from '../account-members.ts'
import { oneOf } from '../tag-query-body.ts'

const text = Type.String()

/** A policy as it is stored: what a role allows and denies. */
const policy = Type.Object({
  Version: text,
  Statement: Type.Array(
    Type.Object({ Effect: text, Action: Type.Array(text), Resource: Type.Optional(Type.Array(text)) }),
  ),
})

const members = {
  id: text,
  name: Type.String({ description: 'The name in tokens.' }),
  display_name: text,
  description: text,
  description_cn: text,
  type: Type.String({ description: '`system` or `custom`.' }),
  scope: Type.String({ description: 'Where the role is meant to be given: `domain`, `project` or `any`.' }),
  policy,
  created_at: Type.Optional(text),
  updated_at: Type.Optional(text),
}

/** A role in answers about accounts. */
export const roleAccount = Type.Object(members)

/** A role in a list, with the number of its assignments. */
export const listedRole = Type.Object({
  ...members,
  assignments: Type.Optional(Type.Integer({ description: 'How often a custom role is given.' })),
})

/** Where a role is meant to be given, by the type that the account service shows. */
const SCOPES = { AA: 'any', AX: 'domain', XA: 'project' } as const
const TYPES = { domain: 'AX', project: 'XA' } as const

/** Renders a role. */
export function roleAccountOf(role: RoleView) {
  const { id, name, displayName, description, descriptionCn, type, policy, custom } = role
  return {
    id,
    name,
    display_name: displayName,
    description,
    description_cn: descriptionCn,
    type: custom === undefined ? 'system' : 'custom',
    scope: SCOPES[type],
    policy,
    ...(custom && {
      created_at: new Date(custom.createdAtMs).toISOString(),
      updated_at: new Date(custom.updatedAtMs).toISOString(),
    }),
  }
}

/** The members of a custom role in requests. `iam/policy.ts` validates the policy. */
export const customRoleMembers = {
  display_name: roleDisplayName,
  description: accountText,
  description_cn: accountText,
  scope: oneOf(['domain', 'project']),
  policy: Type.Unknown({ description: '{"Version": "1.1", "Statement": [{"Effect", "Action"}]}' }),
}

const scope = Type.Object({ scope: customRoleMembers.scope })

/** The type of a custom role that is meant for a scope. */
export function typeFor(wanted: Static<typeof scope>['scope']): 'AX' | 'XA' {
  return TYPES[wanted]
}

export const roleParams = Type.Object({ role_id: text })
