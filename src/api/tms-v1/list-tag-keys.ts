import { Type } from 'typebox'
import type { Catalog } from '../../catalog/catalog.ts'
import type { Accounts } from '../../iam/accounts.ts'
import { listQuery } from '../list-query.ts'
import { defineRoute, type Route } from '../route.ts'
import { pageInfo, placeOf, TextPage, tagsOfDomain, textPageQuery } from './tags-in-use.ts'

const ACTION = 'tms:tagKeys:list'

/** Lists the keys that resources of the domain carry, whatever their project and type (contract 5, T9). */
export function listTagKeys(catalog: Catalog, accounts: Accounts, settings: { readonly region: string }): Route {
  return defineRoute({
    id: 'ListTagKeys',
    method: 'GET',
    path: '/v1.0/tag-keys',
    summary: 'List the tag keys in use',
    access: 'domain',
    action: ACTION,
    asOf: 'time',
    query: listQuery(textPageQuery),
    responses: { 200: Type.Object({ keys: Type.Array(Type.String()), page_info: pageInfo }) },
    handle: async ({ query: { region_id, limit, marker }, caller: { principal } }) => {
      const page = new TextPage(placeOf(marker), limit, principal.scope.domain.id)
      if (region_id === undefined || region_id === settings.region) {
        for await (const tags of tagsOfDomain(catalog, accounts, principal, ACTION)) await page.addAll(tags.keys())
      }
      const { shown, page_info } = page.body
      return { status: 200, body: { keys: shown, page_info } }
    },
  })
}
