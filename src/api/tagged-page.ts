import type { JsonPage, PageShape } from '../catalog/catalog.ts'

/**
 * The answer of a query by tag: the total and a page of resources with id, name, detail and tags, concatenated from cached
 * JSON fragments. `detail` gives the JSON of a detail as the service shows it.
 */
export function taggedPage(detail: PageShape['detail']): JsonPage {
  return {
    shape: {
      pieces: [
        { text: '{"resource_id":"' },
        'id',
        { text: '","resource_name":"' },
        'name',
        { text: '","resource_detail":' },
        'detail',
        { text: ',"tags":[' },
        'tags',
        { text: ']}' },
      ],
      detail,
    },
    before: (total) => `{"total_count":${total},"resources":[`,
    after: ']}',
  }
}
