import type { Static } from 'typebox'
import type { IndexedResource } from '../../core/resource.ts'
import { omitUndefined } from '../omit-undefined.ts'
import { type Detail, numberIn, objectsIn, readDetail, stringIn, stringMembersIn, stringsIn } from './detail-reader.ts'
import { nodeCountOf, nodesOf } from './instance-nodes.ts'
import type { createdInstance, detailedInstance, listedInstance } from './instance-schemas.ts'
import { SHOWN_MEMBERS } from './instance-schemas.ts'

/** The only instance type and engine of the service ("Creating a DB Instance"). */
export const INSTANCE_TYPE = 'Cluster'
export const DATASTORE_TYPE = 'gaussdb-mysql'

/** Renders an item of the list of instances. */
export function listedInstanceView(resource: IndexedResource): Static<typeof listedInstance> {
  const detail = readDetail(resource.detail)
  return withoutUndefined({
    ...common(resource, detail),
    region: stringIn(detail.region),
    private_ips: privateIpsOf(detail),
    readonly_private_ips: stringsIn(detail.readonly_private_ips),
    proxy_ips: stringsIn(detail.proxy_ips),
    public_ips: stringsIn(detail.public_ips),
    flavor_ref: stringIn(detail.flavor_ref),
    flavor_info: stringMembersIn(detail.flavor_info, SHOWN_MEMBERS.flavor_info),
    volume: stringMembersIn(detail.volume, SHOWN_MEMBERS.volume),
  })
}

/** Renders a single instance. */
export function instanceView(projectId: string, resource: IndexedResource): Static<typeof detailedInstance> {
  const detail = readDetail(resource.detail)
  return withoutUndefined({
    ...common(resource, detail),
    project_id: projectId,
    alias: stringIn(detail.alias),
    node_count: nodeCountOf(detail),
    backup_used_space: numberIn(detail.backup_used_space),
    private_write_ips: privateIpsOf(detail),
    // COMPAT: one text here, unlike in lists [OT, PS]. Terraform's provider cannot read an array [CG].
    public_ips: stringIn(stringsIn(detail.public_ips)?.join(',')),
    configuration_id: stringIn(detail.configuration_id),
    az_mode: stringIn(detail.az_mode) ?? stringIn(detail.availability_zone_mode),
    master_az_code: stringIn(detail.master_az_code) ?? stringIn(detail.master_availability_zone),
    maintenance_window: stringIn(detail.maintenance_window),
    nodes: nodesOf(resource, detail, statusOf(detail)),
    proxies: objectsIn(detail.proxies),
  })
}

/** Renders the response to the creation of an instance. */
export function createdInstanceView(id: string, name: string, detail: Detail): Static<typeof createdInstance> {
  return withoutUndefined({
    id,
    name,
    status: statusOf(detail),
    region: stringIn(detail.region),
    charge_info: stringMembersIn(detail.charge_info, SHOWN_MEMBERS.charge_info),
    datastore: datastoreOf(detail),
    mode: typeOf(detail),
    flavor_ref: stringIn(detail.flavor_ref),
    vpc_id: stringIn(detail.vpc_id),
    subnet_id: stringIn(detail.subnet_id),
    security_group_id: stringIn(detail.security_group_id),
    configuration_id: stringIn(detail.configuration_id),
    backup_strategy: stringMembersIn(detail.backup_strategy, SHOWN_MEMBERS.backup_strategy),
    availability_zone_mode: stringIn(detail.availability_zone_mode),
    master_availability_zone: stringIn(detail.master_availability_zone),
    slave_count: numberIn(detail.slave_count),
    enterprise_project_id: stringIn(detail.enterprise_project_id),
  })
}

function common({ id, name, createdAtMs, updatedAtMs, tags }: IndexedResource, detail: Detail) {
  return {
    id,
    name,
    status: statusOf(detail),
    port: stringIn(detail.port),
    type: typeOf(detail),
    datastore: datastoreOf(detail),
    created: formatTime(createdAtMs),
    updated: formatTime(updatedAtMs),
    db_user_name: stringIn(detail.db_user_name),
    vpc_id: stringIn(detail.vpc_id),
    subnet_id: stringIn(detail.subnet_id),
    security_group_id: stringIn(detail.security_group_id),
    enterprise_project_id: stringIn(detail.enterprise_project_id),
    time_zone: stringIn(detail.time_zone),
    dedicated_resource_id: stringIn(detail.dedicated_resource_id),
    backup_strategy: stringMembersIn(detail.backup_strategy, SHOWN_MEMBERS.backup_strategy),
    charge_info: stringMembersIn(detail.charge_info, SHOWN_MEMBERS.charge_info),
    tags: [...tags],
  }
}

/** Upper-cased, as all documented values are: an import without a status registers `active`. */
function statusOf({ status }: Detail): string {
  return (stringIn(status) ?? 'ACTIVE').toUpperCase()
}

/** The type of an instance, registered as `type` or as `mode`. */
export function typeOf({ type, mode }: Detail): string {
  return stringIn(type) ?? stringIn(mode) ?? INSTANCE_TYPE
}

export function datastoreOf({ datastore }: Detail): { readonly type: string } & Readonly<Record<string, string>> {
  return { type: DATASTORE_TYPE, ...stringMembersIn(datastore, SHOWN_MEMBERS.datastore) }
}

export function privateIpsOf({ private_ips, private_write_ips }: Detail): readonly string[] | undefined {
  return stringsIn(private_ips) ?? stringsIn(private_write_ips)
}

/** Formats a time as the vendor does, such as `2022-07-14T08:26:58+0000`. */
export function formatTime(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d{3}Z$/, '+0000')
}

/** Omits undefined members. The cast is needed because the static types of schemas have mutable members. */
function withoutUndefined<T>(members: Readonly<Record<string, unknown>>): T {
  return omitUndefined(members) as T
}
