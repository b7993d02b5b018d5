/** Leases of work that one process of all does at a time. */
export interface LeaseStore {
  /**
   * Takes a lease until a time, or extends it. Returns false when another holder has it at this time.
   * Of two concurrent calls with different holders at most one takes it.
   * A lease that has ended can be taken by anybody.
   */
  takeLease(name: string, holder: string, atMs: number, untilMs: number): Promise<boolean>
}
