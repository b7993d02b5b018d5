import { expect, it } from 'vitest'
import { taurusdbV3 } from '../../../src/api/taurusdb-v3/index.ts'
import type { Catalog } from '../../../src/catalog/catalog.ts'
import { profileOf } from '../../../src/core/profile.ts'

// The family of a path selects the format of errors for paths without a route.

const NO_CATALOG = {} as Catalog
const { paths } = taurusdbV3({ catalog: NO_CATALOG, profile: profileOf('huawei'), region: 'local', newId: () => '' })
const PROJECT = '054e292c9880d4992f02c0196d3ea468'

it.each([
  `/v3/${PROJECT}/tags`,
  `/v3/${PROJECT}/tags?limit=1`,
  `/v3/${PROJECT}/instances`,
  `/v3/${PROJECT}/instances/i/tags/action`,
  `/v3/${PROJECT}/instance/i/audit-log/switch-status`,
  `/v3/${PROJECT}/jobs?id=x`,
  '/v3/%zz/instances',
  '/v3/authors/tags',
])('%s is a path of the database service', (path) => {
  expect(paths.test(path)).toBe(true)
})

it.each([
  '/v3/auth/tags',
  '/v3/auth/tokens',
  '/v3/projects/tags',
  `/v3/projects/${PROJECT}/tags`,
  '/v3/users/instances',
  '/v3/users/jobs/x',
  '/v3/groups/tags',
  '/v3/domains/tags',
  '/v3/roles/tags',
  '/v3/regions/instances',
  '/v3/OS-CREDENTIAL/tags',
  '/v3/tags',
  `/v3/${PROJECT}`,
  `/v3/${PROJECT}/tagsoup`,
  `/v3/?x=/${PROJECT}/tags`,
  `/v3/${PROJECT}?x=/tags`,
  `/v2/${PROJECT}/tags`,
])('%s is not a path of the database service', (path) => {
  expect(paths.test(path)).toBe(false)
})
