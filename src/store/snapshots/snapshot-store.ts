// Snapshots of indexes. Whoever reads one trusts it with what it answers, so a snapshot that is not whole is none.

/** A snapshot that can be read. */
export type Snapshot = {
  /** What its writer noted about it. */
  readonly head: string
  /** Fills a part into memory of the length that was saved. Rejects when the part is damaged. */
  read(part: number, into: Uint8Array): Promise<void>
  /** Lets go of the snapshot. */
  close(): Promise<void>
}

/** Keeps for each project the last snapshot of its index. It is a cache: what is in it may be gone at any time. */
export interface SnapshotStore {
  /**
   * Gives the snapshot that was last saved for a project; undefined when there is none.
   * Rejects when there is one whose head is damaged or of another format.
   */
  open(project: string): Promise<Snapshot | undefined>

  /**
   * Saves a snapshot in place of the one before, which stays until the new one is whole.
   * Two savers of one project do not disturb each other; one of them is last.
   */
  save(project: string, head: string, parts: readonly Uint8Array[]): Promise<void>

  /** Gives the projects that have a snapshot, the one saved last first; damaged ones are left out. */
  list(): Promise<readonly string[]>

  /** Forgets the snapshot of a project; nothing happens when there is none. */
  forget(project: string): Promise<void>
}
