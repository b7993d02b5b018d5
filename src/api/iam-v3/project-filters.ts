import { type Static, Type } from 'typebox'
import type { Project } from '../../iam/accounts.ts'
import { projectTagFilters, projectTagPredicate } from './project-tags.ts'

/** The filters of every list of projects. */
export const projectFilters = Type.Object({
  name: Type.Optional(Type.String({ description: 'Exact match.' })),
  domain_id: Type.Optional(Type.String()),
  parent_id: Type.Optional(Type.String({ description: 'The id of the domain: projects are not nested.' })),
  enabled: Type.Optional(Type.Boolean()),
  is_domain: Type.Optional(Type.Boolean({ description: 'True: no results, because no project is a domain.' })),
  ...projectTagFilters.properties,
})

/** Gives the predicate of the filters, which must all be met. Throws what `projectTagPredicate` throws. */
export function projectPredicate(query: Static<typeof projectFilters>): (project: Project) => boolean {
  const { name, domain_id, parent_id, enabled, is_domain } = query
  const hasTags = projectTagPredicate(query)
  return (project) =>
    (name === undefined || project.name === name) &&
    (domain_id === undefined || project.domainId === domain_id) &&
    (parent_id === undefined || project.domainId === parent_id) &&
    (enabled === undefined || project.enabled === enabled) &&
    is_domain !== true &&
    hasTags(project)
}
