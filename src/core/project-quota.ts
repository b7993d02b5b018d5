import type { Facts } from './errors.ts'

/** What the resources of a project take. */
export type ProjectUsage = {
  readonly resources: number
  /** Bytes of all details as JSON in UTF-8. */
  readonly detailBytes: number
}

/** Limits on the usage of a project. */
export type ProjectQuota = { readonly resourcesMax: number; readonly detailBytesMax: number }

/** The part of a resource's state that counts. */
type Detailed = { readonly detail: string }

/** The usage after one resource changed from one state to another; undefined is a resource that does not exist. */
export function usageAfter(
  usage: ProjectUsage,
  before: Detailed | undefined,
  after: Detailed | undefined,
): ProjectUsage {
  const resources = usage.resources + Number(after !== undefined) - Number(before !== undefined)
  if (before?.detail === after?.detail) return { resources, detailBytes: usage.detailBytes }
  return { resources, detailBytes: usage.detailBytes + bytesOf(after) - bytesOf(before) }
}

/**
 * Gives the refusal of a change that would exceed a quota; undefined for one that does not. A project above a quota that
 * was lowered may shrink, and change what does not add to it.
 */
export function quotaRefusal(
  before: ProjectUsage,
  after: ProjectUsage,
  quota: ProjectQuota,
): { readonly code: 'project-quota-exceeded'; readonly facts: Facts } | undefined {
  const { resourcesMax, detailBytesMax } = quota
  if (after.resources > resourcesMax && after.resources > before.resources) {
    return refusal('resources of the project', { name: 'items-max', limit: resourcesMax }, after.resources)
  }
  if (after.detailBytes > detailBytesMax && after.detailBytes > before.detailBytes) {
    return refusal('details of the project', { name: 'bytes-max', limit: detailBytesMax }, after.detailBytes)
  }
  return undefined
}

/** Types of one project that are not in the registry: each has an index of its own. */
export const UNREGISTERED_TYPES_MAX = 500

/** Gives the refusal of a resource whose type would be one too many. */
export function typesRefusal() {
  const limit = UNREGISTERED_TYPES_MAX
  const field = 'resource types of the project that are not registered'
  return refusal(field, { name: 'items-max', limit }, limit + 1)
}

function refusal(field: string, rule: NonNullable<Facts['rule']>, value: number) {
  return { code: 'project-quota-exceeded', facts: { field, rule, value } } as const
}

function bytesOf(state: Detailed | undefined): number {
  return state === undefined ? 0 : Buffer.byteLength(state.detail)
}
