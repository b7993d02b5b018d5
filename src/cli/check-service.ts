import type { ClientConfig } from '../config/config.ts'
import { IMAGES, INSTANCES } from '../core/resource-types.ts'
import type { ReadOnlyTagStore } from '../store/store.ts'
import { Client } from './client.ts'

/** A difference between the answers of a service and its store. */
export type ServiceDifference = {
  readonly project: string
  readonly what: 'service-differs' | 'service-busy'
  readonly words: string
}

/** The content of a project as comparable texts, from the service or from the store. */
type Content = { readonly revision: number; readonly items: ReadonlyMap<string, string> }

type Tags = readonly { readonly key: string; readonly value: string }[]
type Image = { readonly resource_id: string; readonly resource_name: string; readonly tags: Tags }
type TagsInUse = { readonly total_count: number; readonly tags: readonly { key: string; values: readonly string[] }[] }

const ATTEMPTS_MAX = 5
const IMAGES_PER_PAGE = 1000
const KEYS_PER_PAGE = 100

/**
 * Compares the answers of a service about a project with the rows of its store, both at the same revision. Throws if the
 * service uses another store.
 */
export async function checkService(
  config: ClientConfig,
  store: ReadOnlyTagStore,
  project: { readonly id: string; readonly name: string },
): Promise<readonly ServiceDifference[]> {
  const client = await Client.logIn(config, { project: project.name })
  if (client.projectId !== project.id) {
    throw new Error(
      `the service at ${config.endpoint} uses another store: its project ${project.name} is ${client.projectId}, not ${project.id}`,
    )
  }
  for (let attempts = 0; attempts < ATTEMPTS_MAX; attempts++) {
    const answers = await readService(client)
    if (answers === undefined) continue
    const rows = await readStore(store, project.id)
    if (rows.revision !== answers.revision) continue
    const names = new Set([...rows.items.keys(), ...answers.items.keys()])
    return Array.from(names).flatMap((name): ServiceDifference[] => {
      const stored = rows.items.get(name)
      const answered = answers.items.get(name)
      if (stored === answered) return []
      const words = `${name}: ${stored ?? 'missing'} in the store, ${answered ?? 'missing'} in the service`
      return [{ project: project.id, what: 'service-differs', words }]
    })
  }
  const words = `not compared, because the project changed during each of ${ATTEMPTS_MAX} attempts`
  return [{ project: project.id, what: 'service-busy', words }]
}

/** Reads all pages of the service. Undefined if the project changed between two pages. */
async function readService(client: Client): Promise<Content | undefined> {
  const items = new Map<string, string>()
  const revisions = new Set<string | null>()
  const path = `/v2/${client.projectId}/images/resource_instances/action`
  for (let offset = 0, total = 1; offset < total; offset += IMAGES_PER_PAGE) {
    const request = { action: 'filter', limit: String(IMAGES_PER_PAGE), offset: String(offset) }
    const page = await client.json<{ total_count: number; resources: Image[] }>({ method: 'POST', path, body: request })
    total = page.body.total_count
    revisions.add(page.revision)
    for (const { resource_id, resource_name, tags } of page.body.resources) {
      items.set(imageName(resource_id), imageText(resource_name, tags))
    }
  }
  for (let offset = 0, total = 1; offset < total; offset += KEYS_PER_PAGE) {
    const query = { offset: String(offset), limit: String(KEYS_PER_PAGE) }
    const page = await client.json<TagsInUse>({ path: `/v3/${client.projectId}/tags`, query })
    total = page.body.total_count
    revisions.add(page.revision)
    for (const { key, values } of page.body.tags) for (const value of values) items.set(...tagInUse(key, value))
  }
  const [revision] = revisions
  return revisions.size === 1 ? { revision: Number(revision), items } : undefined
}

async function readStore(store: ReadOnlyTagStore, project: string): Promise<Content> {
  const items = new Map<string, string>()
  const { revision, batches } = await store.scan(project, [IMAGES, INSTANCES])
  for await (const batch of batches) {
    for (const { type, id, name, tags } of batch) {
      if (type === IMAGES) items.set(imageName(id), imageText(name, tags))
      else for (const { key, value } of tags) items.set(...tagInUse(key, value))
    }
  }
  return { revision, items }
}

const imageName = (id: string) => `image ${id}`
const imageText = (name: string, tags: Tags) =>
  JSON.stringify([name, ...tags.map(({ key, value }) => `${key}=${value}`)])
const tagInUse = (key: string, value: string) => [`tag ${key}=${value} of instances`, 'in use'] as const
