/** Gives the value below which a share of the values lies (0.5: the median), between two neighbours where it falls there. */
export function quantile(values: ArrayLike<number>, share: number): number {
  if (values.length === 0) throw new Error('no values to take a quantile of')
  return quantileOfSorted(Float64Array.from(values).sort(), share)
}

/** The same of values that are in ascending order already. */
export function quantileOfSorted(sorted: ArrayLike<number>, share: number): number {
  const place = share * (sorted.length - 1)
  const below = Math.floor(place)
  const low = sorted[below] as number
  const high = sorted[Math.min(below + 1, sorted.length - 1)] as number
  return low + (high - low) * (place - below)
}

export function median(values: ArrayLike<number>): number {
  return quantile(values, 0.5)
}

/** Lowest and highest. */
export type Spread = readonly [lowest: number, highest: number]

export function spreadOf(values: readonly number[]): Spread {
  return [Math.min(...values), Math.max(...values)]
}

/** How a straight line through points rises, by least squares: in units of y for a unit of x. */
export function slopeOf(points: readonly (readonly [x: number, y: number])[]): number {
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / points.length
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / points.length
  const across = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0)
  const along = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0)
  return along === 0 ? 0 : across / along
}

/** Two sorted or unsorted lists of samples as one. */
export function joined(lists: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(lists.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const list of lists) {
    all.set(list, at)
    at += list.length
  }
  return all
}
