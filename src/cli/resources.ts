import { IMAGES, INSTANCES, type ResourceType } from '../core/resource-types.ts'
import type { Client } from './client.ts'
import { UsageError } from './command.ts'
import { ApiError } from './error-answer.ts'
import type { Place } from './project.ts'
import { counted } from './resource-types.ts'

export type Tag = { readonly key: string; readonly value: string }

/** The used members of a resource. */
export type Resource = {
  /** Only in answers over all projects. */
  readonly project_id?: string
  readonly project_name?: string
  readonly resource_type: ResourceType
  readonly resource_id: string
  readonly resource_name: string
  readonly resource_detail: { readonly status?: unknown }
  readonly tags: readonly Tag[]
}

export type Counts = Readonly<Record<string, number>>

/** Numbers of matches in one project. */
export type ProjectCounts = {
  readonly project_id: string
  readonly project_name: string
  readonly total_count: number
  readonly counts: Counts
}

/** The response to a query. `counts` has the searched types. */
export type QueryResponse = {
  readonly total_count: number
  readonly counts: Counts
  /** The projects with matches, in answers over all projects. */
  readonly projects?: readonly ProjectCounts[]
  readonly resources: readonly Resource[]
}

export type Types = readonly ResourceType[] | undefined

/** Queries a place; `revision` is the project's revision that the response reflects. */
export async function queryResources(
  { client, path }: Place,
  types: Types,
  conditions: object,
): Promise<QueryResponse & { readonly revision: string | null }> {
  const request = { ...conditions, ...(types !== undefined && { resource_types: types }) }
  const { body, revision } = await client.json<QueryResponse>({
    method: 'POST',
    path: `${path}/resources/query`,
    body: request,
  })
  return { ...body, revision }
}

/**
 * Finds the resource with an id, of any type if none is given; undefined if there is none. Throws a UsageError if
 * several resources have the id.
 */
export async function findResource(place: Place, id: string, types: Types): Promise<Resource | undefined> {
  const { resources } = await queryResources(place, types, { matches: [{ key: 'resource_id', value: id }] })
  if (resources.length <= 1) return resources[0]
  const projects = new Set(resources.map(({ project_name }) => project_name))
  if (projects.size > 1) {
    const names = [...projects].map((name) => `--project ${name}`).join(' or ')
    throw new UsageError(`resources of several projects have the id ${id}: choose ${names}`)
  }
  const options = resources.map((resource) => `--type ${resource.resource_type}`).join(' or ')
  throw new UsageError(`${counted(resources.length)} of different types have the id ${id}: add ${options}`)
}

/** Finds the resource with an id. Throws an error if there is none. */
export async function requireResource(place: Place, id: string, types: Types): Promise<Resource> {
  const found = await findResource(place, id, types)
  if (found === undefined) throw resourceNotFound(place, id, types)
  return found
}

/** The error for an id that no resource has. */
export function resourceNotFound({ client, isDomain }: Place, id: string, types: Types): Error {
  const where = `with the id "${id}" in ${isDomain ? 'any project' : `the project ${client.project?.name}`}`
  if (types === undefined) return new Error(`there is no resource ${where}`)
  if (types.length === 1 && types[0] === IMAGES) return new Error(`there is no image ${where}`)
  if (types.length === 1 && types[0] === INSTANCES) return new Error(`there is no database instance ${where}`)
  return new Error(`there is no resource of type ${types.join(' or ')} ${where}`)
}

/** A tag to set or to remove. Without a value, removes the tag with any value. */
export type TagChange = { readonly key: string; readonly value?: string }

/** Adds tags to a resource of a project, or removes them, all or none. */
export async function changeTags(
  client: Client,
  { resource_type, resource_id }: Resource,
  action: 'create' | 'delete',
  tags: readonly TagChange[],
): Promise<void> {
  const of = [resource_type, resource_id].map(encodeURIComponent).join('/')
  const path = `/tagwerk/v1/${client.projectId}/resources/${of}/tags`
  try {
    await client.send({ method: 'POST', path, body: { action, tags } })
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    throw new Error(`${error.message}; no tag was changed`, { cause: error })
  }
}
