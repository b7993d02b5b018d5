import type { Catalog } from '../../catalog/catalog.ts'
import type { Family } from '../route.ts'
import { renderTaurusdbError, TAURUSDB_ERRORS, taurusdbErrorSchema } from './errors.ts'
import { listInstanceTags } from './list-instance-tags.ts'
import { listProjectTags } from './list-project-tags.ts'

/** The database service, TaurusDB (GaussDB for MySQL) v3. */
export function taurusdbV3(catalog: Catalog): Family {
  return {
    name: 'taurusdb-v3',
    title: 'TaurusDB: tags',
    version: 'v3',
    paths: /^\/v3\/[^/]+\/(tags|instances)(\/|$|\?)/,
    errors: TAURUSDB_ERRORS,
    renderError: renderTaurusdbError,
    errorSchema: taurusdbErrorSchema,
    languages: ['zh-cn'],
    hasRevisions: true,
    routes: [listProjectTags(catalog), listInstanceTags(catalog)],
  }
}
