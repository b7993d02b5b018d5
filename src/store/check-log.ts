import { hash } from 'node:crypto'
import type { ResourceType } from '../core/resource-types.ts'
import { DamagedRow } from './damaged-row.ts'
import type { Change, ReadOnlyTagStore, StoredResource } from './store.ts'

const CHANGES_PER_BATCH = 1000

/** One disagreement between the change log and the resources of a project. */
export type Difference = {
  readonly project: string
  readonly what:
    | 'log-hole'
    | 'log-damaged'
    | 'log-pointer'
    | 'log-lost'
    | 'revision'
    | 'row-damaged'
    | 'row-missing'
    | 'row-unexpected'
    | 'row-differs'
  readonly words: string
}

/** The outcome for one project, as of one revision. */
export type CheckedProject = {
  readonly revision: number
  readonly resources: number
  readonly differences: readonly Difference[]
}

/** A resource as the change log describes it. */
type Logged = {
  readonly sequence: number
  readonly createdAtMs: number
  readonly revision: number
  readonly digest: string
}

/**
 * Replays the whole change log of a project, from its horizon on, and compares the result with its resources. Both are
 * read as of one revision, so writes may continue meanwhile.
 */
export async function checkProject(store: ReadOnlyTagStore, project: string): Promise<CheckedProject> {
  const { horizon } = await store.getHistoryState(project)
  const log = new Replay(project, horizon)
  await log.readUpTo(store, await store.getRevision(project))
  const { revision, batches, damaged } = await store.scan(project)
  await log.readUpTo(store, revision)
  if ((await store.getHistoryState(project)).horizon !== horizon) {
    // Changes that were to be read next are gone. Leaving the loop releases the snapshot.
    for await (const _batch of batches) break
    return checkProject(store, project)
  }
  const { differences } = log
  if (log.revision !== revision) {
    const words = `the revision is ${revision}, and the last change in the log is ${log.revision}`
    differences.push({ project, what: 'revision', words })
  }
  let resources = 0
  for await (const batch of batches) {
    resources += batch.length
    for (const resource of batch) {
      const words = log.differenceOf(resource)
      if (words !== undefined) differences.push({ project, ...words })
    }
  }
  for (const { resource, message } of damaged) {
    log.take(resource)
    differences.push({ project, what: 'row-damaged', words: message })
  }
  for (const name of log.remaining()) {
    differences.push({ project, what: 'row-missing', words: `${name} is in the log, but has no row` })
  }
  for (const deleted of log.deleted()) {
    const words = await lostHistory(store, project, deleted)
    if (words !== undefined) differences.push({ project, what: 'log-lost', words })
  }
  return { revision, resources, differences }
}

/** The last change of a resource that does not exist any more. */
type Deletion = { readonly type: ResourceType; readonly id: string; readonly revision: number }

/** Says that the history of a deleted resource cannot be found: nothing but a row of its own leads to its last change. */
async function lostHistory(
  store: ReadOnlyTagStore,
  project: string,
  { type, id, revision }: Deletion,
): Promise<string | undefined> {
  const last = await lastChange(store, project, type, id)
  if (last === 'damaged') return undefined
  // It may exist again meanwhile, or its deletion may be forgotten.
  if (last !== undefined && last.revision >= revision) return undefined
  if ((await store.getHistoryState(project)).horizon >= revision) return undefined
  return `${type} ${id} was deleted by change ${revision}, which its history does not find`
}

/** A damaged one is named already. */
async function lastChange(
  store: ReadOnlyTagStore,
  project: string,
  type: ResourceType,
  id: string,
): Promise<Change | undefined | 'damaged'> {
  try {
    return (await store.changesOf(project, type, id, undefined, 1))[0]
  } catch (error) {
    if (!(error instanceof DamagedRow)) throw error
    return 'damaged'
  }
}

/** The resources of a project, replayed from its log. */
class Replay {
  readonly differences: Difference[] = []
  /** The last revision that was read, and at first the horizon: there may be holes up to it. */
  revision: number
  readonly #project: string
  readonly #horizon: number
  readonly #resources = new Map<string, Logged>()
  readonly #deleted = new Map<string, Deletion>()
  /** The revision of the last change of each resource, also after its deletion. */
  readonly #lastChanges = new Map<string, number>()
  #readUpTo = 0

  constructor(project: string, horizon: number) {
    this.#project = project
    this.#horizon = horizon
    this.revision = horizon
  }

