import { setTimeout as sleep } from 'node:timers/promises'
import { median } from '../report/statistics.ts'

/** Some milliseconds' work. */
const STEPS = 700_000
const PAUSE_MS = 2

/** Outlives the work, so that no compiler leaves it out. */
let state = 1

/** How long one and the same piece of arithmetic took, in milliseconds of processor time. */
export type FixedWork = { readonly medianMs: number; readonly maxMs: number }

/**
 * Does the same piece of arithmetic again and again: what it takes at most, where nothing else is done, is what the machine
 * adds to anything that is measured on it. A virtual machine counts time as its own in which its processor was another's.
 */
export async function fixedWork(durationMs: number): Promise<FixedWork> {
  const tookMs: number[] = []
  const endMs = performance.now() + durationMs
  while (performance.now() < endMs) {
    const before = process.threadCpuUsage()
    for (let i = 0; i < STEPS; i++) state = (Math.imul(state, 1_103_515_245) + 12_345) | 0
    const after = process.threadCpuUsage()
    tookMs.push((after.user - before.user + after.system - before.system) / 1000)
    await sleep(PAUSE_MS)
  }
  // The first pieces are done before the loop is compiled.
  const counted = tookMs.slice(10)
  return { medianMs: median(counted), maxMs: Math.max(...counted) }
}
