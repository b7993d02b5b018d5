import type { PolicyReads } from '../../src/catalog/policy-rules.ts'
import type { EffectivePolicy } from '../../src/core/policy/effective-policy.ts'
import type { ProjectUsage } from '../../src/core/project-quota.ts'
import type { ResourceState } from '../../src/core/resource.ts'
import type { ResourceType } from '../../src/core/resource-types.ts'
import { decide, type TagChange } from '../../src/core/tag-change.ts'
import { DamagedRow } from '../../src/store/damaged-row.ts'
import type {
  Change,
  HistoryState,
  Scan,
  StoredResource,
  TagStore,
  Verdict,
  WriteRequest,
} from '../../src/store/store.ts'

type Method = keyof TagStore

/** One recorded call: method, project, and the relevant arguments. */
export type StoreCall = readonly [method: Method, project: string, ...rest: readonly unknown[]]

type Hold = { readonly method: Method; readonly project: string | undefined; readonly released: Promise<void> }

/**
 * An in-memory store that records its calls, and whose calls can be blocked or made to fail. A blocked read has already
 * read its answer; a blocked commit has not been applied.
 */
export class FakeStore implements TagStore, PolicyReads {
  readonly calls: StoreCall[] = []
  readonly #logs = new Map<string, Change[]>()
  readonly #resources = new Map<string, Map<string, StoredResource>>()
  /** Kept by every write: counting would make tens of thousands of writes quadratic. */
  readonly #usages = new Map<string, ProjectUsage>()
  readonly #sequences = new Map<string, number>()
  readonly #revisions = new Map<string, number>()
  readonly #lastRevisions = new Map<string, number>()
  readonly #horizons = new Map<string, { readonly horizon: number; readonly horizonAtMs: number }>()
  readonly #holds = new Set<Hold>()
  readonly #failures: { readonly method: Method; readonly error: Error }[] = []
  /** Resources per batch of a scan. */
  scanBatch = 1000
  /** Ids of resources whose rows are damaged. */
  readonly damaged = new Set<string>()

  /** The recorded calls of one method, in order. */
  callsOf(method: Method): readonly StoreCall[] {
    return this.calls.filter(([name]) => name === method)
  }

  /** Blocks calls of a method, for one project if given, until the returned function is called. */
  hold(method: Method, project?: string): () => void {
    const { promise, resolve } = Promise.withResolvers<void>()
    const hold = { method, project, released: promise }
    this.#holds.add(hold)
    return () => {
      this.#holds.delete(hold)
      resolve()
    }
  }

  /** Makes the next call of a method reject. */
  failNext(method: Method, error: Error): void {
    this.#failures.push({ method, error })
  }

  /** Removes the changes up to a revision from the log. */
  truncateLog(project: string, revision: number): void {
    this.#logs.set(
      project,
      (this.#logs.get(project) ?? []).filter((change) => change.revision > revision),
    )
  }

