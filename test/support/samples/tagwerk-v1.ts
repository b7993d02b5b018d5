import { reading, type Samples, writing } from './sample.ts'

/** One working call of each of Tagwerk's own operations. */
export const TAGWERK_SAMPLES: Samples = {
  'POST /tagwerk/v1/import': writing(200, async () => ({ body: '' })),
  'GET /tagwerk/v1/export': reading(200),
  'DELETE /tagwerk/v1/{project_id}/resources/{resource_type}/{resource_id}': writing(204, async (world) => ({
    path: { resource_type: 'images', resource_id: await world.newImage() },
  })),
  'GET /tagwerk/v1/faults': reading(200),
  'PUT /tagwerk/v1/faults': writing(200, async () => ({ body: { families: {} } })),
}
