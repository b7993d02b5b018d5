import type { SampleOverrides } from './sample.ts'

export const TAGWERK_OVERRIDES: SampleOverrides = {
  'POST /tagwerk/v1/{project_id}/resources/query': { isRead: true },
  'POST /tagwerk/v1/import': { fill: async () => ({ body: '' }) },
}
