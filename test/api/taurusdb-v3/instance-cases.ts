import { expect } from 'vitest'
import { dbsError, TOKEN_MISSING } from '../expected.ts'
import type { Scenario } from '../scenarios.ts'

// Scenarios that all operations on instances share (D14, D15, D22).

type Request = Scenario['request']

/** A well-formed id without an instance. */
export const UNKNOWN_ID = '00000000000000000000000000000000in07'

/** Malformed ids without an instance, percent-encoded: not 36 letters and digits ending with `in07`. */
const MALFORMED_IDS = [
  '61a4ea66210545909d74a05c27a7179ein01',
  'in07',
  `${'a'.repeat(33)}in07`,
  '%20',
  '%00',
  '%E9%95%9C',
]

/** Scenarios of callers without access. `request` makes a valid request for the project in its path. */
export function outsiders(request: (project: string) => Request): readonly Scenario[] {
  return [
    {
      name: 'a request for another project is answered with 403 DBS.200044 (D15)',
      request: request('{other}'),
      ...dbsError(403, 'DBS.200044'),
    },
    {
      name: 'a domain token is answered with 403 DBS.200044',
      request: { ...request('{project}'), token: 'domain' },
      ...dbsError(403, 'DBS.200044'),
    },
    {
      name: 'a request without a token is answered with 401',
      request: { ...request('{project}'), token: null },
      ...TOKEN_MISSING,
    },
  ]
}

/** Scenarios of instances that do not exist. `request` makes a valid request for an id. */
export function missingInstances(request: (id: string) => Request): readonly Scenario[] {
  return [
    {
      name: 'an unknown instance is answered with 404 DBS.200045',
      request: request(UNKNOWN_ID),
      ...dbsError(404, 'DBS.200045'),
    },
    {
      name: "the instance of another project in the path of the caller's own project is answered with 404 DBS.200045",
      request: request('{foreign}'),
      ...dbsError(404, 'DBS.200045'),
    },
    {
      name: 'the id of an image instead of an instance is answered with 400 DBS.280404',
      request: request('{image}'),
      ...dbsError(400, 'DBS.280404'),
    },
    ...MALFORMED_IDS.map((id) => ({
      name: `the id ${id} is answered with 400 DBS.280404`,
      request: request(id),
      ...dbsError(400, 'DBS.280404'),
    })),
  ]
}

/** Matches a time in the vendor's format. */
export const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0000$/)

/** The sample request of "Creating a DB Instance". */
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

/** The minimal request. */
export const LEAST = {
  name: 'orders',
  datastore: { type: 'gaussdb-mysql', version: '8.0' },
  flavor_ref: 'flavor',
  vpc_id: 'vpc',
  subnet_id: 'subnet',
}
