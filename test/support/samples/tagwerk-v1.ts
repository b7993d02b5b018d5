import type { SampleOverrides } from './sample.ts'

export const TAGWERK_OVERRIDES: SampleOverrides = {
  'POST /tagwerk/v1/{project_id}/resources/query': { isRead: true },
  'POST /tagwerk/v1/{project_id}/resources/search': { isRead: true },
  'GET /tagwerk/v1/{project_id}/resources/{resource_type}/{resource_id}/explain': {
    fill: async () => ({ query: { filter: 'size(tags) > 0' } }),
  },
  'POST /tagwerk/v1/{project_id}/resources/tags': {
    fill: async () => ({
      body: { select: { tags: [{ key: 'no-such', values: [] }] }, action: 'delete', tags: [{ key: 'no-such' }] },
    }),
  },
  'POST /tagwerk/v1/{project_id}/plans': {
    fill: async () => ({
      body: { select: { resource_types: ['images'] }, actions: [{ remove: { keys: ['no-such'] } }] },
    }),
  },
  'POST /tagwerk/v1/domain/resources/query': { isRead: true },
  'POST /tagwerk/v1/{project_id}/resources/{resource_type}/{resource_id}/tags': {
    fill: async () => ({ body: { action: 'create', tags: [{ key: 'key1', value: 'value2' }] } }),
  },
  // The service of the samples was not started with --resettable.
  'POST /tagwerk/v1/reset': { status: 403 },
  'POST /tagwerk/v1/export': { isRead: true },
  'POST /tagwerk/v1/{project_id}/diff': { isRead: true, fill: async () => ({ body: { from: '0' } }) },
  'GET /tagwerk/v1/{project_id}/diff': { fill: async () => ({ query: { from: '0' } }) },
  'POST /tagwerk/v1/import': { fill: async () => ({ body: '' }) },
}
