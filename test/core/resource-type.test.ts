import { expect, it } from 'vitest'
import { changeRulesOf, isResourceType, RESOURCE_TYPES } from '../../src/core/resource-type.ts'

it('images are listed before instances', () => {
  expect(RESOURCE_TYPES).toEqual(['images', 'instances'])
})

it('an image may have 10 tags, an instance 20', () => {
  expect(changeRulesOf('images')).toEqual({ tagsPerResourceMax: 10 })
  expect(changeRulesOf('instances')).toEqual({ tagsPerResourceMax: 20 })
})

it('isResourceType accepts exactly the resource types', () => {
  expect(RESOURCE_TYPES.every(isResourceType)).toBe(true)
  for (const text of ['', 'image', 'Images', 'IMAGES', '__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
    expect([text, isResourceType(text)]).toEqual([text, false])
  }
})
