import { type TSchema, Type } from 'typebox'

export const tagSchema = Type.Object({ key: Type.String(), value: Type.String() })

const text = Type.Optional(Type.String())
const texts = Type.Optional(Type.Array(Type.String()))
const unknownObjects = Type.Optional(
  Type.Array(Type.Object({}, { additionalProperties: true }), { description: 'As registered.' }),
)

/** Schema of an object of optional strings. */
function stringMembers<const Names extends readonly string[]>(names: Names) {
  return Type.Optional(Type.Object(Object.fromEntries(names.map((name): [string, TSchema] => [name, text]))))
}

/** The members shown of each object inside an instance, all as strings ("Querying DB Instances", D23). */
export const SHOWN_MEMBERS = {
  datastore: ['type', 'version', 'kernel_version'],
  flavor_info: ['vcpus', 'ram'],
  volume: ['type', 'size'],
  backup_strategy: ['start_time', 'keep_days'],
  charge_info: ['charge_mode', 'order_id'],
} as const

const common = {
  id: Type.String(),
  name: Type.String(),
  status: Type.String(),
  port: text,
  type: Type.String(),
  datastore: Type.Object({ type: Type.String(), version: text, kernel_version: text }),
  created: Type.String({ description: 'For example 2022-07-14T08:26:58+0000.' }),
  updated: Type.String(),
  db_user_name: text,
  vpc_id: text,
  subnet_id: text,
  security_group_id: text,
  enterprise_project_id: text,
  time_zone: text,
  dedicated_resource_id: text,
  backup_strategy: stringMembers(SHOWN_MEMBERS.backup_strategy),
  charge_info: stringMembers(SHOWN_MEMBERS.charge_info),
  tags: Type.Array(tagSchema, { description: 'All tags of the instance.' }),
}

/** An item of the list of instances (contract 3.3). Unknown members are omitted. */
export const listedInstance = Type.Object({
  ...common,
  region: text,
  private_ips: texts,
  readonly_private_ips: texts,
  proxy_ips: texts,
  public_ips: texts,
  flavor_ref: text,
  flavor_info: stringMembers(SHOWN_MEMBERS.flavor_info),
  volume: stringMembers(SHOWN_MEMBERS.volume),
})

/** A single instance ("Querying Details of a DB Instance"). */
export const detailedInstance = Type.Object({
  ...common,
  project_id: Type.String(),
  alias: text,
  node_count: Type.Optional(Type.Integer()),
  backup_used_space: Type.Optional(Type.Number({ description: 'Gigabytes.' })),
  private_write_ips: texts,
  public_ips: Type.Optional(Type.String({ description: 'Several addresses are joined by commas.' })),
  configuration_id: text,
  az_mode: text,
  master_az_code: text,
  maintenance_window: text,
  nodes: Type.Optional(
    Type.Array(Type.Object({}, { additionalProperties: true }), {
      description: 'As registered; otherwise one for each of the known number of nodes.',
    }),
  ),
  proxies: unknownObjects,
})

/** An instance in the response to its creation ("Creating a DB Instance"), without tags. */
export const createdInstance = Type.Object({
  id: Type.String(),
  name: Type.String(),
  status: Type.String(),
  region: text,
  charge_info: stringMembers(SHOWN_MEMBERS.charge_info),
  datastore: Type.Object({ type: Type.String(), version: text, kernel_version: text }),
  mode: Type.String(),
  flavor_ref: text,
  vpc_id: text,
  subnet_id: text,
  security_group_id: text,
  configuration_id: text,
  backup_strategy: stringMembers(SHOWN_MEMBERS.backup_strategy),
  availability_zone_mode: text,
  master_availability_zone: text,
  slave_count: Type.Optional(Type.Integer()),
  enterprise_project_id: text,
})
