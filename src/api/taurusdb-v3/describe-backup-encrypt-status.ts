import { Type } from 'typebox'
import type { Catalog } from '../../catalog/catalog.ts'
import type { Route } from '../route.ts'
import { instanceFeature, switchState } from './instance-feature.ts'

/** Shows whether backups are encrypted; there are none (contract 3.6). */
export function describeBackupEncryptStatus(catalog: Catalog): Route {
  return instanceFeature(catalog, {
    id: 'DescribeBackupEncryptStatus',
    path: '/v3/{project_id}/instances/{instance_id}/backups/encryption',
    summary: 'Show whether backups are encrypted',
    response: Type.Object({ encryption_status: switchState }),
    show: () => ({ encryption_status: 'OFF' }),
  })
}