  async readUpTo(store: ReadOnlyTagStore, revision: number): Promise<void> {
    for (;;) {
      const changes = await this.#read(store, revision)
      if (changes === undefined) continue
      for (const change of changes) this.#apply(change)
      if (changes.length === 0) return
    }
  }

  /** Reads the next changes. Returns undefined after it has recorded, and passed, a damaged one. */
  async #read(store: ReadOnlyTagStore, upTo: number): Promise<readonly Change[] | undefined> {
    try {
      return await store.changesSince(this.#project, this.#readUpTo, CHANGES_PER_BATCH, upTo)
    } catch (error) {
      if (!(error instanceof DamagedRow) || error.revision === undefined) throw error
      const sound = await store.changesSince(this.#project, this.#readUpTo, CHANGES_PER_BATCH, error.revision - 1)
      if (sound.length > 0) return sound
      this.differences.push({ project: this.#project, what: 'log-damaged', words: error.message })
      this.#lastChanges.set(error.resource, error.revision)
      this.#readUpTo = error.revision
      this.revision = Math.max(this.revision, error.revision)
      return undefined
    }
  }

  /** Compares a resource with its state in the log. */
  differenceOf(resource: StoredResource): Omit<Difference, 'project'> | undefined {
    const { type, id, revision, sequence, createdAtMs, updatedAtMs, ...state } = resource
    const logged = this.take(`${type} ${id}`)
    if (logged === undefined) {
      return { what: 'row-unexpected', words: `${type} ${id} has a row, but is not in the log` }
    }
    if (logged.digest !== digestOf(sequence, createdAtMs, updatedAtMs, state)) {
      return { what: 'row-differs', words: `${type} ${id} differs from its state in the log` }
    }
    if (logged.revision === revision) return undefined
    const words = `the row of ${type} ${id} names change ${revision} as its last one, and the log has ${logged.revision}`
    return { what: 'row-differs', words }
  }

  /** Removes a resource, named by type and id, from the replay and returns it. */
  take(resource: string): Logged | undefined {
    const logged = this.#resources.get(resource)
    this.#resources.delete(resource)
    return logged
  }

  /** The resources that were not taken. */
  remaining(): Iterable<string> {
    return this.#resources.keys()
  }

  /** The last changes of the resources that are gone. */
  deleted(): Iterable<Deletion> {
    return this.#deleted.values()
  }

  #apply({ revision, type, id, sequence, createdAtMs: loggedMs, after, atMs, priorRevision }: Change): void {
    const key = `${type} ${id}`
    this.#readUpTo = revision
    if (revision > this.#horizon) {
      if (revision !== this.revision + 1) {
        const words = `the log goes from revision ${this.revision} to ${revision}`
        this.differences.push({ project: this.#project, what: 'log-hole', words })
      }
      this.revision = revision
      this.#checkPointer(revision, key, priorRevision)
    }
    this.#lastChanges.set(key, revision)
    if (after === undefined) {
      this.#resources.delete(key)
      if (revision > this.#horizon) this.#deleted.set(key, { type, id, revision })
      return
    }
    this.#deleted.delete(key)
    const before = this.#resources.get(key)
    // A change of the first schema version lacks the creation time, which the resource's first change has.
    const createdAtMs = before?.sequence === sequence ? before.createdAtMs : loggedMs
    const digest = digestOf(sequence, createdAtMs, atMs, after)
    this.#resources.set(key, { sequence, createdAtMs, revision, digest })
  }

  /** A resource that is gone at the horizon may have left no change there. */
  #checkPointer(revision: number, resource: string, prior: number | undefined): void {
    const last = this.#lastChanges.get(resource)
    if (prior === last || (last === undefined && (prior as number) <= this.#horizon)) return
    const [named, found] = [prior ?? 'none', last ?? 'none']
    const words = `change ${revision} of ${resource} names ${named} as the change before it, and the log has ${found}`
    this.differences.push({ project: this.#project, what: 'log-pointer', words })
  }
}

function digestOf(
  sequence: number,
  createdAtMs: number,
  updatedAtMs: number,
  { name, detail, tags }: NonNullable<Change['after']>,
): string {
  const pairs = tags.map(({ key, value }) => [key, value])
  return hash('sha256', JSON.stringify([sequence, createdAtMs, updatedAtMs, name, detail, pairs]), 'base64')
}
