import type { ClientConfig } from '../config/config.ts'
import type { ReadOnlyTagStore } from '../store/store.ts'
import { Client } from './client.ts'

/** A difference between the answers of a service and its store. */
export type ServiceDifference = {
  readonly project: string
  readonly what: 'service-differs' | 'service-busy'
  readonly words: string
}

/** Answers of a service about a project, as sorted strings to compare. */
type Answers = { readonly revision: number; readonly said: ReadonlyMap<string, string> }

type Tags = readonly { readonly key: string; readonly value: string }[]
type Image = { readonly resource_id: string; readonly resource_name: string; readonly tags: Tags }
type TagsInUse = { readonly total_count: number; readonly tags: readonly { key: string; values: readonly string[] }[] }

const TRIES_MAX = 5
const IMAGES_PER_PAGE = 1000
const KEYS_PER_PAGE = 100

/** Compares what a service answers about a project with the rows of its store, both as of one revision. Throws when it works on another store. */
export async function checkService(
  config: ClientConfig,
  store: ReadOnlyTagStore,
  project: { readonly id: string; readonly name: string },
): Promise<readonly ServiceDifference[]> {
  const client = await Client.logIn(config, { project: project.name })
  if (client.projectId !== project.id) {
    throw new Error(
      `the service at ${config.endpoint} works on another store: its project ${project.name} is ${client.projectId}, not ${project.id}`,
    )
  }
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const answers = await answersOf(client)
    if (answers === undefined) continue
    const rows = await rowsOf(store, project.id)
    if (rows.revision !== answers.revision) continue
    const names = new Set([...rows.said.keys(), ...answers.said.keys()])
    return Array.from(names).flatMap((name): ServiceDifference[] => {
      const [kept, said] = [rows.said.get(name), answers.said.get(name)]
      if (kept === said) return []
      const words = `${name} is ${kept ?? 'not there'} in the store, and ${said ?? 'not there'} by the service`
      return [{ project: project.id, what: 'service-differs', words }]
    })
  }
  const words = `it changed during each of ${TRIES_MAX} comparisons with the service`
  return [{ project: project.id, what: 'service-busy', words }]
}

/** Undefined when the project changed between two answers. */
async function answersOf(client: Client): Promise<Answers | undefined> {
  const said = new Map<string, string>()
  const revisions = new Set<string | null>()
  const path = `/v2/${client.projectId}/images/resource_instances/action`
  for (let offset = 0, total = 1; offset < total; offset += IMAGES_PER_PAGE) {
    const request = { action: 'filter', limit: String(IMAGES_PER_PAGE), offset: String(offset) }
    const page = await client.json<{ total_count: number; resources: Image[] }>({ method: 'POST', path, body: request })
    total = page.body.total_count
    revisions.add(page.revision)
    for (const { resource_id, resource_name, tags } of page.body.resources) {
      said.set(imageName(resource_id), imageText(resource_name, tags))
    }
  }
  for (let offset = 0, total = 1; offset < total; offset += KEYS_PER_PAGE) {
    const query = { offset: String(offset), limit: String(KEYS_PER_PAGE) }
    const page = await client.json<TagsInUse>({ path: `/v3/${client.projectId}/tags`, query })
    total = page.body.total_count
    revisions.add(page.revision)
    for (const { key, values } of page.body.tags) for (const value of values) said.set(...tagInUse(key, value))
  }
  const [revision] = revisions
  return revisions.size === 1 ? { revision: Number(revision), said } : undefined
}

async function rowsOf(store: ReadOnlyTagStore, project: string): Promise<Answers> {
  const said = new Map<string, string>()
  const { revision, batches } = await store.scan(project, ['images', 'instances'])
  for await (const batch of batches) {
    for (const { type, id, name, tags } of batch) {
      if (type === 'images') said.set(imageName(id), imageText(name, tags))
      else for (const { key, value } of tags) said.set(...tagInUse(key, value))
    }
  }
  return { revision, said }
}

const imageName = (id: string) => `image ${id}`
const imageText = (name: string, tags: Tags) =>
  JSON.stringify([name, ...tags.map(({ key, value }) => `${key}=${value}`)])
const tagInUse = (key: string, value: string) => [`tag ${key}=${value} of instances`, 'in use'] as const
