import { Type } from 'typebox'
import { describe, expect, it } from 'vitest'
import { queryReader } from '../../src/http/read-query.ts'
import { validatorFor } from '../../src/http/validate.ts'

const known = { limit: Type.Optional(Type.Integer()), tag: Type.Optional(Type.Array(Type.String())) }
const closed = Type.Object(known)
const open = Type.Object(known, { additionalProperties: Type.String() })

/** A query as Fastify parses it: an object without a prototype. */
function query(entries: Record<string, unknown>): Record<string, unknown> {
  return Object.assign(Object.create(null), entries)
}

describe('queryReader', () => {
  it('drops parameters that the schema does not define', () => {
    expect(queryReader(closed)(query({ limit: '7', other: 'x' }))).toEqual({ limit: 7 })
  })

  it('keeps all parameters when the schema has additionalProperties', () => {
    expect(queryReader(open)(query({ limit: '7', other: 'x', size: '1' }))).toEqual({ limit: 7, other: 'x', size: '1' })
  })

  it.each([
    ...['true', 'True', 'TRUE', '1'].map((text) => [text, true] as const),
    ...['false', 'False', '0'].map((text) => [text, false] as const),
    ...['', 'yes', '01', 'true '].map((text) => [text, text] as const),
  ])('parses the boolean %j as %j', (text, expected) => {
    const schema = Type.Object({ enabled: Type.Optional(Type.Boolean()) })
    expect(queryReader(schema)(query({ enabled: text }))).toEqual({ enabled: expected })
    const read = queryReader(schema)(query({ enabled: [text, text] }))
    expect(() => validatorFor(schema, 'query', true)(read)).toThrow('request-invalid')
  })

  it('wraps a single value of an array parameter, and keeps an array', () => {
    expect(queryReader(closed)(query({ tag: 'a' }))).toEqual({ tag: ['a'] })
    expect(queryReader(open)(query({ tag: ['a', 'b'] }))).toEqual({ tag: ['a', 'b'] })
  })

  it('keeps a parameter named like a member of Object.prototype', () => {
    const read = queryReader(open)(query({ constructor: 'x', ['__proto__']: 'y' }))
    expect(Object.getOwnPropertyNames(read)).toEqual(['constructor', '__proto__'])
    expect(queryReader(closed)(query({ constructor: 'x' }))).toEqual({})
  })

  it('leaves a repeated parameter that is no array to validation, which refuses it', () => {
    const read = queryReader(open)(query({ other: ['x', 'y'] }))
    expect(() => validatorFor(open, 'query', true)(read)).toThrow('request-invalid')
  })
})
