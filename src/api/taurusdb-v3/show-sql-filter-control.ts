import { Type } from 'typebox'
import type { Catalog } from '../../catalog/catalog.ts'
import type { Route } from '../route.ts'
import { instanceFeature, switchState } from './instance-feature.ts'

/** Shows whether SQL throttling is on; it is off (contract 3.6). */
export function showSqlFilterControl(catalog: Catalog): Route {
  return instanceFeature(catalog, {
    id: 'ShowSqlFilterControl',
    path: '/v3/{project_id}/instances/{instance_id}/sql-filter/switch',
    summary: 'Show whether SQL throttling is on',
    response: Type.Object({ switch_status: switchState }),
    show: () => ({ switch_status: 'OFF' }),
  })
}
