import type { Scenario } from '../scenarios.ts'
import { tmsError } from './tms-errors.ts'

/** Scenarios of invalid limits and markers in lists of keys and values. `path` ends in `?` or `&`. */
export function badTextPages(path: string): readonly Scenario[] {
  const asked = (query: string, expected: ReturnType<typeof tmsError>): Scenario => ({
    name: query,
    request: { method: 'GET', path: path + query, token: 'domain' },
    ...expected,
  })
  const madeUp = (place: unknown) => Buffer.from(JSON.stringify(place)).toString('base64url')
  return [
    ...['0', '-1', '201', 'x', ''].map((limit) => asked(`limit=${limit}`, tmsError(400, 'TMS.0007', 'limit'))),
    ...['9', '%00', madeUp([1]), madeUp(['a', 'b']), madeUp('a')].map((marker) =>
      asked(`marker=${marker}`, tmsError(400, 'TMS.0008', 'marker')),
    ),
    asked('marker=a&marker=b', tmsError(400, 'TMS.0008', 'marker')),
  ]
}
