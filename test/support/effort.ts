/**
 * Sizes of the random, crash and linearizability runs. `npm test` takes the short one of each pair; `npm run test:long`,
 * which sets `TAGWERK_TEST_LONG=1`, the complete one.
 */
export function runLength(short: number, complete: number): number {
  return process.env.TAGWERK_TEST_LONG === '1' ? complete : short
}
