import { setTimeout as sleep } from 'node:timers/promises'
import { median } from '../report/statistics.ts'

/** Iterations that take some milliseconds. */
const STEPS = 700_000
const PAUSE_MS = 2

/** Keeps the compiler from removing the work. */
let state = 1

/** Durations of the same arithmetic, in milliseconds of CPU time. */
export type FixedWork = { readonly medianMs: number; readonly maxMs: number }

/**
 * Repeats the same arithmetic. On an idle machine its maximum shows the noise of every measurement: the CPU time of a
 * virtual machine includes steal.
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
  // The first repetitions run before the loop is compiled.
  const counted = tookMs.slice(10)
  return { medianMs: median(counted), maxMs: Math.max(...counted) }
}
