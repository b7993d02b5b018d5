import { useQuery } from '@tanstack/react-query'
import { answerOf, api } from '../api/client.ts'
import { useProject } from '../session/project.ts'

/** What a plan does not say of its resources: their names, and the tags that they have now. */
export type ResourceFacts = { readonly name: string; readonly tags: ReadonlyMap<string, string> }

type Waiting = {
  readonly id: string
  readonly settle: (facts: ResourceFacts | null) => void
  readonly fail: (error: unknown) => void
}

/** One call: an expression has at most 4,096 characters and 200 ids. */
const CHARACTERS_MAX = 4000
const IDS_MAX = 200
const WAIT_MS = 20

/** Rows come into sight one by one; what they ask for within a moment is one call. */
class FactsLoader {
  readonly #project: string
  #waiting: Waiting[] = []

  constructor(project: string) {
    this.#project = project
  }

  load(type: string, id: string): Promise<ResourceFacts | null> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.length === 0) setTimeout(() => this.#flush(), WAIT_MS)
      this.#waiting.push({ id: `${type}/${id}`, settle: resolve, fail: reject })
    })
  }

  #flush(): void {
    const waiting = this.#waiting
    this.#waiting = []
    let call: Waiting[] = []
    let characters = 0
    for (const each of waiting) {
      const added = JSON.stringify(each.id).length + 2
      if (call.length === IDS_MAX || characters + added > CHARACTERS_MAX) {
        void this.#ask(call)
        call = []
        characters = 0
      }
      call.push(each)
      characters += added
    }
    void this.#ask(call)
  }

  async #ask(waiting: readonly Waiting[]): Promise<void> {
    const ids = [...new Set(waiting.map(({ id }) => id.slice(id.indexOf('/') + 1)))]
    const params = { path: { project_id: this.#project } }
    const body = { filter: `id in [${ids.map((id) => JSON.stringify(id)).join(', ')}]`, limit: 1000 }
    try {
      const { resources } = await answerOf(api.POST('/tagwerk/v1/{project_id}/resources/search', { params, body }))
      const byId = new Map(
        resources.map(({ resource_type, resource_id, resource_name, tags }) => [
          `${resource_type}/${resource_id}`,
          { name: resource_name, tags: new Map(tags.map(({ key, value }) => [key, value])) },
        ]),
      )
      for (const { id, settle } of waiting) settle(byId.get(id) ?? null)
    } catch (error) {
      for (const { fail } of waiting) fail(error)
    }
  }
}

/** Gives the name and the tags of a resource; undefined until they are there, null for one that is gone. */
export function useResourceFacts(type: string, id: string): ResourceFacts | null | undefined {
  const project = useProject().id
  const { data } = useQuery({
    queryKey: ['project', project, 'facts', type, id],
    queryFn: () => loaderOf(project).load(type, id),
    meta: { isLive: true },
    retry: false,
  })
  return data
}

const loaders = new Map<string, FactsLoader>()

function loaderOf(project: string): FactsLoader {
  const loader = loaders.get(project) ?? new FactsLoader(project)
  loaders.set(project, loader)
  return loader
}
