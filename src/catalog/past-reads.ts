import { AsyncLocalStorage } from 'node:async_hooks'
import { DomainError, invalid } from '../core/errors.ts'
import type { History, Moment } from './history.ts'
import { HorizonMoved } from './horizon-base.ts'
import type { IndexCache } from './index-cache.ts'
import type { PastWalk } from './past-walk.ts'
import type { ProjectIndex } from './project-index.ts'

/** The moment that a call asks for, and the name of the field or header that has it, for errors. */
export type AskedMoment = { readonly moment: Moment; readonly field: string }

/** A read at an earlier moment in progress, with the revisions of the projects that it has read. */
type PastRead = AskedMoment & { readonly revisions: Map<string, Promise<number>> }

const reads = new AsyncLocalStorage<PastRead>()

/**
 * Executes work such that all reads of the catalog that it makes are as of a moment. A parameter of every function between
 * a request and the index would say the same, on each of the many ways between them.
 */
export function asOf<T>(asked: AskedMoment, work: () => T): T {
  return reads.run({ ...asked, revisions: new Map() }, work)
}

/** What the read of an index gives, with the revision that it reflects. */
type ReadResult = { readonly revision: number; readonly release?: () => void }

/** Gives every read the index of its moment: the present one, or one that stands at an earlier revision. */
export class PastReads {
  readonly #indexes: IndexCache
  readonly #history: Pick<History, 'resolve'>
  readonly #revisionOf: (project: string) => Promise<number>

  constructor(
    indexes: IndexCache,
    history: Pick<History, 'resolve'>,
    revisionOf: (project: string) => Promise<number>,
  ) {
    this.#indexes = indexes
    this.#history = history
    this.#revisionOf = revisionOf
  }

  /**
   * Executes a read on the index of the moment. `read` may be called twice if it gives a promise; its first call takes its
   * state of the index at once or gives the revision that it reflects.
   */
  read<R extends ReadResult>(project: string, read: (index: ProjectIndex) => R | Promise<R>): Promise<R> {
    const past = reads.getStore()
    if (past === undefined) {
      return this.#indexes.fresh(project).then((index) => index.boundary.read(() => read(index)))
    }
    return this.#readPast(past, project, read)
  }

  /** Whether the work in progress reads as of an earlier moment. */
  get isPast(): boolean {
    return reads.getStore() !== undefined
  }

  /** Throws if one of some projects has no state at the moment that the work in progress reads as of. */
  async check(projects: readonly string[]): Promise<void> {
    if (this.isPast) for (const project of projects) await this.revision(project)
  }

  /** Gives the index of a project at the moment of the read in progress, as one that is not changed any more. */
  async index(project: string): Promise<ProjectIndex> {
    const past = reads.getStore() as PastRead
    return this.#indexAt(past, project, await resolve(past, project, this.#history))
  }

  /** Begins a walk through earlier states of a project. */
  walk(project: string): PastWalk {
    return this.#indexes.walk(project)
  }

  /** Gives the revision of a project at the moment: the last one, unless the work in progress reads as of another. */
  revision(project: string): Promise<number> {
    const past = reads.getStore()
    return past === undefined ? this.#revisionOf(project) : resolve(past, project, this.#history)
  }

  async #readPast<R extends ReadResult>(
    past: PastRead,
    project: string,
    read: (index: ProjectIndex) => R | Promise<R>,
  ): Promise<R> {
    const revision = await resolve(past, project, this.#history)
    if ((await this.#revisionOf(project)) === revision) {
      const result = await this.#readPresent(project, revision, read)
      if (result !== undefined) return result
    }
    return read(await this.#indexAt(past, project, revision))
  }

  /** Reads from the present index; gives undefined if it has gone on to a later revision. */
  async #readPresent<R extends ReadResult>(
    project: string,
    revision: number,
    read: (index: ProjectIndex) => R | Promise<R>,
  ): Promise<R | undefined> {
    try {
      const result = await this.#indexes.fresh(project).then((index) => {
        // Looked at in the tick in which the read begins.
        return index.revision === revision ? read(index) : undefined
      })
      if (result?.revision === revision) return result
      result?.release?.()
      return undefined
    } catch (error) {
      const isOfLater = error instanceof DomainError && (error.facts.revision ?? revision) !== revision
      if (isOfLater) return undefined
      throw error
    }
  }

  async #indexAt(past: PastRead, project: string, revision: number): Promise<ProjectIndex> {
    try {
      return await this.#indexes.at(project, revision)
    } catch (error) {
      if (!(error instanceof HorizonMoved)) throw error
      // Throws that the revision is gone, if the horizon is above it now.
      await this.#history.resolve(project, { revision }, past.field)
      throw error
    }
  }
}

/** Gives the revision of a project at the moment of a read: the same one for all that the read asks of the project. */
function resolve(past: PastRead, project: string, history: Pick<History, 'resolve'>): Promise<number> {
  const { moment, field, revisions } = past
  const known = revisions.get(project)
  if (known !== undefined) return known
  if ('revision' in moment && revisions.size > 0) {
    const rule = { name: 'well-formed', what: 'a time, because the call reads several projects' } as const
    throw invalid(field, rule, moment.revision)
  }
  const revision = history.resolve(project, moment, field)
  revisions.set(project, revision)
  return revision
}
