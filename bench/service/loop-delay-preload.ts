import { renameSync, writeFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { isMainThread } from 'node:worker_threads'

// Loaded before the service by `--import`: watches how long its event loop is held up, and writes what it saw to the file
// that a variable names, at each SIGUSR2 and at the end. Nothing of this is in the product.

const RESOLUTION_MS = 1
const file = process.env.TAGWERK_BENCH_LOOP_FILE

if (isMainThread && file !== undefined) {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  delays.enable()
  // The same once more by processor time: on a machine that others use too, a loop may also wait for its turn.
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
    // What is recorded is the time between two ticks of a timer, so its own interval is taken off.
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
