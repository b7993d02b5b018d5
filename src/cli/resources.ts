import { IMAGES, INSTANCES, type ResourceType } from '../core/resource-types.ts'
import type { Client } from './client.ts'
import { UsageError } from './command.ts'
import { counted } from './resource-types.ts'

export type Tag = { readonly key: string; readonly value: string }

/** The used members of a resource. */
export type Resource = {
  readonly resource_type: ResourceType
  readonly resource_id: string
  readonly resource_name: string
  readonly resource_detail: { readonly status?: unknown }
  readonly tags: readonly Tag[]
}

/** The response to a query. `counts` has the searched types. */
export type QueryResponse = {
  readonly total_count: number
  readonly counts: Readonly<Record<string, number>>
  readonly resources: readonly Resource[]
}

/** Queries the project of a client; `revision` is the project's revision that the response reflects. */
export async function queryResources(
  client: Client,
  type: ResourceType | undefined,
  conditions: object,
): Promise<QueryResponse & { readonly revision: string | null }> {
  const path = `/tagwerk/v1/${client.projectId}/resources/query`
  const request = { ...conditions, ...(type !== undefined && { resource_types: [type] }) }
  const { body, revision } = await client.json<QueryResponse>({ method: 'POST', path, body: request })
  return { ...body, revision }
}

/**
 * Finds the resource with an id, of any type if none is given; undefined if there is none. Throws a UsageError if
 * resources of several types have the id.
 */
export async function findResource(
  client: Client,
  id: string,
  type: ResourceType | undefined,
): Promise<Resource | undefined> {
  const { resources } = await queryResources(client, type, { matches: [{ key: 'resource_id', value: id }] })
  if (resources.length <= 1) return resources[0]
  const types = resources.map((resource) => `--type ${resource.resource_type}`).join(' or ')
  throw new UsageError(`${counted(resources.length)} of different types have the id ${id}: add ${types}`)
}

/** Finds the resource with an id. Throws an error if there is none. */
export async function requireResource(client: Client, id: string, type: ResourceType | undefined): Promise<Resource> {
  const found = await findResource(client, id, type)
  if (found === undefined) throw resourceNotFound(client, id, type)
  return found
}

/** The error for an id that no resource has. */
export function resourceNotFound(client: Client, id: string, type: ResourceType | undefined): Error {
  const where = `with the id "${id}" in the project ${client.project?.name}`
  if (type === IMAGES) return new Error(`there is no image ${where}`)
  if (type === INSTANCES) return new Error(`there is no database instance ${where}`)
  return new Error(
    type === undefined ? `there is no resource ${where}` : `there is no resource of type ${type} ${where}`,
  )
}

/** Adds tags to a resource or removes them, all or none. */
export async function changeTags(
  client: Client,
  { resource_type, resource_id }: Resource,
  action: 'create' | 'delete',
  tags: readonly { readonly key: string; readonly value?: string }[],
): Promise<void> {
  const version = resource_type === IMAGES ? 'v2' : 'v3'
  const path = `/${version}/${client.projectId}/${resource_type}/${encodeURIComponent(resource_id)}/tags/action`
  try {
    await client.send({ method: 'POST', path, body: { action, tags } })
  } catch (error) {
    throw new Error(`${(error as Error).message}; no tag was changed`, { cause: error })
  }
}
