import type { Facts } from '../core/errors.ts'
import type { Resource, ResourceState } from '../core/resource.ts'
import type { ResourceType } from '../core/resource-type.ts'
import type { ChangeRules } from '../core/tag.ts'
import type { TagChange } from '../core/tag-change.ts'
import type { AccountStore } from './account-store.ts'
import type { ImageMemberStore } from './image-member-store.ts'
import type { PredefinedTagStore } from './predefined-tag-store.ts'

// Each sentence in a comment of an interface below, and in those that `Store` joins, is held by a test of `test/conformance`, on every engine.

/** Thrown when the engine cannot do its work: the disk is full, the file is gone, the store is closed. */
export class StoreUnavailable extends Error {}

/** One request to change one resource. */
export type WriteRequest = {
  readonly type: ResourceType
  readonly id: string
  readonly change: TagChange
  /** The limits that `decide` applies. */
  readonly rules: ChangeRules
  /** Id of the user who asks. */
  readonly actor: string
  /** Id of the HTTP request that asks. */
  readonly requestId: string
  /** Time of the request, milliseconds since 1970 UTC. */
  readonly atMs: number
}

/** One committed change: what the change log holds. */
export type Change = {
  readonly revision: number
  readonly kind: TagChange['kind']
  readonly type: ResourceType
  readonly id: string
  /** The resource's place in the order of creation. */
  readonly sequence: number
  /** When the resource came to be. */
  readonly createdAtMs: number
  /** The whole resource after the change; undefined when the change deleted it. */
  readonly after: ResourceState | undefined
  readonly actor: string
  readonly requestId: string
  readonly atMs: number
}

/** What became of one request. `revision` is the project's revision right after the request was decided. */
export type Verdict =
  | { readonly outcome: 'changed'; readonly revision: number; readonly created: boolean; readonly change: Change }
  | { readonly outcome: 'unchanged'; readonly revision: number }
  | { readonly outcome: 'refused'; readonly revision: number; readonly code: string; readonly facts: Facts }

/** Resources of one project as of one moment. */
export type Scan = {
  readonly revision: number
  /** Batches of resources. Leaving the loop early gives the snapshot back. */
  readonly batches: AsyncIterable<readonly Resource[]>
}

/**
 * Resources with their tags, and the log of what changed about them. A project here is only an id. Every text comes back
 * exactly as it was given, whatever characters are in it, and compares by code point.
 */
export interface TagStore {
  /**
   * Gives the last committed revision of a project.
   * It is 0 for a project that was never written.
   */
  getRevision(project: string): Promise<number>

  /**
   * Gives up to `limit` committed changes above `revision`, in order, without holes.
   * A change once skipped by a reader never appears later with a lower revision.
   */
  changesSince(project: string, revision: number, limit: number): Promise<readonly Change[]>

  /**
   * Gives every resource of the types asked for, type by type, each in order of creation, together with the revision
   * that they reflect.
   * All of it is one snapshot: a change committed after the call does not show.
   */
  scan(project: string, types: readonly ResourceType[]): Promise<Scan>

  /**
   * Decides each request, in order, on the state that the ones before it left, inside one transaction.
   * It returns a verdict for each request, in the same order.
   * Every request that changes something raises the project's revision by one and adds one change to the log.
   * A request that is refused, or that changes nothing, leaves no trace and does not hurt its neighbours.
   * A resource keeps its sequence and the time it was created at while it exists; one made again after a deletion gets
   * new ones.
   * With an image go its members.
   * A resource was created when its registration says, or else at the time of the request.
   * Two concurrent calls on one resource lose neither change.
   * It returns only when the result is durable, and after a failure nothing of the call is applied.
   */
  commit(project: string, requests: readonly WriteRequest[]): Promise<readonly Verdict[]>
}

/** The reads of a tag store. */
export type ReadOnlyTagStore = Pick<TagStore, 'getRevision' | 'changesSince' | 'scan'>

/** A store of everything. What is not found is `undefined`; only the catalogue turns that into an error. */
export interface Store extends TagStore, AccountStore, ImageMemberStore, PredefinedTagStore {
  /** Finishes what is under way and lets go of everything. A second call does nothing. */
  close(): Promise<void>
}
