import { Type } from 'typebox'
import type { Project } from '../../iam/accounts.ts'
import { PROJECT_NAME_CHARACTERS_MAX, TEXT_CHARACTERS_MAX } from './limits.ts'
import { listLinksSchema, selfLinkSchema } from './links.ts'

/** A project as every call shows it. Projects lie in their domain, never in each other. */
export function projectView({ id, name, domainId, enabled, description }: Project, origin: string) {
  return {
    ...{ id, name, domain_id: domainId, parent_id: domainId, is_domain: false, enabled, description },
    links: { self: `${origin}/v3/projects/${id}` },
  }
}

export const projectSchema = Type.Object({
  ...{ id: Type.String(), name: Type.String(), domain_id: Type.String(), parent_id: Type.String() },
  ...{ is_domain: Type.Boolean(), enabled: Type.Boolean(), description: Type.String() },
  links: selfLinkSchema,
})

export const projectList = Type.Object({ links: listLinksSchema, projects: Type.Array(projectSchema) })

export const projectName = Type.String({
  maxLength: PROJECT_NAME_CHARACTERS_MAX,
  // As in an import: no blanks outside.
  pattern: '^\\S(.*\\S)?$',
})

/** What may be said about a project besides its name. */
export const projectMembers = {
  description: Type.Optional(Type.String({ maxLength: TEXT_CHARACTERS_MAX })),
  enabled: Type.Optional(Type.Boolean()),
}
