import type { World } from './world.ts'

let last = 0

/** Creates a project with tags and gives its id. */
export async function taggedProject({ ask }: World, ...tags: readonly string[]): Promise<string> {
  const { status, text, body } = await ask('POST', '/v3/projects', { project: { name: `tagged-${++last}`, tags } })
  if (status !== 201) throw new Error(`creating the project failed: ${status} ${text}`)
  return body.project.id
}

/** Gives the tags that a project has by its own answer. */
export async function tagsOf({ ask }: World, id: string): Promise<readonly string[]> {
  return (await ask('GET', `/v3/projects/${id}`)).body.project.tags
}

export const TAGS_MAX = 80

/** `count` different tags. */
export const manyTags = (count: number): string[] => Array.from({ length: count }, (_, i) => `t${i}`)
