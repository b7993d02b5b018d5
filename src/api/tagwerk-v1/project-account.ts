import { Type } from 'typebox'
import type { Catalog } from '../../catalog/catalog.ts'
import type { Project } from '../../iam/accounts.ts'

/** A project in answers about accounts. */
export const projectAccount = Type.Object({
  id: Type.String(),
  name: Type.String(),
  description: Type.String(),
  enabled: Type.Boolean(),
  resources: Type.Integer({ description: 'Number of its resources.' }),
})

/** Projects whose resources are counted side by side. */
const PROJECTS_AT_ONCE = 16

/** Renders projects with their numbers of resources, which the store keeps. */
export async function projectAccounts(catalog: Catalog, projects: readonly Project[]) {
  const views = []
  for (let i = 0; i < projects.length; i += PROJECTS_AT_ONCE) {
    const some = projects.slice(i, i + PROJECTS_AT_ONCE).map((project) => projectAccountOf(catalog, project))
    views.push(...(await Promise.all(some)))
  }
  return views
}

/** Renders one project. */
export async function projectAccountOf(catalog: Catalog, { id, name, description, enabled }: Project) {
  const { resources } = await catalog.bulk.usage(id)
  return { id, name, description, enabled, resources }
}

export const projectParams = Type.Object({ project_id: Type.String() })
