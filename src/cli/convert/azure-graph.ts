import { type Converter, isObject, itemsOf, type Json, requiredText, tagsOf, textOf } from './converter.ts'

/**
 * Azure Resource Graph. COMPAT: `az graph query` of the Azure CLI's extension resource-graph prints `count`, `data`,
 * `skip_token` and `total_records`; `az resource list` prints the same resources as an array ("Understand the structure of
 * Azure Resource Graph responses", "Resources - List").
 */
export const azureGraph: Converter = {
  name: 'azure-graph',
  title: 'an answer of Azure Resource Graph',
  madeBy: 'az graph query --first 1000 -q "Resources | project id, name, type, location, resourceGroup, tags" -o json',

  recognizes: (document) => {
    const list = Array.isArray(document) ? document : isObject(document) ? document.data : undefined
    if (!Array.isArray(list)) return false
    if (!Array.isArray(document) && list.length === 0) return true
    const [first] = list
    return isObject(first) && (textOf(first, 'id')?.startsWith('/') ?? false) && typeof first.type === 'string'
  },

  *convert(document, { types, warn }) {
    const answer: Json = Array.isArray(document) ? { data: document } : (document as Json)
    let resources = 0
    for (const [item, place] of itemsOf(answer.data, 'data')) {
      resources++
      yield {
        // Resource Graph writes types in lower case, and Resource Manager as they are documented.
        type: types.canonical(requiredText(item, place, 'type').toLowerCase()),
        id: requiredText(item, place, 'id'),
        name: textOf(item, 'name'),
        detail: {
          region: textOf(item, 'location'),
          account: textOf(item, 'subscriptionId'),
          group: textOf(item, 'resourceGroup'),
        },
        tags: tagsOf(item.tags, `${place}.tags`),
      }
    }
    const { total_records: total } = answer
    if (textOf(answer, 'skip_token') !== undefined || (typeof total === 'number' && total > resources)) {
      warn('there are further pages: repeat the query with --skip-token')
    }
  },
}
