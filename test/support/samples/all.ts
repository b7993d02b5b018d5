import { expect } from 'vitest'
import type { Answer, TestService } from '../service.ts'
import { IAM_SAMPLES } from './iam-v3.ts'
import { IMS_SAMPLES } from './ims-v2.ts'
import type { Filled, Samples, World } from './sample.ts'
import { TAGWERK_SAMPLES } from './tagwerk-v1.ts'
import { TAURUSDB_SAMPLES } from './taurusdb-v3.ts'
import { TMS_SAMPLES } from './tms-v1.ts'

export const FAMILIES = ['ims-v2', 'taurusdb-v3', 'tms-v1', 'iam-v3', 'tagwerk-v1'] as const

/** A working call of every operation there is. */
export const SAMPLES: Samples = {
  ...IMS_SAMPLES,
  ...TAURUSDB_SAMPLES,
  ...TMS_SAMPLES,
  ...IAM_SAMPLES,
  ...TAGWERK_SAMPLES,
}

/** Every operation of some families as `METHOD /path`, as the service itself lists them. */
export async function operationsOf(
  service: TestService,
  families: readonly (typeof FAMILIES)[number][] = FAMILIES,
): Promise<string[]> {
  const documents = await Promise.all(
    families.map((name) => service.call('GET', `/openapi/${name}.json`, { token: null })),
  )
  return documents.flatMap(({ body }) =>
    Object.entries(body.paths as Record<string, object>).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    ),
  )
}

/** Method and URL of an operation with its names filled in. */
export function lineOf(operation: string, world: World, { path = {}, query }: Filled): [method: string, url: string] {
  const [method, template] = operation.split(' ') as [string, string]
  const names: Readonly<Record<string, string>> = { project_id: world.projectId, ...path }
  const url = template.replace(/\{(\w+)\}/g, (_, name: string) => {
    expect(names, operation).toHaveProperty(name)
    return encodeURIComponent(names[name] as string)
  })
  return [method, query === undefined ? url : `${url}?${new URLSearchParams(query)}`]
}

/** Makes a sample call with a token. */
export function callSample(operation: string, world: World, filled: Filled, token: string | null): Promise<Answer> {
  const [method, url] = lineOf(operation, world, filled)
  const { body, headers } = filled
  return world.service.call(method, url, { token, ...(body !== undefined && { body }), ...(headers && { headers }) })
}
