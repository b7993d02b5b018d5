/** The limits of a project, by their names in the API. */
export const LIMITS = [
  'resources_max',
  'detail_bytes_max',
  'requests_per_second_max',
  'requests_in_flight_max',
  'imports_max',
  'exports_max',
  'dry_runs_max',
  'history_days',
] as const
export type LimitName = (typeof LIMITS)[number]

/** Limits of which 0 is none. */
export const UNLIMITED_AT_0: readonly LimitName[] = [
  'requests_per_second_max',
  'requests_in_flight_max',
  'history_days',
]
