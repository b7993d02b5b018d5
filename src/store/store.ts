import { DomainError, type Facts } from '../core/errors.ts'
import type { ProjectUsage } from '../core/project-quota.ts'
import type { Resource, ResourceState } from '../core/resource.ts'
import type { Loss } from '../core/resource-loss.ts'
import type { ResourceType } from '../core/resource-types.ts'
import type { ChangeRules } from '../core/tag.ts'
import type { TagChange } from '../core/tag-change.ts'
import type { AccountStore } from './account-store.ts'
import type { CoverageStore } from './coverage-store.ts'
import type { DamagedRow } from './damaged-row.ts'
import type { IgnoredGroupStore } from './ignored-group-store.ts'
import type { ImageMemberStore } from './image-member-store.ts'
import type { LeaseStore } from './lease-store.ts'
import type { PlanStore } from './plan-store.ts'
import type { PredefinedTagStore } from './predefined-tag-store.ts'

// A test in `test/conformance` checks each sentence of the interfaces below, and of those that `Store` extends, on
// every engine.

/** Why the engine fails, in the words that callers of the service read: no paths, addresses or statements. */
const FAILURES = {
  full: 'The disk of the store is full.',
  'read-only': 'The store is read-only.',
  disk: 'The disk of the store fails.',
  // SQLite reports a read that the disk refuses as damage. "tagwerk check" tells the two apart.
  damaged: 'The disk of the store failed to read, or the store is damaged.',
  unreachable: 'The database cannot be reached.',
  busy: 'The database is too slow.',
  other: 'The store has failed.',
} as const

export type StoreFailure = keyof typeof FAILURES

/** Thrown when the engine fails: the disk is full, the file was deleted, the store is closed. */
export class StoreUnavailable extends Error {
  readonly failure: StoreFailure

  /** The message is for the log: it may name files and addresses. */
  constructor(message: string, failure: StoreFailure = 'other', options?: ErrorOptions) {
    super(message, options)
    this.failure = failure
  }
}

/** Describes a failure of the store for callers. */
export function describeFailure(failure: StoreFailure): string {
  return FAILURES[failure]
}

/** The error for a caller whose call failed with the store. */
export function unavailable({ failure }: StoreUnavailable): DomainError {
  return new DomainError('unavailable', { retryAfterSeconds: 1, detail: describeFailure(failure) })
}

/** The code of a request that was not applied because another one of its unit was refused. */
export const NOT_APPLIED = 'not-applied'

/** One request to change one resource. */
export type WriteRequest = {
  readonly type: ResourceType
  readonly id: string
  readonly change: TagChange
  /** The limits that `decide` applies. */
  readonly rules: ChangeRules
  /** Id of the user who sent the request. */
  readonly actor: string
  /** Id of the HTTP request. */
  readonly requestId: string
  /** Time of the request, milliseconds since 1970 UTC. */
  readonly atMs: number
  /** What the request is a part of, such as `plan:<id>` or `undo:<id>`; undefined for a plain call. */
  readonly cause?: string | undefined
}

/** One committed change, as the change log holds it. */
export type Change = {
  readonly revision: number
  readonly kind: TagChange['kind']
  readonly type: ResourceType
  readonly id: string
  /** Number of the resource in order of creation, unique within the project. */
  readonly sequence: number
  /** When the resource was created. */
  readonly createdAtMs: number
  /** The whole resource after the change; undefined when the change deleted it. */
  readonly after: ResourceState | undefined
  readonly actor: string
  readonly requestId: string
  /** Time of the request, or that of the project's change before if it is later. */
  readonly atMs: number
  /** Revision of the change of this type and id before, also across a deletion; undefined for the first ever. */
  readonly priorRevision: number | undefined
  /** See `WriteRequest.cause`. */
  readonly cause: string | undefined
}

