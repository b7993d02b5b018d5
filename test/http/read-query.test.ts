import { Type } from 'typebox'
import { describe, expect, it } from 'vitest'
import { queryReader } from '../../src/http/read-query.ts'
import { validatorFor } from '../../src/http/validate.ts'

const known = { limit: Type.Optional(Type.Integer()), tag: Type.Optional(Type.Array(Type.String())) }
const closed = Type.Object(known)
const open = Type.Object(known, { additionalProperties: Type.String() })

/** A query as the framework hands it on: without what other objects inherit. */
function query(entries: Record<string, unknown>): Record<string, unknown> {
  return Object.assign(Object.create(null), entries)
}

describe('reading a query', () => {
  it('takes only what the schema knows', () => {
    expect(queryReader(closed)(query({ limit: '7', other: 'x' }))).toEqual({ limit: 7 })
  })

  it('takes everything when the schema says of what kind the rest is', () => {
    expect(queryReader(open)(query({ limit: '7', other: 'x', size: '1' }))).toEqual({ limit: 7, other: 'x', size: '1' })
  })

  it.each([
    ...['true', 'True', 'TRUE', '1'].map((text) => [text, true] as const),
    ...['false', 'False', '0'].map((text) => [text, false] as const),
    ...['', 'yes', '01', 'true '].map((text) => [text, text] as const),
  ])('reads the boolean %j as %j', (text, expected) => {
    const schema = Type.Object({ enabled: Type.Optional(Type.Boolean()) })
    expect(queryReader(schema)(query({ enabled: text }))).toEqual({ enabled: expected })
    const read = queryReader(schema)(query({ enabled: [text, text] }))
    expect(() => validatorFor(schema, 'query', true)(read)).toThrow('request-invalid')
  })

  it('makes a list of a single item, and leaves a list as it is', () => {
    expect(queryReader(closed)(query({ tag: 'a' }))).toEqual({ tag: ['a'] })
    expect(queryReader(open)(query({ tag: ['a', 'b'] }))).toEqual({ tag: ['a', 'b'] })
  })

  it('takes a parameter named like what every object inherits for what it is', () => {
    const read = queryReader(open)(query({ constructor: 'x', ['__proto__']: 'y' }))
    expect(Object.getOwnPropertyNames(read)).toEqual(['constructor', '__proto__'])
    expect(queryReader(closed)(query({ constructor: 'x' }))).toEqual({})
  })

  it('leaves a repeated parameter that is no list to be refused', () => {
    const read = queryReader(open)(query({ other: ['x', 'y'] }))
    expect(() => validatorFor(open, 'query', true)(read)).toThrow('request-invalid')
  })
})
