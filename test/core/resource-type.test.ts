import { expect, it } from 'vitest'
import { isResourceType, RESOURCE_TYPES, TAG_RULES } from '../../src/core/resource-type.ts'

it('images come before instances', () => {
  expect(RESOURCE_TYPES).toEqual(['images', 'instances'])
})

it('an image carries at most 10 tags, an instance 20', () => {
  expect(TAG_RULES.images.tagsPerResourceMax).toBe(10)
  expect(TAG_RULES.instances.tagsPerResourceMax).toBe(20)
})

it('keys have at most 36 characters and values 43, for every type', () => {
  for (const type of RESOURCE_TYPES) {
    expect(TAG_RULES[type]).toMatchObject({ keyCharactersMax: 36, valueCharactersMax: 43 })
  }
})

it('only the types themselves are names of types', () => {
  expect(RESOURCE_TYPES.every(isResourceType)).toBe(true)
  for (const text of ['', 'image', 'Images', 'IMAGES', '__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
    expect([text, isResourceType(text)]).toEqual([text, false])
  }
})
