import pg from 'pg'
import { describe, expect, it } from 'vitest'
import {
  describeError,
  failureOf,
  isOutOfConnections,
  isRetryable,
  isStatementError,
} from '../../../src/store/postgres/errors.ts'
import { StoreUnavailable } from '../../../src/store/store.ts'

function ofServer(code: string, severity = 'ERROR'): pg.DatabaseError {
  return Object.assign(new pg.DatabaseError(`error ${code}`, 0, 'error'), { code, severity })
}

describe('an error of the server', () => {
  it.each([
    ['23505', true],
    ['57014', true],
    ['40P01', true],
    ['57P01', false],
    ['57P02', false],
    ['08006', false],
    ['25P03', false],
  ])('an error of code %s leaves the connection usable: %s, in any language of the server', (code, expected) => {
    for (const severity of ['ERROR', 'FEHLER', 'FATAL'])
      expect(isStatementError(ofServer(code, severity))).toBe(expected)
  })

  it('errors of the network and of the program are not taken for errors of the server', () => {
    for (const error of [new Error('Connection terminated'), new TypeError('x'), '57P01', undefined]) {
      expect([isStatementError(error), isRetryable(error), isOutOfConnections(error)]).toEqual([false, false, false])
    }
    expect(['40001', '40P01', '23505'].map((code) => isRetryable(ofServer(code)))).toEqual([true, true, false])
    expect(['53300', '57P03'].map((code) => isOutOfConnections(ofServer(code)))).toEqual([true, false])
  })
})

it.each<readonly [error: unknown, words: string]>([
  [new Error('so it is'), 'so it is'],
  [Object.assign(new Error(''), { code: 'ECONNRESET' }), 'ECONNRESET'],
  [new AggregateError([new Error('one'), new Error('two')]), 'one, two'],
  [new Error(''), 'Error'],
  ['a text', 'a text'],
])('the error %s is described in one line', (error, words) => {
  expect(describeError(error)).toBe(words)
})

it.each([
  ['a full disk', ofServer('53100'), 'full'],
  ['a standby', ofServer('25006'), 'read-only'],
  ['a statement that took too long', ofServer('57014'), 'busy'],
  ['too many connections', ofServer('53300'), 'busy'],
  ['a shutdown', ofServer('57P01'), 'unreachable'],
  ['a refused connection', Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }), 'unreachable'],
  ['an error of a statement', ofServer('42P01'), 'other'],
  ['an error that is classified already', new StoreUnavailable('m', 'busy'), 'busy'],
])('%s is told apart for callers', (_what, error, failure) => {
  expect(failureOf(error)).toBe(failure)
})
