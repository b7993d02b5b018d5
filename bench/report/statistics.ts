/** Returns a quantile (0.5: the median), with linear interpolation between neighbours. */
export function quantile(values: ArrayLike<number>, share: number): number {
  if (values.length === 0) throw new Error('no values to take a quantile of')
  return quantileOfSorted(Float64Array.from(values).sort(), share)
}

/** The same for values in ascending order. */
export function quantileOfSorted(sorted: ArrayLike<number>, share: number): number {
  const position = share * (sorted.length - 1)
  const below = Math.floor(position)
  const low = sorted[below] as number
  const high = sorted[Math.min(below + 1, sorted.length - 1)] as number
  return low + (high - low) * (position - below)
}

export function median(values: ArrayLike<number>): number {
  return quantile(values, 0.5)
}

/** Minimum and maximum. */
export type Spread = readonly [lowest: number, highest: number]

export function spreadOf(values: readonly number[]): Spread {
  return [Math.min(...values), Math.max(...values)]
}

/** The slope of the least-squares line through points. */
export function slopeOf(points: readonly (readonly [x: number, y: number])[]): number {
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / points.length
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / points.length
  const across = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0)
  const along = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0)
  return along === 0 ? 0 : across / along
}

/** Concatenates lists of samples. */
export function joined(lists: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(lists.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const list of lists) {
    all.set(list, at)
    at += list.length
  }
  return all
}
