import type { SchemaDialect } from './dialect.ts'

/** See `log-key.ts`. */
const REVISIONS = 1_099_511_627_776

const STATE = 'kind resource_type resource_id sequence name detail tags actor request_id at_ms created_at_ms'
const COLUMNS = [...STATE.split(' '), 'prior_revision', 'cause'].join(', ')

/**
 * The state of a resource is stored once, in the change that made it; its row names that change. Rows have the number of
 * their project instead of its id.
 */
export function oneCopyMigration({ clustered, text, bigKey, generated, numbered }: SchemaDialect): readonly string[] {
  const key = `project_state.project_no * ${REVISIONS} + old.revision`
  return [
    `ALTER TABLE project_state ADD COLUMN project_no BIGINT ${numbered}`,
    `UPDATE project_state SET project_no = numbered.project_no FROM (
       SELECT project_id, ROW_NUMBER() OVER (ORDER BY project_id) AS project_no FROM project_state
     ) AS numbered WHERE project_state.project_id = numbered.project_id`,
    'CREATE UNIQUE INDEX project_state_by_number ON project_state (project_no)',

    'ALTER TABLE change_log RENAME TO old_change_log',
    `CREATE TABLE change_log (
      log_key ${bigKey} NOT NULL PRIMARY KEY,
      project_no BIGINT GENERATED ALWAYS AS (log_key >> 40) ${generated},
      revision BIGINT GENERATED ALWAYS AS (log_key & ${REVISIONS - 1}) ${generated},
      kind ${text} NOT NULL,
      resource_type ${text} NOT NULL,
      resource_id ${text} NOT NULL,
      sequence BIGINT NOT NULL,
      name ${text},
      detail ${text},
      tags ${text},
      actor ${text} NOT NULL,
      request_id ${text} NOT NULL,
      at_ms BIGINT NOT NULL,
      created_at_ms BIGINT,
      prior_revision BIGINT,
      cause ${text}
    )`,
    // Where row and change differ the row is kept, because it is what was served.
    `INSERT INTO change_log (log_key, ${COLUMNS})
     SELECT ${key}, kind, old.resource_type, old.resource_id, old.sequence,
       CASE WHEN held.resource_id IS NULL THEN old.name ELSE held.name END,
       CASE WHEN held.resource_id IS NULL THEN old.detail ELSE held.detail END,
       CASE WHEN held.resource_id IS NULL THEN old.tags ELSE held.tags END,
       actor, request_id, at_ms,
       CASE WHEN held.resource_id IS NULL THEN old.created_at_ms ELSE held.created_at_ms END,
       prior_revision, cause
     FROM old_change_log AS old JOIN project_state ON project_state.project_id = old.project_id
     LEFT JOIN resource AS held ON held.project_id = old.project_id AND held.resource_type = old.resource_type
       AND held.resource_id = old.resource_id AND held.revision = old.revision
     ORDER BY project_state.project_no, old.revision`,
    // A resource whose change is missing in the log.
    `INSERT INTO change_log (log_key, ${COLUMNS})
     SELECT ${key}, 'register', resource_type, resource_id, sequence, name, detail, tags, '', '', updated_at_ms,
       created_at_ms, NULL, NULL
     FROM resource AS old JOIN project_state ON project_state.project_id = old.project_id
     WHERE NOT EXISTS (SELECT 1 FROM old_change_log AS logged
       WHERE logged.project_id = old.project_id AND logged.revision = old.revision)`,
    'DROP TABLE old_change_log',

    'ALTER TABLE resource RENAME TO old_resource',
    'DROP INDEX resource_by_id',
    `CREATE TABLE resource (
      project_no BIGINT NOT NULL,
      resource_type ${text} NOT NULL,
      sequence BIGINT NOT NULL,
      resource_id ${text} NOT NULL,
      revision BIGINT NOT NULL,
      PRIMARY KEY (project_no, resource_type, sequence)
    ) ${clustered}`,
    `INSERT INTO resource (project_no, resource_type, sequence, resource_id, revision)
     SELECT project_no, resource_type, sequence, resource_id, old.revision
     FROM old_resource AS old JOIN project_state ON project_state.project_id = old.project_id
     ORDER BY project_no, resource_type, sequence`,
    'CREATE UNIQUE INDEX resource_by_id ON resource (project_no, resource_type, resource_id)',
    'DROP TABLE old_resource',

    'ALTER TABLE former_resource RENAME TO old_former_resource',
    `CREATE TABLE former_resource (
      project_no BIGINT NOT NULL,
      resource_type ${text} NOT NULL,
      resource_id ${text} NOT NULL,
      revision BIGINT NOT NULL,
      PRIMARY KEY (project_no, resource_type, resource_id)
    ) ${clustered}`,
    `INSERT INTO former_resource (project_no, resource_type, resource_id, revision)
     SELECT project_no, resource_type, resource_id, old.revision
     FROM old_former_resource AS old JOIN project_state ON project_state.project_id = old.project_id
     ORDER BY project_no, resource_type, resource_id`,
    'DROP TABLE old_former_resource',
  ]
}
