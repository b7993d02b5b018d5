import { Type } from 'typebox'
import { describe, expect, it } from 'vitest'
import { readQuery, validatorFor } from '../../src/server/validate.ts'

const known = { limit: Type.Optional(Type.Integer()), tag: Type.Optional(Type.Array(Type.String())) }
const closed = Type.Object(known)
const open = Type.Object(known, { additionalProperties: Type.String() })

/** A query as the framework hands it on: without what other objects inherit. */
function query(entries: Record<string, unknown>): Record<string, unknown> {
  return Object.assign(Object.create(null), entries)
}

describe('reading a query', () => {
  it('takes only what the schema knows', () => {
    expect(readQuery(query({ limit: '7', other: 'x' }), closed)).toEqual({ limit: 7 })
  })

  it('takes everything when the schema says of what kind the rest is', () => {
    expect(readQuery(query({ limit: '7', other: 'x', size: '1' }), open)).toEqual({ limit: 7, other: 'x', size: '1' })
  })

  it.each([
    ...['true', 'True', 'TRUE', '1'].map((text) => [text, true] as const),
    ...['false', 'False', '0'].map((text) => [text, false] as const),
    ...['', 'yes', '01', 'true '].map((text) => [text, text] as const),
  ])('reads the boolean %j as %j', (text, expected) => {
    const schema = Type.Object({ enabled: Type.Optional(Type.Boolean()) })
    expect(readQuery(query({ enabled: text }), schema)).toEqual({ enabled: expected })
    const read = readQuery(query({ enabled: [text, text] }), schema)
    expect(() => validatorFor(schema, 'query', true)(read)).toThrow('request-invalid')
  })

  it('makes a list of a single item, and leaves a list as it is', () => {
    expect(readQuery(query({ tag: 'a' }), closed)).toEqual({ tag: ['a'] })
    expect(readQuery(query({ tag: ['a', 'b'] }), open)).toEqual({ tag: ['a', 'b'] })
  })

  it('takes a parameter named like what every object inherits for what it is', () => {
    const read = readQuery(query({ constructor: 'x', ['__proto__']: 'y' }), open)
    expect(Object.getOwnPropertyNames(read)).toEqual(['constructor', '__proto__'])
    expect(readQuery(query({ constructor: 'x' }), closed)).toEqual({})
  })

  it('leaves a repeated parameter that is no list to be refused', () => {
    const read = readQuery(query({ other: ['x', 'y'] }), open)
    expect(() => validatorFor(open, 'query', true)(read)).toThrow('request-invalid')
  })
})