/** How far the change log of a project goes. Every number is 0 for a project that was never written. */
export type HistoryState = {
  /** The last committed revision. */
  readonly revision: number
  /**
   * The changes above this revision are all in the log. At or below it the log holds the state of each resource that was
   * there at this revision, as its last change, and may hold others. It is 0 while nothing was forgotten.
   */
  readonly horizon: number
  /** The time of the change at the horizon. */
  readonly horizonAtMs: number
  /** The time of the last change. */
  readonly lastAtMs: number
}

/** The outcome of one request. `revision` is the project's revision right after the request was decided. */
export type Verdict =
  | {
      readonly outcome: 'changed'
      readonly revision: number
      readonly created: boolean
      readonly change: Change
      /** What the change took away from a resource that stays; undefined for nothing. */
      readonly loss?: Loss | undefined
    }
  | { readonly outcome: 'unchanged'; readonly revision: number }
  | { readonly outcome: 'refused'; readonly revision: number; readonly code: string; readonly facts: Facts }

/** A resource with the revision of its last change. */
export type StoredResource = Resource & { readonly revision: number }

/** A snapshot of the resources of one project. */
export type Scan = {
  readonly revision: number
  /** Batches of resources. Leaving the loop early releases the snapshot. */
  readonly batches: AsyncIterable<readonly StoredResource[]>
  /** The rows that are damaged, complete when all batches are read. */
  readonly damaged: readonly DamagedRow[]
}

/** Reads of the change log as the history of a project. */
export interface HistoryReads {
  /** Returns how far the change log of a project goes. */
  getHistoryState(project: string): Promise<HistoryState>

  /**
   * Returns up to `limit` changes below the revision `before`, or the last ones without it, newest first.
   * It returns no change at or below the horizon.
   * It rejects with a DamagedRow when the row of one of these changes is damaged.
   */
  changesBefore(project: string, before: number | undefined, limit: number): Promise<readonly Change[]>

  /**
   * Returns up to `limit` changes of one resource below the revision `before`, or the last ones without it, newest first.
   * It goes on across deletions, to the first change of this type and id.
   * At or below the horizon it returns at most one change, which is the state of the resource at the horizon.
   * It rejects with a DamagedRow when the row of one of these changes is damaged.
   */
  changesOf(
    project: string,
    type: ResourceType,
    id: string,
    before: number | undefined,
    limit: number,
  ): Promise<readonly Change[]>

  /**
   * Returns the change of each revision, in the order of the revisions, undefined where the log has none.
   * It rejects with a DamagedRow when the row of one of these changes is damaged.
   */
  getChanges(project: string, revisions: readonly number[]): Promise<readonly (Change | undefined)[]>

  /**
   * Returns the last revision whose time is not above `atMs`.
   * It is 0 when there is none, and when it is below the horizon.
   */
  revisionAt(project: string, atMs: number): Promise<number>
}

/** What a step of forgetting took away. */
export type ForgottenChanges = {
  /** How many changes the horizon has moved over; 0: nothing is left to forget. */
  readonly changes: number
  /** How many changes are no longer in the log. */
  readonly rows: number
}

/** The end of old history. */
export interface HistoryWrites {
  /**
   * Moves the horizon of a project over up to `limit` changes from before `beforeMs`, never over the last change, and
   * returns how many it moved over.
   * It deletes the changes at or below the new horizon that a later one there replaces, and the deletions there.
   * It moves the horizon and deletes in one transaction, so that the log always is what `HistoryState.horizon` says.
   */
  forgetHistory(project: string, beforeMs: number, limit: number): Promise<ForgottenChanges>
}

/**
 * Resources with their tags, and the log of their changes. A project is only an id here. Every text is returned exactly
 * as it was given, whatever its characters, and compares by code point.
 */
export interface TagStore extends HistoryReads {
  /**
   * Returns the last committed revision of a project.
   * It is 0 for a project that was never written.
   */
  getRevision(project: string): Promise<number>

  /**
   * Returns how many resources a project has, and how many bytes their details take as JSON in UTF-8.
   * Both are 0 for a project that was never written.
   */
  getUsage(project: string): Promise<ProjectUsage>

