import { hash } from 'node:crypto'
import { DamagedRow } from './damaged-row.ts'
import type { Change, ReadOnlyTagStore } from './store.ts'

const CHANGES_PER_BATCH = 1000

/** One disagreement between the change log and the resources of a project. */
export type Difference = {
  readonly project: string
  readonly what:
    | 'log-hole'
    | 'log-damaged'
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
type Logged = { readonly sequence: number; readonly createdAtMs: number; readonly digest: string }

/**
 * Replays the whole change log of a project and compares the result with its resources. Both are read as of one
 * revision, so writes may continue meanwhile.
 */
export async function checkProject(store: ReadOnlyTagStore, project: string): Promise<CheckedProject> {
  const log = new Replay(project)
  await log.readUpTo(store, await store.getRevision(project))
  const { revision, batches, damaged } = await store.scan(project)
  await log.readUpTo(store, revision)
  const { differences } = log
  if (log.revision !== revision) {
    const words = `the revision is ${revision}, and the last change in the log is ${log.revision}`
    differences.push({ project, what: 'revision', words })
  }
  let resources = 0
  for await (const batch of batches) {
    resources += batch.length
    for (const { type, id, sequence, createdAtMs, updatedAtMs, ...state } of batch) {
      const logged = log.take(`${type} ${id}`)
      if (logged === undefined) {
        differences.push({ project, what: 'row-unexpected', words: `${type} ${id} has a row, but is not in the log` })
      } else if (logged.digest !== digestOf(sequence, createdAtMs, updatedAtMs, state)) {
        differences.push({ project, what: 'row-differs', words: `${type} ${id} differs from its state in the log` })
      }
    }
  }
  for (const { resource, message } of damaged) {
    log.take(resource)
    differences.push({ project, what: 'row-damaged', words: message })
  }
  for (const name of log.remaining()) {
    differences.push({ project, what: 'row-missing', words: `${name} is in the log, but has no row` })
  }
  return { revision, resources, differences }
}

/** The resources of a project, replayed from its log. */
class Replay {
  readonly differences: Difference[] = []
  revision = 0
  readonly #project: string
  readonly #resources = new Map<string, Logged>()

  constructor(project: string) {
    this.#project = project
  }

  async readUpTo(store: ReadOnlyTagStore, revision: number): Promise<void> {
    while (this.revision < revision) {
      const limit = Math.min(CHANGES_PER_BATCH, revision - this.revision)
      const changes = await this.#read(store, limit)
      if (changes === undefined) continue
      if (changes.length === 0) return
      for (const change of changes) if (change.revision <= revision) this.#apply(change)
      if ((changes.at(-1) as Change).revision > revision) return
    }
  }

  /** Reads the next changes. Returns undefined after it has recorded, and passed, a damaged one. */
  async #read(store: ReadOnlyTagStore, limit: number): Promise<readonly Change[] | undefined> {
    try {
      return await store.changesSince(this.#project, this.revision, limit)
    } catch (error) {
      if (!(error instanceof DamagedRow) || error.revision === undefined) throw error
      const sound = error.revision - this.revision - 1
      if (sound > 0) return store.changesSince(this.#project, this.revision, sound)
      this.differences.push({ project: this.#project, what: 'log-damaged', words: error.message })
      this.revision = error.revision
      return undefined
    }
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

  #apply({ revision, type, id, sequence, createdAtMs: loggedMs, after, atMs }: Change): void {
    if (revision !== this.revision + 1) {
      const words = `the log goes from revision ${this.revision} to ${revision}`
      this.differences.push({ project: this.#project, what: 'log-hole', words })
    }
    this.revision = revision
    const key = `${type} ${id}`
    if (after === undefined) {
      this.#resources.delete(key)
      return
    }
    const before = this.#resources.get(key)
    // A change of the first schema version lacks the creation time, which the resource's first change has.
    const createdAtMs = before?.sequence === sequence ? before.createdAtMs : loggedMs
    this.#resources.set(key, { sequence, createdAtMs, digest: digestOf(sequence, createdAtMs, atMs, after) })
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
