import { Type } from 'typebox'
import type { Catalog } from '../../catalog/catalog.ts'
import type { Accounts } from '../../iam/accounts.ts'
import { defineRoute, type Route } from '../route.ts'
import { pageInfo, placeOf, TextPage, tagsOfDomain, textPageQuery } from './tags-in-use.ts'

const ACTION = 'tms:tagValues:list'

/** Lists the values that a key has on resources of the domain, whatever their project and type (contract 5, T10). */
export function listTagValues(catalog: Catalog, accounts: Accounts, settings: { readonly region: string }): Route {
  return defineRoute({
    id: 'ListTagValues',
    method: 'GET',
    path: '/v1.0/tag-values',
    summary: 'List the values of a tag key in use',
    access: 'domain',
    action: ACTION,
    asOf: 'time',
    query: Type.Object(
      { key: Type.String({ minLength: 1, 'x-error': 'key-invalid' }), ...textPageQuery },
      { additionalProperties: false, 'x-error': 'key-invalid' },
    ),
    responses: { 200: Type.Object({ values: Type.Array(Type.String()), page_info: pageInfo }) },
    handle: async ({ query: { key, region_id, limit, marker }, caller: { principal } }) => {
      const page = new TextPage(placeOf(marker), limit, principal.scope.domain.id)
      if (region_id === undefined || region_id === settings.region) {
        for await (const tags of tagsOfDomain(catalog, accounts, principal, ACTION))
          await page.addAll(tags.valuesOf(key))
      }
      const { shown, page_info } = page.body
      return { status: 200, body: { values: shown, page_info } }
    },
  })
}
