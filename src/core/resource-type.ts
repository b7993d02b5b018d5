import type { TagRules } from './tag.ts'

/** The kinds of resources that can carry tags. */
export type ResourceType = 'images' | 'instances'

// Digits, ASCII letters, `_` and `-`, and the Chinese characters that Huawei Cloud adds (contract D5, D6).
const KEY_PATTERN = /^[0-9A-Za-z_\-\u4E00-\u9FFF]*$/
const VALUE_PATTERN = /^[0-9A-Za-z_.\-\u4E00-\u9FFF]*$/

const sharedRules = {
  keyCharactersMax: 36,
  valueCharactersMax: 43,
  keyPattern: KEY_PATTERN,
  keyAllowed: 'digits, letters, "_", "-" and Chinese characters',
  valuePattern: VALUE_PATTERN,
  valueAllowed: 'digits, letters, "_", "-", "." and Chinese characters',
} as const

/** Which tags each type of resource may carry: 10 on an image (S4), 20 on a database instance (contract 3.2). */
export const TAG_RULES: Readonly<Record<ResourceType, TagRules>> = {
  images: { ...sharedRules, tagsPerResourceMax: 10 },
  instances: { ...sharedRules, tagsPerResourceMax: 20 },
}

/** Every resource type, in the order in which they are listed and exported. */
export const RESOURCE_TYPES = Object.keys(TAG_RULES) as readonly ResourceType[]

/** Says whether a text names a resource type. */
export function isResourceType(text: string): text is ResourceType {
  return Object.hasOwn(TAG_RULES, text)
}
