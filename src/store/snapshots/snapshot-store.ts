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

/** A snapshot that is kept, under the revision that its keeper has given. */
export type KeptSnapshot = { readonly revision: number; readonly keptAtMs: number }

/** Stores the last snapshot of each project's index, and earlier ones that are kept. It is a cache: a snapshot may be missing at any time. */
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

  /**
   * Keeps the snapshot that was last saved for a project under a revision, so that later ones do not replace it.
   * It does nothing when there is none, and when one is kept under that revision.
   */
  keep(project: string, revision: number): Promise<void>

  /** Returns the kept snapshots of a project, by ascending revision. */
  listKept(project: string): Promise<readonly KeptSnapshot[]>

  /**
   * Opens the snapshot that is kept under a revision; undefined when there is none.
   * Rejects when its head is damaged or has another format.
   */
  openKept(project: string, revision: number): Promise<Snapshot | undefined>

  /** Deletes the snapshot that is kept under a revision, if there is one. Rejects when it cannot be deleted. */
  forgetKept(project: string, revision: number): Promise<void>
}
