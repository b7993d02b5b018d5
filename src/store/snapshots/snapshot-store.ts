// Snapshots of indexes. A loaded index answers queries without further checks, so a damaged snapshot must be rejected.

/** An open snapshot. */
export type Snapshot = {
  /** The description that was saved with it. */
  readonly head: string
  /** Reads a part into memory of the saved length. Rejects when the part is damaged. */
  read(part: number, into: Uint8Array): Promise<void>
  /** Closes the snapshot. */
  close(): Promise<void>
}

/** Stores the last snapshot of each project's index. It is a cache: a snapshot may be missing at any time. */
export interface SnapshotStore {
  /**
   * Opens the snapshot that was last saved for a project; undefined when there is none.
   * Rejects when its head is damaged or has another format.
   */
  open(project: string): Promise<Snapshot | undefined>

  /**
   * Replaces the snapshot of a project. The old one stays until the new one is complete.
   * Concurrent calls for one project do not interfere; one of them takes effect last.
   */
  save(project: string, head: string, parts: readonly Uint8Array[]): Promise<void>

  /** Returns the projects that have a snapshot, last saved first, without those that cannot be read. */
  list(): Promise<readonly string[]>

  /** Deletes the snapshot of a project, if there is one. Rejects when it cannot be deleted. */
  forget(project: string): Promise<void>
}
