import type { Static } from 'typebox'
import type { IndexedResource } from '../../core/resource.ts'
import { numberIn, objectsIn, partIn, type Recorded, readDetail, textIn, textsIn } from './detail-reader.ts'
import type { createdInstance, detailedInstance, listedInstance } from './instance-schemas.ts'
import { PARTS } from './instance-schemas.ts'

/** The only type and the only engine that the service has ("Creating a DB Instance"). */
export const INSTANCE_TYPE = 'Cluster'
export const DATASTORE_TYPE = 'gaussdb-mysql'

/** An instance as the list shows it. */
export function listed(resource: IndexedResource): Static<typeof listedInstance> {
  const known = readDetail(resource.detail)
  return shown({
    ...common(resource, known),
    region: textIn(known.region),
    private_ips: privateIpsOf(known),
    readonly_private_ips: textsIn(known.readonly_private_ips),
    proxy_ips: textsIn(known.proxy_ips),
    public_ips: textsIn(known.public_ips),
    flavor_ref: textIn(known.flavor_ref),
    flavor_info: partIn(known.flavor_info, PARTS.flavor_info),
    volume: partIn(known.volume, PARTS.volume),
  })
}

/** An instance as it is shown alone. */
export function detailed(projectId: string, resource: IndexedResource): Static<typeof detailedInstance> {
  const known = readDetail(resource.detail)
  return shown({
    ...common(resource, known),
    project_id: projectId,
    alias: textIn(known.alias),
    node_count: nodeCountOf(known),
    backup_used_space: numberIn(known.backup_used_space),
    private_write_ips: privateIpsOf(known),
    public_ips: textsIn(known.public_ips),
    configuration_id: textIn(known.configuration_id),
    az_mode: textIn(known.az_mode) ?? textIn(known.availability_zone_mode),
    master_az_code: textIn(known.master_az_code) ?? textIn(known.master_availability_zone),
    maintenance_window: textIn(known.maintenance_window),
    nodes: objectsIn(known.nodes),
    proxies: objectsIn(known.proxies),
  })
}

/** An instance as the answer to its creation shows it. */
export function created(id: string, name: string, known: Recorded): Static<typeof createdInstance> {
  return shown({
    ...{ id, name, status: statusOf(known) },
    region: textIn(known.region),
    charge_info: partIn(known.charge_info, PARTS.charge_info),
    datastore: datastoreOf(known),
    mode: typeOf(known),
    flavor_ref: textIn(known.flavor_ref),
    vpc_id: textIn(known.vpc_id),
    subnet_id: textIn(known.subnet_id),
    security_group_id: textIn(known.security_group_id),
    configuration_id: textIn(known.configuration_id),
    backup_strategy: partIn(known.backup_strategy, PARTS.backup_strategy),
    availability_zone_mode: textIn(known.availability_zone_mode),
    master_availability_zone: textIn(known.master_availability_zone),
    slave_count: numberIn(known.slave_count),
    enterprise_project_id: textIn(known.enterprise_project_id),
  })
}

function common({ id, name, createdAtMs, updatedAtMs, tags }: IndexedResource, known: Recorded) {
  return {
    ...{ id, name, status: statusOf(known), port: textIn(known.port), type: typeOf(known) },
    datastore: datastoreOf(known),
    ...{ created: timeOf(createdAtMs), updated: timeOf(updatedAtMs) },
    db_user_name: textIn(known.db_user_name),
    vpc_id: textIn(known.vpc_id),
    subnet_id: textIn(known.subnet_id),
    security_group_id: textIn(known.security_group_id),
    enterprise_project_id: textIn(known.enterprise_project_id),
    time_zone: textIn(known.time_zone),
    dedicated_resource_id: textIn(known.dedicated_resource_id),
    backup_strategy: partIn(known.backup_strategy, PARTS.backup_strategy),
    charge_info: partIn(known.charge_info, PARTS.charge_info),
    tags: [...tags],
  }
}

/** The documented values are all in capitals; an import that says nothing of a status makes it `active`. */
function statusOf({ status }: Recorded): string {
  return (textIn(status) ?? 'ACTIVE').toUpperCase()
}

/** The type of an instance, by whichever name it was registered. */
export function typeOf({ type, mode }: Recorded): string {
  return textIn(type) ?? textIn(mode) ?? INSTANCE_TYPE
}

export function datastoreOf({ datastore }: Recorded): { readonly type: string } & Readonly<Record<string, string>> {
  return { type: DATASTORE_TYPE, ...partIn(datastore, PARTS.datastore) }
}

export function privateIpsOf({ private_ips, private_write_ips }: Recorded): readonly string[] | undefined {
  return textsIn(private_ips) ?? textsIn(private_write_ips)
}

/** One node beside the read replicas that were asked for. */
function nodeCountOf({ node_count, slave_count }: Recorded): number | undefined {
  const replicas = numberIn(slave_count)
  return numberIn(node_count) ?? (replicas === undefined ? undefined : replicas + 1)
}

/** A time as the vendor prints it, such as `2022-07-14T08:26:58+0000`. */
export function timeOf(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d{3}Z$/, '+0000')
}

/** Leaves out what is not known. The casts are the price of schemas whose members are mutable. */
function shown<T>(members: Readonly<Record<string, unknown>>): T {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as T
}
