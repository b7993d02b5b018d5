/** What is counted: the resources of a type that have a key. */
export type CoverageSeries = {
  /** Empty: all types together. */
  readonly type: string
  /** Empty: any key. */
  readonly key: string
  /** Id of the rules by which values are valid; empty for a count of keys alone. */
  readonly rules: string
}

/** The counts of one series at the end of a day. */
export type CoverageCount = {
  readonly resources: number
  /** Those that have the key. */
  readonly tagged: number
  /** Those whose value is valid by the rules; undefined without rules. */
  readonly valid: number | undefined
}

/** A day, in days since 1970 UTC, and the last revision of the project on it. */
export type CoverageDay = { readonly day: number; readonly revision: number }

/** Counts of resources with certain keys, by day. A project is only an id here. */
export interface CoverageStore {
  /**
   * Stores the counts of a day, all or none. Those of the same series and day are replaced; others stay.
   * Two concurrent calls lose neither.
   * Nothing is stored for a project that was deleted, until all that was stored for it is forgotten.
   */
  putCoverage(project: string, day: CoverageDay, counts: readonly (CoverageSeries & CoverageCount)[]): Promise<void>

  /** Returns the days from `from` to `to`, both included, for which counts are stored, ascending. */
  listCoverageDays(project: string, from: number, to: number): Promise<readonly CoverageDay[]>

  /** Returns the counts of one series from day `from` to `to`, both included, ascending by day. */
  getCoverage(
    project: string,
    series: CoverageSeries,
    from: number,
    to: number,
  ): Promise<readonly (CoverageCount & { readonly day: number })[]>

  /** Deletes one series of a project that was deleted. Returns the number of its rows; 0 when nothing is left. */
  forgetCoverage(): Promise<number>
}
