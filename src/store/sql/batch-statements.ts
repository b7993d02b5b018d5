import type {
  BatchDelete,
  BatchInsert,
  BatchSelect,
  BatchStatement,
  BatchUpdate,
  BatchUpsert,
} from './batch-statement.ts'
import { JOIN_STATE, STATE_COLUMNS } from './log-key.ts'

const RESOURCE_ROW = {
  table: 'resource',
  keys: ['project_no', 'resource_type', 'sequence'],
  partition: 'project_no',
} as const

const PREDEFINED_TAG_ROW = { table: 'predefined_tag', keys: ['domain_id', 'tag_key', 'tag_value'] } as const

export const SELECT_RESOURCE: BatchSelect = {
  kind: 'select',
  table: `resource ${JOIN_STATE}`,
  columns: [
    'resource.resource_type',
    'resource.resource_id',
    'resource.revision',
    'resource.sequence',
    ...STATE_COLUMNS,
  ],
  keys: ['resource.project_no', 'resource.resource_type', 'resource.resource_id'],
  partition: 'resource.project_no',
}

const FORMER_ROW = {
  table: 'former_resource',
  keys: ['project_no', 'resource_type', 'resource_id'],
  partition: 'project_no',
} as const

/** The deletion of a resource that is no more. */
export const SELECT_FORMER: BatchSelect = { ...FORMER_ROW, kind: 'select', columns: ['revision'] }

export const PUT_FORMER: BatchUpsert = { ...FORMER_ROW, kind: 'upsert', set: ['revision'] }

export const DELETE_FORMER: BatchDelete = { ...FORMER_ROW, kind: 'delete' }

/** The deletion of a resource at a revision. */
export const DELETE_FORMER_AT: BatchDelete = { ...FORMER_ROW, kind: 'delete', keys: [...FORMER_ROW.keys, 'revision'] }

export const INSERT_RESOURCE: BatchInsert = {
  kind: 'insert',
  table: 'resource',
  columns: ['revision', 'project_no', 'resource_type', 'sequence', 'resource_id'],
}

export const UPDATE_RESOURCE: BatchUpdate = {
  ...RESOURCE_ROW,
  kind: 'update',
  set: ['revision'],
}

export const DELETE_RESOURCE: BatchDelete = { ...RESOURCE_ROW, kind: 'delete' }

/** Deletes the members of one resource: within a project, no two resources of any type have the same sequence. */
export const DELETE_MEMBERS: BatchDelete = {
  kind: 'delete',
  table: 'image_member',
  keys: ['owner_project_id', 'image_id', 'sequence'],
  partition: 'owner_project_id',
}

const CHANGE_COLUMNS = [
  'kind',
  'resource_type',
  'resource_id',
  'sequence',
  'name',
  'detail',
  'tags',
  'actor',
  'request_id',
  'at_ms',
  'created_at_ms',
  'prior_revision',
  'cause',
]

export const INSERT_CHANGE: BatchInsert = {
  kind: 'insert',
  table: 'change_log',
  columns: ['log_key', ...CHANGE_COLUMNS],
  numbers: ['log_key', 'prior_revision'],
}

export const SELECT_CHANGE: BatchSelect = {
  kind: 'select',
  table: 'change_log',
  columns: ['revision', ...CHANGE_COLUMNS],
  keys: ['log_key'],
  numbers: ['log_key'],
}

export const DELETE_CHANGE: BatchDelete = {
  kind: 'delete',
  table: 'change_log',
  keys: ['log_key'],
  numbers: ['log_key'],
}

const PLAN_ITEM_ROW = {
  table: 'plan_item',
  keys: ['project_id', 'plan_id', 'place'],
  partition: 'project_id',
} as const

export const INSERT_PLAN_ITEM: BatchInsert = {
  kind: 'insert',
  table: 'plan_item',
  columns: [
    'project_id',
    'plan_id',
    'place',
    'resource_type',
    'resource_id',
    'patch',
    'key_order',
    'state',
    'code',
    'revision',
  ],
}

/** The result of a change that was applied, or had no effect. */
export const UPDATE_PLAN_ITEM: BatchUpdate = { ...PLAN_ITEM_ROW, kind: 'update', set: ['state', 'revision'] }

export const CONFLICT_PLAN_ITEM: BatchUpdate = { ...PLAN_ITEM_ROW, kind: 'update', set: ['state', 'code'] }

export const PUT_COVERAGE_POINT: BatchUpsert = {
  kind: 'upsert',
  table: 'coverage_point',
  keys: ['project_id', 'tag_key', 'resource_type', 'rules', 'day'],
  set: ['resources', 'tagged', 'valid'],
  partition: 'project_id',
  numbers: ['valid'],
}

export const PUT_PREDEFINED_TAG: BatchUpsert = { ...PREDEFINED_TAG_ROW, kind: 'upsert', set: ['updated_at_ms'] }

export const DELETE_PREDEFINED_TAG: BatchDelete = { ...PREDEFINED_TAG_ROW, kind: 'delete' }

/** Every batch statement but those of a copy, which follow from its tables. */
export const BATCH_STATEMENTS: Readonly<Record<string, BatchStatement>> = {
  SELECT_RESOURCE,
  SELECT_FORMER,
  PUT_FORMER,
  DELETE_FORMER,
  DELETE_FORMER_AT,
  INSERT_RESOURCE,
  UPDATE_RESOURCE,
  DELETE_RESOURCE,
  DELETE_MEMBERS,
  INSERT_CHANGE,
  SELECT_CHANGE,
  DELETE_CHANGE,
  INSERT_PLAN_ITEM,
  UPDATE_PLAN_ITEM,
  CONFLICT_PLAN_ITEM,
  PUT_COVERAGE_POINT,
  PUT_PREDEFINED_TAG,
  DELETE_PREDEFINED_TAG,
}
