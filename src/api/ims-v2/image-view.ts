import { tagToText } from './tag-text.ts'
import type { VisibleImage } from './visible-image.ts'

/** Defaults of image attributes (contract 2.5, and the vendor's page of I16). */
export const ATTRIBUTE_DEFAULTS = {
  status: 'active',
  visibility: 'private',
  protected: false,
  min_disk: 0,
  min_ram: 0,
  container_format: 'bare',
  disk_format: 'zvhd2',
  virtual_env_type: 'FusionCompute',
  __imagetype: 'private',
  __isregistered: 'true',
  __image_source_type: 'uds',
} as const

/** The response form of an image (contract 2.5): only attributes that are stored or have a default. */
export function toImage({ resource, owner, membership }: VisibleImage): Readonly<Record<string, unknown>> {
  const { id, name, detail, tags, createdAtMs, updatedAtMs } = resource
  const attributes = JSON.parse(detail) as Readonly<Record<string, unknown>>
  return {
    ...ATTRIBUTE_DEFAULTS,
    ...(attributes.visibility === 'public' && { __imagetype: 'gold' }),
    ...attributes,
    ...(membership !== undefined && { visibility: 'shared', __imagetype: 'shared' }),
    id,
    name,
    owner,
    tags: tags.map(tagToText),
    created_at: timeText(createdAtMs),
    updated_at: timeText(updatedAtMs),
    self: `/v2/images/${id}`,
    file: `/v2/images/${id}/file`,
    schema: '/v2/schemas/image',
  }
}

/** The same as JSON. */
export function imageJson(image: VisibleImage): string {
  return JSON.stringify(toImage(image))
}

/** Formats a time: UTC, whole seconds. */
export function timeText(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z')
}
