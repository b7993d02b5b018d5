import type { Catalog } from '../../catalog/catalog.ts'
import type { Profile } from '../../core/profile.ts'
import { INSTANCES } from '../../core/resource-types.ts'
import { IDENTITY_SEGMENT } from '../identity-paths.ts'
import type { Family } from '../route.ts'
import { batchTagAction } from './batch-tag-action.ts'
import { type CreationSettings, createGaussMySqlInstance } from './create-gauss-my-sql-instance.ts'
import { deleteGaussMySqlInstance } from './delete-gauss-my-sql-instance.ts'
import { describeBackupEncryptStatus } from './describe-backup-encrypt-status.ts'
import { renderTaurusdbError, TAURUSDB_ERRORS, taurusdbErrorSchema } from './errors.ts'
import { listGaussMySqlInstances } from './list-gauss-my-sql-instances.ts'
import { listInstanceConfigurations } from './list-instance-configurations.ts'
import { listInstanceTags } from './list-instance-tags.ts'
import { listProjectTags } from './list-project-tags.ts'
import { showAuditLog } from './show-audit-log.ts'
import { showAuditLogPolicy } from './show-audit-log-policy.ts'
import { showAutoExpandPolicy } from './show-auto-expand-policy.ts'
import { showAutoScalingPolicy } from './show-auto-scaling-policy.ts'
import { showGaussMySqlInstanceInfo } from './show-gauss-my-sql-instance-info.ts'
import { showGaussMySqlJobInfo } from './show-gauss-my-sql-job-info.ts'
import { showGaussMySqlProxy } from './show-gauss-my-sql-proxy.ts'
import { showInstanceDatabaseVersion } from './show-instance-database-version.ts'
import { showInstanceMonitorExtend } from './show-instance-monitor-extend.ts'
import { showMultiTenant } from './show-multi-tenant.ts'
import { showSlowlogSensitiveStatus } from './show-slowlog-sensitive-status.ts'
import { showSqlFilterControl } from './show-sql-filter-control.ts'

/** Dependencies of the database service. */
export type TaurusdbParts = CreationSettings & { readonly catalog: Catalog; readonly profile: Profile }

/** The database service, TaurusDB (GaussDB for MySQL) v3. */
export function taurusdbV3({ catalog, profile, ...settings }: TaurusdbParts): Family {
  const rules = profile.tagRulesOf(INSTANCES)
  return {
    name: 'taurusdb-v3',
    title: 'TaurusDB: instances and their tags',
    version: 'v3',
    paths: new RegExp(`^/v3/(?!${IDENTITY_SEGMENT}/)[^/?]+/(?:tags|instances?|jobs)(?:/|$|\\?)`),
    errors: TAURUSDB_ERRORS,
    renderError: renderTaurusdbError,
    errorSchema: taurusdbErrorSchema,
    languages: ['zh-cn'],
    hasRevisions: true,
    routes: [
      listProjectTags(catalog),
      listInstanceTags(catalog),
      batchTagAction(catalog, rules),
      listGaussMySqlInstances(catalog),
      showGaussMySqlInstanceInfo(catalog),
      createGaussMySqlInstance(catalog, rules, settings),
      deleteGaussMySqlInstance(catalog),
      showGaussMySqlJobInfo(catalog),
      describeBackupEncryptStatus(catalog),
      listInstanceConfigurations(catalog),
      showAuditLog(catalog),
      showAuditLogPolicy(catalog),
      showAutoExpandPolicy(catalog),
      showAutoScalingPolicy(catalog),
      showGaussMySqlProxy(catalog),
      showInstanceDatabaseVersion(catalog),
      showInstanceMonitorExtend(catalog),
      showMultiTenant(catalog),
      showSlowlogSensitiveStatus(catalog),
      showSqlFilterControl(catalog),
    ],
  }
}
