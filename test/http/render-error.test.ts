import { expect, it } from 'vitest'
import { DomainError } from '../../src/core/errors.ts'
import { toDomainError } from '../../src/http/render-error.ts'
import { StoreUnavailable } from '../../src/store/store.ts'

it('toDomainError keeps domain errors, and converts store failures to unavailable and defects to internal', () => {
  const own = new DomainError('tag-invalid')
  expect(toDomainError(own)).toBe(own)
  const trouble = toDomainError(new StoreUnavailable('/data/tagwerk.sqlite: ENOSPC', 'full'))
  const facts = { retryAfterSeconds: 1, detail: 'The disk of the store is full.' }
  expect([trouble.code, trouble.facts]).toEqual(['unavailable', facts])
  expect(toDomainError(new TypeError('x is undefined')).code).toBe('internal')
  expect(toDomainError('anything').code).toBe('internal')
})
