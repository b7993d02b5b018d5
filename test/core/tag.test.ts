import { describe, expect, it } from 'vitest'
import { DomainError } from '../../src/core/errors.ts'
import { profileOf } from '../../src/core/profile.ts'
import { indexOfRepeatedKey, refuseRepeatedKey, toTag } from '../../src/core/tag.ts'
import { readVectors } from './vectors.ts'

type Vectors = {
  readonly valid: readonly { readonly given: string; readonly kept: string }[]
  readonly invalid: readonly {
    readonly given: string
    readonly rule: 'not-blank' | 'characters' | 'characters-max'
    readonly actual?: number
    readonly found?: unknown
    readonly shown: string
  }[]
}

const RULES = profileOf('huawei').tagRulesOf('images')

function refusalOf(key: string, value: string): DomainError {
  try {
    toTag(key, value, RULES, 'tags', 3)
  } catch (error) {
    if (error instanceof DomainError) return error
    throw error
  }
  throw new Error(`${JSON.stringify([key, value])} was not refused`)
}

describe('toTag with a key', () => {
  const { valid, invalid } = readVectors<Vectors>('tag-keys.json')

  it.each(valid)('the key $given is normalized to $kept', ({ given, kept }) => {
    expect(toTag(given, 'v', RULES, 'tag')).toEqual({ key: kept, value: 'v' })
  })

  it.each(invalid)('the key $given is refused by the rule $rule', ({ given, rule, actual, shown, found }) => {
    const refusal = refusalOf(given, 'v')
    expect(refusal.code).toBe('tag-invalid')
    expect(refusal.facts).toEqual({
      field: 'tags[3].key',
      rule: {
        'not-blank': { name: 'not-blank' },
        characters: { name: 'characters', allowed: 'digits, letters, "_", "-" and Chinese characters', found },
        'characters-max': { name: 'characters-max', limit: 36, actual },
      }[rule],
      value: shown,
    })
  })
})

describe('toTag with a value', () => {
  const { valid, invalid } = readVectors<Vectors>('tag-values.json')

  it.each(valid)('the value $given is normalized to $kept', ({ given, kept }) => {
    expect(toTag('k', given, RULES, 'tag')).toEqual({ key: 'k', value: kept })
  })

  it.each(invalid)('the value $given is refused by the rule $rule', ({ given, rule, actual, shown, found }) => {
    const refusal = refusalOf('k', given)
    expect(refusal.code).toBe('tag-invalid')
    expect(refusal.facts).toEqual({
      field: 'tags[3].value',
      rule: {
        'not-blank': { name: 'not-blank' },
        characters: { name: 'characters', allowed: 'digits, letters, "_", "-", "." and Chinese characters', found },
        'characters-max': { name: 'characters-max', limit: 43, actual },
      }[rule],
      value: shown,
    })
  })
})

it('toTag names the field alone for a tag that is no item of it', () => {
  const bad = () => toTag('a b', 'v', RULES, 'tag')
  expect(bad).toThrow(expect.objectContaining({ facts: expect.objectContaining({ field: 'tag.key' }) }))
})

it('toTag checks the key before the value', () => {
  expect(refusalOf('a b', 'c d').facts.field).toBe('tags[3].key')
})

describe('indexOfRepeatedKey', () => {
  const indexOf = (...keys: string[]) => indexOfRepeatedKey(keys.map((key) => ({ key })))

  it('indexOfRepeatedKey gives undefined when all keys differ', () => {
    expect(indexOf()).toBeUndefined()
    expect(indexOf('a', 'A', 'b', '', '__proto__')).toBeUndefined()
  })

  it('indexOfRepeatedKey finds a repeated key among many items as among few', () => {
    for (const count of [2, 15, 16, 17, 18, 50]) {
      const keys = Array.from({ length: count }, (_, i) => `key-${i}`)
      expect(indexOf(...keys)).toBeUndefined()
      expect(indexOf(...keys.slice(0, -1), 'key-0')).toBe(count - 1)
    }
  })

  it('indexOfRepeatedKey gives the first item that repeats a key', () => {
    expect(indexOf('a', 'b', 'c', 'b', 'a')).toBe(3)
    expect(indexOf('', '')).toBe(1)
    expect(indexOf('__proto__', 'x', '__proto__')).toBe(2)
  })
})

describe('refuseRepeatedKey', () => {
  const refuse = (...keys: string[]) => {
    const items = keys.map((key) => ({ key }))
    return () => refuseRepeatedKey(items, 'not_tags', 'tag-key-repeated')
  }

  it('refuseRepeatedKey accepts keys that differ, also by case only', () => {
    for (const keys of [[], ['a'], ['a', 'A', 'b', '']]) expect(refuse(...keys)).not.toThrow()
  })

  it('refuseRepeatedKey reports the path and key of the repeated item', () => {
    const facts = { field: 'not_tags[2].key', rule: { name: 'unique' }, value: 'b' }
    expect(refuse('a', 'b', 'b', 'a')).toThrow(expect.objectContaining({ code: 'tag-key-repeated', facts }))
  })
})
