import { Type } from 'typebox'
import { DomainError } from '../../core/errors.ts'
import type { IndexedResource } from '../../core/resource.ts'
import { IMAGES } from '../../core/resource-types.ts'
import { defineRoute, type Route } from '../route.ts'
import type { ImsErrorCode } from './error-codes.ts'
import { timeText } from './image-view.ts'
import type { Images } from './images.ts'
import { imageIdOf } from './jobs.ts'

/** The vendor's job type for each source of an image. */
const JOB_TYPES: Readonly<Record<string, string>> = {
  instance: 'createImageByInstance',
  file: 'createImageByFile',
  volume: 'createImageByVolume',
}

/** Shows the job that made an image of the project. It has always succeeded, see `CreateImage`. */
export function showJob({ catalog }: Images): Route {
  return defineRoute({
    id: 'ShowJob',
    method: 'GET',
    path: '/v1/{project_id}/jobs/{job_id}',
    summary: 'Show the job that created an image',
    access: 'project',
    action: 'ims:images:get',
    params: Type.Object({ project_id: Type.String(), job_id: Type.String() }),
    responses: {
      200: Type.Object({
        status: Type.String({ description: 'Always SUCCESS.' }),
        entities: Type.Object({ image_id: Type.String(), image_name: Type.String() }),
        job_id: Type.String(),
        job_type: Type.String(),
        begin_time: Type.String({ description: 'Time in UTC.' }),
        end_time: Type.String(),
        error_code: Type.Null(),
        fail_reason: Type.Null(),
      }),
    },
    handle: async ({ projectId, params }) => {
      const { job_id } = params
      const query = { id: imageIdOf(job_id) ?? '' }
      const { revision, resources } = await catalog.find(projectId, IMAGES, query, { offset: 0, limit: 1 })
      const [image] = resources
      const type = image && jobTypeOf(image)
      if (image === undefined || type === undefined) {
        const facts = { field: 'job_id', rule: { name: 'exists' }, value: job_id, revision } as const
        throw new DomainError<ImsErrorCode>('job-not-found', facts)
      }
      const { id, name, createdAtMs } = image
      const time = timeText(createdAtMs)
      const body = {
        status: 'SUCCESS',
        entities: { image_id: id, image_name: name },
        job_id,
        job_type: type,
        begin_time: time,
        end_time: time,
        error_code: null,
        fail_reason: null,
      }
      return { status: 200, body, revision }
    },
  })
}

/** The type of the job that made an image; undefined when no job did. */
function jobTypeOf({ detail }: IndexedResource): string | undefined {
  const { __data_origin: origin } = JSON.parse(detail) as { readonly __data_origin?: unknown }
  const source = typeof origin === 'string' ? origin.split(',', 1)[0] : undefined
  return source !== undefined && Object.hasOwn(JOB_TYPES, source) ? JOB_TYPES[source] : undefined
}
