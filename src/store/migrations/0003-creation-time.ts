/** The change log holds when a resource was created, so that its readers need not read the resource. */
export function creationTimeMigration(): readonly string[] {
  return ['ALTER TABLE change_log ADD COLUMN created_at_ms BIGINT']
}
