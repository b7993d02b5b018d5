import { expect } from 'vitest'
import type { Answer, TestService } from '../../support/service.ts'
import { tagOf } from '../fixtures.ts'

/** A policy that allows some values of `env` on images. */
export const envPolicy = (...values: readonly string[]) => ({
  tags: { env: { tag_value: { '@@assign': values }, enforced_for: { '@@assign': ['ims:image'] } } },
})

/** The calls for tag policies of the domain and of the default project of a service. */
export function policyCalls(service: () => TestService) {
  const domain = async (method: string, path = '', body?: unknown): Promise<Answer> => {
    const token = await service().tokenFor(undefined)
    return service().call(method, `/tagwerk/v1/domain/policies${path}`, { token, ...(body !== undefined && { body }) })
  }
  const project = (method: string, path = '', body?: unknown): Promise<Answer> =>
    service().call(method, `/tagwerk/v1/${service().project}/policies${path}`, body === undefined ? {} : { body })
  return {
    domain,
    project,
    /** Deletes all policies of both. */
    clear: async () => {
      for (const call of [domain, project]) {
        for (const { name } of (await call('GET')).body.policies)
          expect((await call('DELETE', `/${name}`)).status).toBe(204)
      }
    },
    /** The outcome of adding a tag to an image: the status, and the code of an error. */
    addTag: async (id: string, tag: string) => {
      const path = `/tagwerk/v1/${service().project}/resources/images/${id}/tags`
      const { status, body } = await service().call('POST', path, { body: { action: 'create', tags: [tagOf(tag)] } })
      return status === 200 ? 200 : [status, body.error_code]
    },
  }
}