  /**
   * Returns the types that a project has resources of, in ascending order.
   */
  getTypes(project: string): Promise<readonly ResourceType[]>

  /**
   * Returns up to `limit` committed changes above `revision`, in order, without gaps above the horizon.
   * It returns no change above the revision `upTo`, if that is given.
   * No change is committed with a lower revision than one that a reader has seen.
   * It rejects with a DamagedRow when the row of one of these changes is damaged.
   */
  changesSince(project: string, revision: number, limit: number, upTo?: number): Promise<readonly Change[]>

  /**
   * Returns every resource of the requested types, type by type in the given order, each in order of creation, with the
   * revision that they reflect.
   * Without types, it returns those of every type, in ascending order of the types' names.
   * All of it is one snapshot: a change committed after the call is not in it.
   * A damaged row is left out and named in `damaged`; all others are returned.
   */
  scan(project: string, types?: readonly ResourceType[]): Promise<Scan>

  /**
   * Decides each request, in order, on the state that the requests before it left, inside one transaction.
   * It returns a verdict for each request, in the same order.
   * Every request that changes something raises the project's revision by one and appends one change to the log.
   * A quota in the rules is checked on the usage of the project then, so that concurrent calls do not exceed it.
   * A request that is refused, or that changes nothing, leaves no trace and does not affect the others.
   * Consecutive requests with the same unit are an exception: when one is refused, none of them is applied, and the others
   * are refused with `not-applied`.
   * A request on a damaged row is refused with `internal` and does not affect the others, except that `register` replaces
   * the row and `delete` without conditions removes it.
   * A resource keeps its sequence and its creation time while it exists; when it is registered again after a deletion
   * it gets new ones.
   * The creation time of a resource is that of its registration, by default the time of that change.
   * The time of a change is that of its request, or that of the project's change before if it is later.
   * A change names the change of the same type and id before it, also across a deletion.
   * The members of an image are deleted with it.
   * Two concurrent calls on one resource lose neither change.
   * It returns when the result is durable; when it fails, nothing of the call is applied.
   */
  commit(project: string, requests: readonly WriteRequest[]): Promise<readonly Verdict[]>
}

/** The reads of a tag store. */
export type ReadOnlyTagStore = Pick<TagStore, 'getRevision' | 'getTypes' | 'changesSince' | 'scan' | keyof HistoryReads>

/** The connections of a store that have one use. */
export type ConnectionUse = {
  readonly use: string
  readonly inUse: number
  readonly idle: number
  /** Calls that wait for a connection. */
  readonly waiting: number
  readonly limit: number
}

/** How often the write-ahead log was emptied, and how often reads or an error prevented it. */
export type CheckpointCounts = { readonly done: number; readonly prevented: number }

/** What a store uses at one moment, for metrics. */
export type StoreStatistics = {
  /** Connections to a server, by use; none for a store in a file. */
  readonly connections: readonly ConnectionUse[]
  /** Size of the write-ahead log in a file; undefined for a server. */
  readonly walBytes: number | undefined
  /** Checkpoints of that log by this process; undefined where another process or a server makes them. */
  readonly checkpoints: CheckpointCounts | undefined
}

/** The whole store. A record that does not exist is `undefined`, never an error. */
export interface Store
  extends TagStore,
    HistoryWrites,
    AccountStore,
    ImageMemberStore,
    PredefinedTagStore,
    PlanStore,
    IgnoredGroupStore,
    CoverageStore,
    LeaseStore {
  /** Commits a transaction that changes no record. It fails when a write would fail now. */
  probeWrite(): Promise<void>

  /**
   * Returns the use of connections, or the size and the checkpoints of the write-ahead log, as the engine has them.
   * No more connections are open than their limit.
   */
  statistics(): StoreStatistics

  /** Finishes the calls in flight and releases all resources; later calls are refused. A second call does nothing. */
  close(): Promise<void>
}
