import type { CopyTable } from './endpoints.ts'

/** The key columns by which a distributed database may spread a table over machines. */
const PARTITION_COLUMNS = ['project_id', 'project_no', 'owner_project_id', 'member_project_id']

/** Describes a table by its key columns and its other columns, each a list separated by spaces. */
function table(name: string, key: string, rest = ''): CopyTable {
  const keyColumns = key.split(' ')
  const columns = rest === '' ? keyColumns : [...keyColumns, ...rest.split(' ')]
  const partition = PARTITION_COLUMNS.find((column) => column === keyColumns[0])
  return { name, columns, keyLength: keyColumns.length, ...(partition === undefined ? {} : { partition }) }
}

/** The change log. Every write of a resource adds a row, and rows are removed only with a change of `project_state`. */
export const LOG_TABLE: CopyTable = {
  ...table(
    'change_log',
    'log_key',
    'kind resource_type resource_id sequence name detail tags actor request_id at_ms created_at_ms prior_revision cause',
  ),
  bigKey: 'log_key',
}

/** Tables whose every write also adds a row to the change log, or changes one of `project_state`. */
const OF_PROJECTS = [
  table('resource', 'project_no resource_type sequence', 'resource_id revision'),
  LOG_TABLE,
  table('former_resource', 'project_no resource_type resource_id', 'revision'),
]

/** A table whose every write also changes a row of `plan`. */
const OF_PLANS = [
  table('plan_item', 'project_id plan_id place', 'resource_type resource_id patch key_order state code revision'),
]

/** Tables whose every write also changes a row of `coverage_state`. */
const OF_COVERAGE = [
  table('coverage_day', 'project_id day', 'revision'),
  table('coverage_point', 'project_id tag_key resource_type rules day', 'resources tagged valid'),
]

/** A table whose every write also changes the row of `account_state`. */
const OF_ACCOUNTS = [
  table(
    'account_log',
    'revision',
    'domain_id at_ms actor_id actor_name address request_id event target_kind target_id target_name detail',
  ),
]

/** The tables by which a copy detects that its source has changed meanwhile. They are small. */
export const CHANGE_DETECTION_TABLES: readonly CopyTable[] = [
  table('account_state', 'only_row', 'revision signing_key'),
  table('signing_key', 'key_id', 'private_key verifies_until_ms'),
  table('domain', 'domain_id', 'name description enabled'),
  table('project', 'project_id', 'domain_id name description enabled tags token_generation limits'),
  table('app_user', 'user_id', 'domain_id name password_hash enabled description email token_generation attributes'),
  table('role_assignment', 'user_id scope scope_id role'),
  table(
    'custom_role',
    'role_id',
    'domain_id display_name description description_cn type policy created_at_ms updated_at_ms',
  ),
  table('access_key', 'access_key', 'secret_key user_id description active locked created_at_ms'),
  table('revoked_token', 'token_id', 'expires_at_ms'),
  table('predefined_tag_state', 'domain_id'),
  table('predefined_tag', 'domain_id tag_key tag_value', 'updated_at_ms'),
  table('image_member_state', 'member_project_id'),
  table('image_member', 'owner_project_id image_id sequence member_project_id', 'status created_at_ms updated_at_ms'),
  table(
    'project_state',
    'project_id',
    'project_no revision last_sequence resource_count detail_bytes last_at_ms horizon horizon_at_ms policy_hash',
  ),
  table('ignored_group', 'project_id group_id', 'actor at_ms'),
  table('tag_policy', 'level place_id name', 'document settings actor updated_at_ms'),
  table('effective_policy', 'policy_hash', 'content'),
  table('plan_state', 'project_id'),
  table('coverage_state', 'project_id', 'writes removed'),
  table('lease', 'name', 'holder until_ms'),
  table(
    'plan',
    'project_id plan_id',
    'state head summary undo_of revision items next_place applied conflicts applied_from applied_to actor created_at_ms applied_by applied_at_ms expires_at_ms idempotency_key body_hash',
  ),
]

/**
 * Every table but `schema_version`, in the order in which they are copied. A test compares the list with the schema.
 */
export const COPY_TABLES: readonly CopyTable[] = [
  ...CHANGE_DETECTION_TABLES,
  ...OF_PROJECTS,
  ...OF_PLANS,
  ...OF_COVERAGE,
  ...OF_ACCOUNTS,
]
