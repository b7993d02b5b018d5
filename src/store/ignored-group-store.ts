// A test in `test/conformance` checks each sentence of the interface below on every engine.

/** A group of near-duplicates that is not to be shown any more. */
export type IgnoredGroup = {
  readonly id: string
  /** Id of the user who said so. */
  readonly actor: string
  readonly atMs: number
}

/** Groups of near-duplicates that projects ignore. A project, and a group, is only an id here. */
export interface IgnoredGroupStore {
  /**
   * Returns the groups that a project ignores, the last ignored first.
   * The list is empty for a project that ignores none.
   */
  listIgnoredGroups(project: string): Promise<readonly IgnoredGroup[]>

  /**
   * Ignores a group from now on. A group that is ignored already gets the new user and time.
   * Of more than `groupsMax` groups those that were ignored first are forgotten.
   */
  ignoreGroup(project: string, group: IgnoredGroup, groupsMax: number): Promise<void>

  /** Ends that a group is ignored. A group that is not ignored stays so. */
  endIgnoringGroup(project: string, groupId: string): Promise<void>
}
