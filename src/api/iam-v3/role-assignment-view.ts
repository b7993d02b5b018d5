import { Type } from 'typebox'
import type { Project } from '../../iam/accounts.ts'
import type { RoleScope, RoleView } from '../../iam/roles.ts'
import type { User } from '../../iam/users.ts'
import { listLinksSchema } from './links.ts'

type Named = { readonly id: string; readonly name: string }

/** A role of a user with where it counts, and where it was given: a role in the domain counts in its projects too. */
export type Assignment = {
  readonly user: User
  readonly role: RoleView
  readonly given: RoleScope
  /** Undefined for the whole domain. */
  readonly project: Project | undefined
}

/** An assignment as Keystone shows it: ids, and with `hasNames` names of everything, each with its domain. */
export function assignmentView(
  { user, role, given, project }: Assignment,
  domain: Named,
  origin: string,
  hasNames: boolean,
) {
  const named = ({ id, name }: Named, of?: Named) => (hasNames ? { id, name, ...(of && { domain: of }) } : { id })
  const place = `${given.scope}s/${given.scopeId}`
  return {
    role: named(role, role.custom && domain),
    user: named(user, domain),
    scope: project === undefined ? { domain: named(domain) } : { project: named(project, domain) },
    links: { assignment: `${origin}/v3/${place}/users/${user.id}/roles/${role.id}` },
  }
}

const domainSchema = Type.Object({ id: Type.String(), name: Type.Optional(Type.String()) })
const namedSchema = Type.Object({
  ...{ id: Type.String(), name: Type.Optional(Type.String()) },
  domain: Type.Optional(domainSchema),
})

export const assignmentList = Type.Object({
  role_assignments: Type.Array(
    Type.Object({
      ...{ role: namedSchema, user: namedSchema },
      scope: Type.Object({ project: Type.Optional(namedSchema), domain: Type.Optional(domainSchema) }),
      links: Type.Object({ assignment: Type.String() }),
    }),
  ),
  links: listLinksSchema,
})
