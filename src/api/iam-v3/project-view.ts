import { Type } from 'typebox'
import type { Project } from '../../iam/accounts.ts'
import { accountText } from '../account-members.ts'
import { listLinksSchema, selfLinkSchema } from './links.ts'
import { projectTags } from './project-tags.ts'

/** Renders a project. Its parent is always the domain: projects are not nested. */
export function projectView({ id, name, domainId, enabled, description, tags }: Project, origin: string) {
  return {
    id,
    name,
    domain_id: domainId,
    parent_id: domainId,
    is_domain: false,
    enabled,
    description,
    tags,
    links: { self: `${origin}/v3/projects/${id}` },
  }
}

export const projectSchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  domain_id: Type.String(),
  parent_id: Type.String(),
  is_domain: Type.Boolean(),
  enabled: Type.Boolean(),
  description: Type.String(),
  tags: Type.Array(Type.String()),
  links: selfLinkSchema,
})

/** A frozen project is a disabled one. */
export const projectStatus = Type.Unsafe<'normal' | 'suspended'>({ type: 'string', enum: ['normal', 'suspended'] })

export function statusOf({ enabled }: Project): 'normal' | 'suspended' {
  return enabled ? 'normal' : 'suspended'
}

export const projectList = Type.Object({ links: listLinksSchema, projects: Type.Array(projectSchema) })

/** Optional members of a project. */
export const projectMembers = {
  description: Type.Optional(accountText),
  enabled: Type.Optional(Type.Boolean()),
  tags: Type.Optional(projectTags),
}
