/** The change log says when a resource was created, for whoever follows it without reading the resources. */
export function creationTimeMigration(): readonly string[] {
  return ['ALTER TABLE change_log ADD COLUMN created_at_ms BIGINT']
}
