import { describe, expect, it } from 'vitest'
import { DomainError, invalid } from '../../src/core/errors.ts'

describe('DomainError', () => {
  it('carries its code as its message, and no facts unless told', () => {
    const error = new DomainError('overloaded')
    expect(error).toBeInstanceOf(Error)
    expect(error.name).toBe('DomainError')
    expect(error.message).toBe('overloaded')
    expect(error.code).toBe('overloaded')
    expect(error.facts).toEqual({})
  })

  it('carries the facts it was given', () => {
    expect(new DomainError('unavailable', { retryAfterSeconds: 1 }).facts).toEqual({ retryAfterSeconds: 1 })
  })
})

describe('invalid', () => {
  it('is request-invalid unless told, and names field and rule', () => {
    const error = invalid('limit', { name: 'required' })
    expect(error.code).toBe('request-invalid')
    expect(Object.keys(error.facts)).toEqual(['field', 'rule'])
    expect(error.facts).toEqual({ field: 'limit', rule: { name: 'required' } })
  })

  it('shows the value, also one that counts as false', () => {
    expect(invalid('a', { name: 'not-blank' }, '').facts.value).toBe('')
    expect(invalid('a', { name: 'type', expected: 'an array' }, null).facts).toHaveProperty('value', null)
    expect(invalid('a', { name: 'number-min', limit: 1 }, 0).facts.value).toBe(0)
  })

  it('takes another code', () => {
    expect(invalid('limit', { name: 'number-min', limit: 1 }, 0, 'limit-invalid').code).toBe('limit-invalid')
  })
})
