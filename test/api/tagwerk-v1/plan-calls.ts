import { expect } from 'vitest'
import type { Answer, CallOptions, TestService } from '../../support/service.ts'

type Tags = readonly { readonly key: string; readonly value: string }[]

const inShort = (tags: Tags) => tags.map(({ key, value }) => `${key}=${value}`).join(' ')

/** A resource as a line of an import. */
export const line = (type: string, id: string, tags: Record<string, string> = {}) => ({
  resource_type: type,
  resource_id: id,
  tags,
})

export const rename = (from: string, to: string, if_both?: string) => ({
  rename_key: { from, to, ...(if_both && { if_both }) },
})

const FRESH = [
  ['images', 'a'],
  ['images', 'b'],
  ['ecs', 'c'],
  ['ecs', 'd'],
] as const

/** Changes `a` and `c` of the resources of `fresh`, and is refused for `b`. */
export const renameEnv = { select: {}, actions: [rename('Env', 'env')], note: 'one spelling' }

/** The calls for plans of the default project of a service. */
export function planCalls(service: () => TestService) {
  const at = (path = '') => `/tagwerk/v1/${service().project}/plans${path}`
  const call = (method: string, path: string, options?: CallOptions): Promise<Answer> =>
    service().call(method, at(path), options)
  /** The body of an answer, which has to have a status. */
  const ok = async (status: number, answer: Promise<Answer>) => {
    const given = await answer
    expect([given.status, given.text]).toEqual([status, given.text])
    return given.body
  }
  const resource = (type: string, id: string) => `/tagwerk/v1/${service().project}/resources/${type}/${id}`
  return {
    call,
    ok,
    create: (body: unknown, options: CallOptions = {}) => ok(201, call('POST', '', { ...options, body })),
    /** Makes a plan from a file. */
    send: (type: string, body: string, headers: Record<string, string> = {}) =>
      call('POST', '', { body, headers: { ...headers, 'content-type': type } }),
    show: (id: string) => ok(200, call('GET', `/${id}`)),
    items: async (id: string, query = '') => (await ok(200, call('GET', `/${id}/items${query}`))).items,
    file: async (id: string) => {
      const { status, text } = await call('GET', `/${id}/file`)
      expect([status, text]).toEqual([200, text])
      return text
    },
    apply: (id: string, body?: object) => ok(200, call('POST', `/${id}/apply`, body === undefined ? {} : { body })),
    undo: (id: string) => ok(201, call('POST', `/${id}/undo`)),
    tagsOf: async (type: string, id: string) => inShort((await service().call('GET', resource(type, id))).body.tags),
    setTag: (type: string, id: string, key: string, value: string) =>
      ok(
        200,
        service().call('POST', `${resource(type, id)}/tags`, { body: { action: 'create', tags: [{ key, value }] } }),
      ),
    count: async (conditions: object): Promise<number> => {
      const path = `/tagwerk/v1/${service().project}/resources/query`
      return (await service().call('POST', path, { body: { limit: 0, ...conditions } })).body.total_count
    },
    /** All resources of the project with their tags, in order. */
    contents: async () => {
      const { text } = await service().call('GET', '/tagwerk/v1/export')
      return text
        .split('\n')
        .filter((each) => each !== '')
        .map((each) => {
          const { resource_type, resource_id, tags } = JSON.parse(each)
          return `${resource_type} ${resource_id} ${inShort(tags)}`
        })
    },
    /** Gives the project some resources, and deletes its plans. */
    fresh: async () => {
      // A resource that is registered again keeps the order of its tags.
      for (const [type, id] of FRESH) await service().call('DELETE', resource(type, id))
      await service().register(
        line('images', 'a', { x: '1', Env: 'prod', y: '2' }),
        line('images', 'b', { Env: 'Prod', env: 'test' }),
        line('ecs', 'c', { Env: 'dev' }),
        line('ecs', 'd', { env: 'dev' }),
      )
      const { plans } = await ok(200, call('GET', '?limit=100'))
      for (const { id } of plans) await call('DELETE', `/${id}`)
    },
  }
}