  /** Forgets the changes up to a revision but the state there, as a retention of the history does. */
  forgetHistory(project: string, horizon: number): void {
    const log = this.log(project)
    const last = new Map(log.filter(({ revision }) => revision <= horizon).map((change) => [nameOf(change), change]))
    this.#logs.set(
      project,
      log.filter((c) => c.revision > horizon || (c.after !== undefined && last.get(nameOf(c)) === c)),
    )
    const horizonAtMs = log.findLast(({ revision }) => revision <= horizon)?.atMs ?? 0
    this.#horizons.set(project, { horizon, horizonAtMs })
  }

  #horizonOf(project: string): { readonly horizon: number; readonly horizonAtMs: number } {
    return this.#horizons.get(project) ?? { horizon: 0, horizonAtMs: 0 }
  }

  /** Replaces the log, as retention does. */
  replaceLog(project: string, log: readonly Change[]): void {
    this.#logs.set(project, [...log])
  }

  log(project: string): readonly Change[] {
    return [...(this.#logs.get(project) ?? [])]
  }

  /** Writes like another process on the same store. */
  writeElsewhere(project: string, ...requests: readonly WriteRequest[]): readonly Verdict[] {
    return requests.map((request) => this.#apply(project, request))
  }

  async getRevision(project: string): Promise<number> {
    this.calls.push(['getRevision', project])
    const revision = this.#revisions.get(project) ?? 0
    await this.#pass('getRevision', project)
    return revision
  }

  async getUsage(project: string): Promise<ProjectUsage> {
    return this.#usage(project)
  }

  #usage(project: string): ProjectUsage {
    return this.#usages.get(project) ?? { resources: 0, detailBytes: 0 }
  }

  /** Puts a resource, or nothing, in the place of the one of that name. */
  #replace(project: string, name: string, next: StoredResource | undefined): void {
    const resources = this.#resources.get(project) ?? new Map<string, StoredResource>()
    this.#resources.set(project, resources)
    const usage = this.#usage(project)
    const bytesOf = (resource: StoredResource | undefined) => Buffer.byteLength(resource?.detail ?? '')
    const detailBytes = usage.detailBytes + bytesOf(next) - bytesOf(resources.get(name))
    if (next === undefined) resources.delete(name)
    else resources.set(name, next)
    this.#usages.set(project, { resources: resources.size, detailBytes })
  }

  #resourcesOf(project: string): readonly StoredResource[] {
    return [...(this.#resources.get(project)?.values() ?? [])]
  }

  /** What the tag policies of every project say. Commits are not held to it. */
  policy: EffectivePolicy = { rules: [] }

  async getEffectivePolicy(): Promise<EffectivePolicy> {
    return this.policy
  }

  async getTypes(project: string): Promise<readonly ResourceType[]> {
    return [...new Set(this.#resourcesOf(project).map(({ type }) => type))].sort()
  }

  async changesSince(
    project: string,
    revision: number,
    limit: number,
    upTo = Number.MAX_SAFE_INTEGER,
  ): Promise<readonly Change[]> {
    this.calls.push(['changesSince', project, revision, limit, upTo])
    const changes = this.log(project).filter((change) => change.revision > revision && change.revision <= upTo)
    await this.#pass('changesSince', project)
    return changes.slice(0, limit)
  }

  async getHistoryState(project: string): Promise<HistoryState> {
    const last = this.log(project).at(-1)
    const revision = this.#revisions.get(project) ?? 0
    return { revision, ...this.#horizonOf(project), lastAtMs: last?.atMs ?? 0 }
  }

  async changesBefore(project: string, before = Number.MAX_SAFE_INTEGER, limit: number): Promise<readonly Change[]> {
    const { horizon } = this.#horizonOf(project)
    const changes = this.log(project).filter(({ revision }) => revision < before && revision > horizon)
    return changes.reverse().slice(0, limit)
  }

  async changesOf(
    project: string,
    type: ResourceType,
    id: string,
    before = Number.MAX_SAFE_INTEGER,
    limit: number,
  ): Promise<readonly Change[]> {
    const { horizon } = this.#horizonOf(project)
    const ofResource = this.log(project).filter((change) => change.type === type && change.id === id)
    const atHorizon = ofResource.findLast(({ revision }) => revision <= horizon)
    const base = atHorizon?.after === undefined ? [] : [atHorizon]
    const changes = [...base, ...ofResource.filter(({ revision }) => revision > horizon)]
    return changes
      .filter(({ revision }) => revision < before)
      .reverse()
      .slice(0, limit)
  }

  async getChanges(project: string, revisions: readonly number[]): Promise<readonly (Change | undefined)[]> {
    const log = new Map(this.log(project).map((change) => [change.revision, change]))
    await this.#pass('getChanges', project)
    return revisions.map((revision) => log.get(revision))
  }

  async revisionAt(project: string, atMs: number): Promise<number> {
    const { horizon, horizonAtMs } = this.#horizonOf(project)
    const above = this.log(project).findLast((change) => change.atMs <= atMs && change.revision > horizon)
    return above?.revision ?? (horizonAtMs <= atMs ? horizon : 0)
  }

  async scan(project: string, types?: readonly ResourceType[]): Promise<Scan> {
    this.calls.push(['scan', project, types])
    const resources = (types ?? (await this.getTypes(project))).flatMap((type) =>
      this.#resourcesOf(project).filter((resource) => resource.type === type),
    )
    const revision = this.#revisions.get(project) ?? 0
    await this.#pass('scan', project)
    const size = this.scanBatch
    const sound = resources.filter(({ id }) => !this.damaged.has(id))
    const damaged = resources
      .filter(({ id }) => this.damaged.has(id))
      .map(({ type, id }) => new DamagedRow(`${type} ${id}`, undefined, new Error('damage')))
    const batches = (async function* () {
      for (let i = 0; i < sound.length; i += size) yield sound.slice(i, i + size)
    })()
    return { revision, batches, damaged }
  }

  async commit(project: string, requests: readonly WriteRequest[]): Promise<readonly Verdict[]> {
    this.calls.push(['commit', project, requests.map(({ id }) => id)])
    await this.#pass('commit', project)
    return requests.map((request) => this.#apply(project, request))
  }

  async #pass(method: Method, project: string): Promise<void> {
    const failure = this.#failures.findIndex((each) => each.method === method)
    const error = failure < 0 ? undefined : this.#failures.splice(failure, 1)[0]?.error
    for (const hold of this.#holds) {
      if (hold.method === method && (hold.project ?? project) === project) await hold.released
    }
    if (error !== undefined) throw error
  }

  #apply(project: string, request: WriteRequest): Verdict {
    const { type, id, change, actor, requestId, cause } = request
    const last = this.#logs.get(project)?.at(-1)
    const atMs = Math.max(request.atMs, last?.atMs ?? 0)
    const place = nameOf(request)
    const current = this.#resources.get(project)?.get(place)
    const decision = decide(current, change, request.rules, this.#usage(project))
    const before = this.#revisions.get(project) ?? 0
    if (decision.outcome === 'unchanged') return { outcome: 'unchanged', revision: before }
    if (decision.outcome === 'refused') return { ...decision, revision: before }
    const revision = before + 1
    this.#revisions.set(project, revision)
    const sequence = current?.sequence ?? (this.#sequences.get(project) ?? 0) + 1
    this.#sequences.set(project, Math.max(sequence, this.#sequences.get(project) ?? 0))
    const requested = change.kind === 'register' ? change.createdAtMs : undefined
    const createdAtMs = current?.createdAtMs ?? requested ?? atMs
    const times = { createdAtMs, updatedAtMs: atMs }
    const name = JSON.stringify([project, type, id])
    const next: StoredResource | undefined = decision.next && {
      ...decision.next,
      type,
      id,
      sequence,
      revision,
      ...times,
    }
    this.#replace(project, place, next)
    const entry: Change = {
      revision,
      kind: change.kind,
      type,
      id,
      sequence,
      createdAtMs,
      after: next && { name: next.name, detail: next.detail, tags: next.tags },
      actor,
      requestId,
      atMs,
      priorRevision: this.#lastRevisions.get(name),
      cause,
    }
    this.#lastRevisions.set(name, revision)
    // Appends in place: copying the log would make tens of thousands of writes quadratic.
    const log = this.#logs.get(project)
    if (log === undefined) this.#logs.set(project, [entry])
    else log.push(entry)
    return { outcome: 'changed', revision, created: current === undefined, change: entry }
  }
}

const nameOf = ({ type, id }: Pick<Change, 'type' | 'id'>) => `${type}/${id}`

export function request(id: string, change: TagChange = register(), type: ResourceType = 'images'): WriteRequest {
  return { type, id, change, rules: { tagsPerResourceMax: 10 }, actor: 'user-1', requestId: 'request-1', atMs: 1000 }
}

/** Registers a resource with tags such as `a=1`. */
export function register(state: Partial<ResourceState> = {}): TagChange {
  return { kind: 'register', state: { name: '', detail: '{}', tags: [], ...state } }
}

/** Waits until all work is done that no hold blocks. */
export async function settle(): Promise<void> {
  for (let tick = 0; tick < 5; tick++) await new Promise((resolve) => setImmediate(resolve))
}
