import { describe, expect, it } from 'vitest'
import { DomainError, invalid } from '../../src/core/errors.ts'

describe('DomainError', () => {
  it('a DomainError has its code as message, and no facts by default', () => {
    const error = new DomainError('overloaded')
    expect(error).toBeInstanceOf(Error)
    expect(error.name).toBe('DomainError')
    expect(error.message).toBe('overloaded')
    expect(error.code).toBe('overloaded')
    expect(error.facts).toEqual({})
  })

  it('a DomainError carries the facts given to it', () => {
    expect(new DomainError('unavailable', { retryAfterSeconds: 1 }).facts).toEqual({ retryAfterSeconds: 1 })
  })

  it("a DomainError takes a family's code only with that family's type argument", () => {
    expect(new DomainError<'image-protected'>('image-protected').code).toBe('image-protected')
    // @ts-expect-error: not a code that all families share
    expect(new DomainError('image-protected').code).toBe('image-protected')
    // @ts-expect-error: misspelt
    expect(new DomainError<'image-protected'>('image-protect').code).toBe('image-protect')
  })
})

describe('invalid', () => {
  it('an error for an invalid field is request-invalid by default, and names field and rule', () => {
    const error = invalid('limit', { name: 'required' })
    expect(error.code).toBe('request-invalid')
    expect(Object.keys(error.facts)).toEqual(['field', 'rule'])
    expect(error.facts).toEqual({ field: 'limit', rule: { name: 'required' } })
  })

  it('an error for an invalid field carries the value, also a falsy one', () => {
    expect(invalid('a', { name: 'not-blank' }, '').facts.value).toBe('')
    expect(invalid('a', { name: 'type', expected: 'an array' }, null).facts).toHaveProperty('value', null)
    expect(invalid('a', { name: 'number-min', limit: 1 }, 0).facts.value).toBe(0)
  })

  it('an error for an invalid field takes another code', () => {
    expect(invalid('limit', { name: 'number-min', limit: 1 }, 0, 'limit-invalid').code).toBe('limit-invalid')
    // @ts-expect-error: misspelt
    expect(invalid('limit', { name: 'number-min', limit: 1 }, 0, 'limit-invald').code).toBe('limit-invald')
  })
})
