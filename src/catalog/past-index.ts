import type { ProjectIndex } from './project-index.ts'

/** Holds an index that stands at an earlier revision and is not changed any more. */
export class PastIndex {
  readonly revision: number
  /** Nothing ever uses the holder in the background. */
  readonly isIdle = true
  #index: ProjectIndex | undefined

  constructor(revision: number, index: ProjectIndex) {
    this.revision = revision
    this.#index = index
  }

  get index(): ProjectIndex | undefined {
    return this.#index
  }

  drop(): void {
    this.#index = undefined
  }
}
