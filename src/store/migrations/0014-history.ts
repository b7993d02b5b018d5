import type { SchemaDialect } from './dialect.ts'

/** Times above this are no times. In a damaged row a time may also be a text, which SQLite orders above all numbers. */
const TIME_MAX = Number.MAX_SAFE_INTEGER

/**
 * The change log can be read as a history: each change names the one of its resource before it, and times never decrease
 * within a project, so that a time is found by a binary search. The clock of an older program may have gone back; such a
 * change gets the time of the one before it.
 */
export function historyMigration({ clustered, text }: SchemaDialect): readonly string[] {
  return [
    'ALTER TABLE change_log ADD COLUMN prior_revision BIGINT',
    `ALTER TABLE change_log ADD COLUMN cause ${text}`,
    'ALTER TABLE project_state ADD COLUMN last_at_ms BIGINT NOT NULL DEFAULT 0',
    'ALTER TABLE project_state ADD COLUMN horizon BIGINT NOT NULL DEFAULT 0',
    'ALTER TABLE project_state ADD COLUMN horizon_at_ms BIGINT NOT NULL DEFAULT 0',
    `CREATE TABLE former_resource (
      project_id ${text} NOT NULL,
      resource_type ${text} NOT NULL,
      resource_id ${text} NOT NULL,
      revision BIGINT NOT NULL,
      PRIMARY KEY (project_id, resource_type, resource_id)
    ) ${clustered}`,
    // A change of the first schema lacks the time of creation, which was its own time before it was raised.
    `UPDATE change_log SET prior_revision = found.prior,
       created_at_ms = CASE WHEN at_ms < found.top THEN COALESCE(created_at_ms, at_ms) ELSE created_at_ms END,
       at_ms = CASE WHEN at_ms < found.top THEN found.top ELSE at_ms END
     FROM (
       SELECT project_id, revision,
         LAG(revision) OVER (PARTITION BY project_id, resource_type, resource_id ORDER BY revision) AS prior,
         MAX(CASE WHEN at_ms BETWEEN 0 AND ${TIME_MAX} THEN at_ms END)
           OVER (PARTITION BY project_id ORDER BY revision) AS top
       FROM change_log
     ) AS found
     WHERE change_log.project_id = found.project_id AND change_log.revision = found.revision
       AND (found.prior IS NOT NULL OR at_ms < found.top)`,
    `UPDATE resource SET updated_at_ms = logged.at_ms FROM change_log AS logged
     WHERE logged.project_id = resource.project_id AND logged.revision = resource.revision
       AND logged.resource_type = resource.resource_type AND logged.resource_id = resource.resource_id
       AND logged.at_ms BETWEEN updated_at_ms + 1 AND ${TIME_MAX}`,
    `UPDATE project_state SET last_at_ms = COALESCE((
       SELECT MAX(CASE WHEN at_ms BETWEEN 0 AND ${TIME_MAX} THEN at_ms END) FROM change_log
       WHERE change_log.project_id = project_state.project_id
     ), 0)`,
    `INSERT INTO former_resource (project_id, resource_type, resource_id, revision)
     SELECT project_id, resource_type, resource_id, MAX(revision) FROM change_log
     WHERE tags IS NULL AND NOT EXISTS (
       SELECT 1 FROM resource WHERE resource.project_id = change_log.project_id
         AND resource.resource_type = change_log.resource_type AND resource.resource_id = change_log.resource_id
     )
     GROUP BY project_id, resource_type, resource_id`,
  ]
}
