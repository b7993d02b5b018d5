import { expect, it } from 'vitest'
import {
  aliasOf,
  changeRulesOf,
  RESOURCE_TYPE_NAMES,
  RESOURCE_TYPES,
  resourceTypeNamed,
} from '../../src/core/resource-type.ts'

it('images are listed before instances', () => {
  expect(RESOURCE_TYPES).toEqual(['images', 'instances'])
})

it('an image may have 10 tags, an instance 20', () => {
  expect(changeRulesOf('images')).toEqual({ tagsPerResourceMax: 10 })
  expect(changeRulesOf('instances')).toEqual({ tagsPerResourceMax: 20 })
})

it('every type has its own name and an alias, and nothing else names a type', () => {
  expect(RESOURCE_TYPE_NAMES).toEqual(['images', 'private_image', 'instances', 'gaussdb'])
  for (const type of RESOURCE_TYPES) {
    expect([resourceTypeNamed(type), resourceTypeNamed(aliasOf(type))]).toEqual([type, type])
  }
  for (const text of ['', 'image', 'Images', 'IMAGES', '__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
    expect([text, resourceTypeNamed(text)]).toEqual([text, undefined])
  }
})
