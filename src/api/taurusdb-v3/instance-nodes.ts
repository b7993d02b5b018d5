import type { IndexedResource } from '../../core/resource.ts'
import { omitUndefined } from '../omit-undefined.ts'
import { type Detail, numberIn, objectsIn, stringIn, stringMembersIn } from './detail-reader.ts'
import { NODES_MAX } from './limits.ts'

/** The number of nodes of an instance: as registered, otherwise the primary node and the read replicas. */
export function nodeCountOf({ node_count, slave_count }: Detail): number | undefined {
  const replicas = numberIn(slave_count)
  return numberIn(node_count) ?? (replicas === undefined ? undefined : replicas + 1)
}

/**
 * The nodes of an instance: as registered, otherwise derived from their number, so that clients see the read replicas
 * and the volume that they asked for (contract 3.6). Undefined if the number is unknown.
 */
export function nodesOf(instance: IndexedResource, detail: Detail, status: string): readonly Detail[] | undefined {
  const registered = objectsIn(detail.nodes)
  if (registered !== undefined) return registered
  const count = nodeCountOf(detail)
  if (count === undefined || count > NODES_MAX) return undefined
  const shared = {
    status,
    flavor_ref: stringIn(detail.flavor_ref),
    region_code: stringIn(detail.region),
    volume: volumeOf(detail),
  }
  const zone = stringIn(detail.master_availability_zone) ?? stringIn(detail.master_az_code)
  const isInOneZone = (stringIn(detail.availability_zone_mode) ?? stringIn(detail.az_mode)) === 'single'
  return Array.from({ length: count }, (_, i) => {
    const isPrimary = i === 0
    const number = String(i + 1).padStart(2, '0')
    return omitUndefined({
      id: `${instance.id.replace(/in07$/, '').slice(0, 30)}${number}no07`,
      name: `${instance.name}_node${number}`,
      type: isPrimary ? 'master' : 'slave',
      az_code: isPrimary || isInOneZone ? zone : undefined,
      ...shared,
    })
  })
}

/** COMPAT: `size` is a number in a node, where lists of instances have a text [PS]. */
function volumeOf({ volume }: Detail): Detail | undefined {
  const known = stringMembersIn(volume, ['type', 'size'])
  if (known === undefined) return undefined
  const { type, size } = known
  return omitUndefined({ type, size: size !== undefined && /^\d{1,9}$/.test(size) ? Number(size) : undefined })
}
