import { renameSync, writeFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { isMainThread } from 'node:worker_threads'

// Preloaded into the service by `--import`: measures event-loop delays and writes a report to a file at each SIGUSR2 and at
// the end of the process. Not part of the product.

const RESOLUTION_MS = 1
const file = process.env.TAGWERK_BENCH_LOOP_FILE

if (isMainThread && file !== undefined) {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  delays.enable()
  // Also measured in CPU time, which excludes the time in which another process had the core.
  let before = process.threadCpuUsage()
  let maxCpuUs = 0
  const tick = () => {
    const now = process.threadCpuUsage()
    maxCpuUs = Math.max(maxCpuUs, now.user - before.user + now.system - before.system)
    before = now
  }
  setInterval(tick, RESOLUTION_MS).unref()
  let reports = 0
  const report = () => {
    reports++
    tick()
    // The histogram records the time between two timer ticks, so the timer's interval is subtracted.
    const toMs = (ns: number) => Math.max(0, ns / 1e6 - RESOLUTION_MS)
    const [maxMs, p99Ms] = delays.count === 0 ? [0, 0] : [toMs(delays.max), toMs(delays.percentile(99))]
    writeFileSync(`${file}.new`, JSON.stringify({ reports, maxMs, p99Ms, maxCpuMs: maxCpuUs / 1000 }))
    renameSync(`${file}.new`, file)
    delays.reset()
    maxCpuUs = 0
    before = process.threadCpuUsage()
  }
  process.on('SIGUSR2', report)
  process.on('exit', report)
}
