import { expect } from 'vitest'
import { dbsError, TOKEN_MISSING } from '../expected.ts'
import type { Scenario } from '../scenarios.ts'

// What every call answers that is about instances (D14, D15, D22).

type Request = Scenario['request']

/** An id as the vendor gives it, of no instance. */
export const UNKNOWN_ID = '00000000000000000000000000000000in07'

/** Ids of no instance that are not 36 letters and digits ending in `in07`, as they stand in a URL. */
const MALFORMED_IDS = [
  '61a4ea66210545909d74a05c27a7179ein01',
  'in07',
  `${'a'.repeat(33)}in07`,
  '%20',
  '%00',
  '%E9%95%9C',
]

/** Who is not let in. `request` is one that is right but for its path; `project` is filled in as the path's project. */
export function outsiders(request: (project: string) => Request): readonly Scenario[] {
  return [
    { name: '403 DBS.200044 for another project (D15)', request: request('{other}'), ...dbsError(403, 'DBS.200044') },
    {
      name: '403 DBS.200044 to a token of the domain',
      request: { ...request('{project}'), token: 'domain' },
      ...dbsError(403, 'DBS.200044'),
    },
    { name: '401 without a token', request: { ...request('{project}'), token: null }, ...TOKEN_MISSING },
  ]
}

/** Which instances are not found. `request` is one that is right but for the id. */
export function missingInstances(request: (id: string) => Request): readonly Scenario[] {
  return [
    { name: '404 DBS.200045 for an unknown instance', request: request(UNKNOWN_ID), ...dbsError(404, 'DBS.200045') },
    {
      name: '404 DBS.200045 for an instance of another project, asked for under the own one',
      request: request('{foreign}'),
      ...dbsError(404, 'DBS.200045'),
    },
    {
      name: '400 DBS.280404 for the id of an image, which is no instance',
      request: request('{image}'),
      ...dbsError(400, 'DBS.280404'),
    },
    ...MALFORMED_IDS.map((id) => ({
      name: `400 DBS.280404 for the id ${id}`,
      request: request(id),
      ...dbsError(400, 'DBS.280404'),
    })),
  ]
}

/** A time as the vendor prints it. */
export const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0000$/)

/** What "Creating a DB Instance" sends. */
export const SAMPLE = {
  name: 'taurusdb-instance1',
  region: 'eu-de',
  charge_info: { charge_mode: 'postPaid' },
  datastore: { type: 'gaussdb-mysql', version: '8.0' },
  mode: 'Cluster',
  flavor_ref: 'gaussdb.mysql.xlarge.x86.8',
  vpc_id: '3cedfc54-b105-4652-a4e0-847b11576b58',
  subnet_id: 'c1cfa53c-65d3-431e-8552-326bf310c7ad',
  security_group_id: 'fc577a1a-f202-424a-977f-24faec3fdd55',
  configuration_id: '43570e0de32e40c5a15f831aa5ce4176pr07',
  password: 'xxxxxx',
  backup_strategy: { start_time: '08:00-09:00' },
  availability_zone_mode: 'single',
  slave_count: 1,
  enterprise_project_id: 0,
}

/** The least that makes an instance. */
export const LEAST = {
  name: 'orders',
  datastore: { type: 'gaussdb-mysql', version: '8.0' },
  flavor_ref: 'flavor',
  vpc_id: 'vpc',
  subnet_id: 'subnet',
}
