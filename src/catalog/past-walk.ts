import type { PastLoader } from './past-loader.ts'
import type { ProjectIndex } from './project-index.ts'

/**
 * Walks through earlier states of a project, from lower to higher revisions, with one index of its own that it takes on:
 * many states cost little more than the last.
 */
export class PastWalk {
  readonly #loader: Pick<PastLoader, 'loadOwn' | 'advance'>
  readonly #project: string
  #index: ProjectIndex | undefined

  constructor(loader: Pick<PastLoader, 'loadOwn' | 'advance'>, project: string) {
    this.#loader = loader
    this.#project = project
  }

  /** Gives the index at a revision, until the next call. Throws `HorizonMoved` as `PastLoader.load`. */
  async at(revision: number): Promise<ProjectIndex> {
    if (this.#index === undefined || this.#index.revision > revision) {
      this.#index = await this.#loader.loadOwn(this.#project, revision)
    } else await this.#loader.advance(this.#project, this.#index, revision)
    return this.#index
  }
}
