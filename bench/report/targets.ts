/** The requirement for one figure. */
export type Target = {
  readonly what: string
  /** The displayed unit, such as ` us`. */
  readonly unit: string
  /** The divisor for display. */
  readonly scale: number
  /** A ratio to a reference measured in the same run, or an absolute value. */
  readonly kind: 'ratio' | 'absolute'
  readonly better: 'lower' | 'higher'
  /** The required value; a miss must be explained. */
  readonly floor: number
  /** The desired value. */
  readonly goal: number
}

const RATE = { unit: '', scale: 1, kind: 'ratio', better: 'higher' } as const
const FACTOR = { unit: ' x', scale: 1, kind: 'ratio', better: 'lower' } as const
const ABSOLUTE = { kind: 'absolute', better: 'lower' } as const

/**
 * The targets. Ratios of calls compare with a static response of the same size from a bare Node HTTP server in the same
 * run, with the server on one core and the load on another.
 */
export const TARGETS = {
  P1: {
    ...ABSOLUTE,
    what: 'documented query: filter and count, in process',
    unit: ' us',
    scale: 1,
    floor: 25,
    goal: 15,
  },
  P2: { ...ABSOLUTE, what: 'largest query (400 pairs), in process', unit: ' ms', scale: 1000, floor: 3000, goal: 1000 },
  P3: { ...RATE, what: 'best SQL plan / ours on the documented query', unit: ' x', floor: 1000, goal: 3000 },
  P4: { ...RATE, what: 'count, 400 varied bodies', floor: 0.3, goal: 0.5 },
  P5: { ...RATE, what: 'filter, page of 10', floor: 0.25, goal: 0.45 },
  P6: { ...RATE, what: 'filter, page of 100', floor: 0.12, goal: 0.3 },
  P7: { ...RATE, what: 'filter, page of 1000', floor: 0.15, goal: 0.4 },
  P8: { ...RATE, what: 'tags of an image', floor: 0.6, goal: 0.75 },
  P9: { ...RATE, what: 'tags of a project, page of 100 of 10,000 keys', floor: 0.3, goal: 0.6 },
  P10: { ...RATE, what: 'durable tag write, 64 connections', floor: 0.4, goal: 0.6 },
  policy: { ...RATE, what: 'durable tag write under a tag policy / without', floor: 0.97, goal: 0.99 },
  P11: { ...FACTOR, what: 'p99 / p50 at 16 connections', floor: 8, goal: 4 },
  P12: { ...ABSOLUTE, what: 'live memory per assignment', unit: ' B', scale: 1, floor: 24, goal: 16 },
  P13: { ...ABSOLUTE, what: 'cold start to /readyz and the first answer', unit: ' s', scale: 1, floor: 3, goal: 1 },
  P14: {
    what: 'import of images with 10 tags',
    unit: ' k/s',
    scale: 1000,
    kind: 'absolute',
    better: 'higher',
    floor: 25_000,
    goal: 60_000,
  },
  P15: { ...FACTOR, what: 'documented query at 4 M / at 1 M', floor: 5, goal: 4 },
  P16: { ...FACTOR, what: 'count while 64 writers run / without', floor: 3, goal: 1.5 },
  asOf: { ...ABSOLUTE, what: 'first answer as of an earlier moment', unit: ' s', scale: 1, floor: 3, goal: 1.5 },
  asOfAgain: { ...FACTOR, what: 'answers as of that moment / at present', floor: 1.5, goal: 1.1 },
  D1: { ...ABSOLUTE, what: 'bytes on disk for a durable write', unit: ' KB', scale: 1000, floor: 12_000, goal: 8000 },
  D64: {
    ...ABSOLUTE,
    what: 'bytes on disk for a durable write, 64 connections',
    unit: ' KB',
    scale: 1000,
    floor: 4000,
    goal: 2000,
  },
  soak: {
    what: 'growth of resident memory per hour, second half',
    unit: ' %',
    scale: 1,
    kind: 'absolute',
    better: 'lower',
    floor: 5,
    goal: 1,
  },
  blame: {
    ...ABSOLUTE,
    what: 'blame of a resource with 100 changes, in process',
    unit: ' ms',
    scale: 1000,
    floor: 1000,
    goal: 500,
  },
  diff: { ...ABSOLUTE, what: 'difference over 100,000 changes', unit: ' s', scale: 1, floor: 3, goal: 1.5 },
  search8: {
    ...ABSOLUTE,
    what: 'search by an expression of 8 tests, in process',
    unit: ' us',
    scale: 1,
    floor: 500,
    goal: 300,
  },
  search64: {
    ...ABSOLUTE,
    what: 'search by an expression of 64 dense tests, in process',
    unit: ' ms',
    scale: 1000,
    floor: 10_000,
    goal: 5000,
  },
  facet: {
    ...ABSOLUTE,
    what: 'facet of a key with about 20 values',
    unit: ' ms',
    scale: 1000,
    floor: 3000,
    goal: 1500,
  },
  facetKeys: {
    ...ABSOLUTE,
    what: 'facet of all keys, half of the images match',
    unit: ' ms',
    scale: 1000,
    floor: 60_000,
    goal: 40_000,
  },
  compliance: {
    ...ABSOLUTE,
    what: 'problems of all images with a policy of 30 keys, in process',
    unit: ' ms',
    scale: 1000,
    floor: 50_000,
    goal: 20_000,
  },
  near: {
    ...ABSOLUTE,
    what: 'near-duplicates of 10,000 keys',
    unit: ' ms',
    scale: 1000,
    floor: 1_000_000,
    goal: 500_000,
  },
  polite: { ...ABSOLUTE, what: 'longest delay of the event loop', unit: ' ms', scale: 1, floor: 20, goal: 20 },
  planMade: { ...ABSOLUTE, what: 'plan over 20,000 resources, made', unit: ' s', scale: 1, floor: 3, goal: 1 },
  planApplied: { ...ABSOLUTE, what: 'plan over 20,000 resources, applied', unit: ' s', scale: 1, floor: 5, goal: 2 },
} as const satisfies Readonly<Record<string, Target>>

export type TargetId = keyof typeof TARGETS

/** True when a value is at least as good as a bound. */
export function meets(value: number, bound: number, better: Target['better']): boolean {
  return better === 'lower' ? value <= bound : value >= bound
}
