import { expect } from 'vitest'
import type { Answer, TestService } from '../service.ts'
import { deriveSample } from './derive.ts'
import { IAM_OVERRIDES } from './iam-v3.ts'
import { IMS_OVERRIDES } from './ims-v2.ts'
import { FAMILIES, OPERATIONS } from './operations.ts'
import type { Filled, Sample, SampleOverrides, World } from './sample.ts'
import { TAGWERK_OVERRIDES } from './tagwerk-v1.ts'
import { TAURUSDB_OVERRIDES } from './taurusdb-v3.ts'
import { TMS_OVERRIDES } from './tms-v1.ts'

export const OVERRIDES: SampleOverrides = {
  ...IMS_OVERRIDES,
  ...TAURUSDB_OVERRIDES,
  ...TMS_OVERRIDES,
  ...IAM_OVERRIDES,
  ...TAGWERK_OVERRIDES,
}

/** A working call of every operation. */
export const SAMPLES: Readonly<Record<string, Sample>> = Object.fromEntries(
  Array.from(OPERATIONS, ([operation, { route }]) => [operation, deriveSample(route, OVERRIDES[operation])]),
)

/** The samples of some families. */
export function samplesOf(families: readonly string[]): [operation: string, sample: Sample][] {
  return Object.entries(SAMPLES).filter(([operation]) => families.includes(OPERATIONS.get(operation)!.family))
}

/** Lists every operation of families as `METHOD /path`, from the OpenAPI documents of a running service. */
export async function operationsOf(service: TestService, families: readonly string[] = FAMILIES): Promise<string[]> {
  const documents = await Promise.all(
    families.map((name) => service.call('GET', `/openapi/${name}.json`, { token: null })),
  )
  return documents.flatMap(({ body }) =>
    Object.entries(body.paths as Record<string, object>).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    ),
  )
}

/** Gives the method and the URL of an operation with the values of its path names and its query. */
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
