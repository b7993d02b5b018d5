import { Type } from 'typebox'
import type { Project } from '../../iam/accounts.ts'
import type { RoleScope, RoleView } from '../../iam/roles.ts'
import type { User } from '../../iam/users.ts'
import { listLinksSchema } from './links.ts'

type Named = { readonly id: string; readonly name: string }

/**
 * A role of a user in one scope. With `effective`, a role assigned in the domain also applies to each of its projects.
 */
export type Assignment = {
  readonly user: User
  readonly role: RoleView
  /** The scope in which the role was assigned. */
  readonly assignedIn: RoleScope
  /** The project to which the role applies; undefined for the domain. */
  readonly project: Project | undefined
}

/** Renders an assignment as Keystone does: with ids, and with `hasNames` also with names and their domains. */
export function assignmentView(
  { user, role, assignedIn, project }: Assignment,
  domain: Named,
  origin: string,
  hasNames: boolean,
) {
  const reference = ({ id, name }: Named, domainOf?: Named) =>
    hasNames ? { id, name, ...(domainOf && { domain: domainOf }) } : { id }
  const scopePath = `${assignedIn.scope}s/${assignedIn.scopeId}`
  return {
    role: reference(role, role.custom && domain),
    user: reference(user, domain),
    scope: project === undefined ? { domain: reference(domain) } : { project: reference(project, domain) },
    links: { assignment: `${origin}/v3/${scopePath}/users/${user.id}/roles/${role.id}` },
  }
}

const domainSchema = Type.Object({ id: Type.String(), name: Type.Optional(Type.String()) })
const referenceSchema = Type.Object({
  id: Type.String(),
  name: Type.Optional(Type.String()),
  domain: Type.Optional(domainSchema),
})

export const assignmentList = Type.Object({
  role_assignments: Type.Array(
    Type.Object({
      role: referenceSchema,
      user: referenceSchema,
      scope: Type.Object({ project: Type.Optional(referenceSchema), domain: Type.Optional(domainSchema) }),
      links: Type.Object({ assignment: Type.String() }),
    }),
  ),
  links: listLinksSchema,
})
