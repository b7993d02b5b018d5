/** Error codes of Tagwerk's own API, in addition to the common ones. */
export type TagwerkErrorCode =
  | 'project-not-found'
  | 'filter-invalid'
  | 'precondition-failed'
  | 'near-duplicates-not-found'
  | 'plan-not-found'
  | 'plan-state'
  | 'plan-conflicts'
  | 'plan-limit-reached'
  | 'idempotency-key-reused'
  | 'work-limit-reached'
  | 'total-work-limit-reached'
