/** Measures the longest CPU time between two turns of the event loop, in milliseconds. */
export function watchLoop(): { end(): number } {
  let isRunning = true
  let longestUs = 0
  let lastUs = cpuUs()
  const turn = () => {
    const nowUs = cpuUs()
    longestUs = Math.max(longestUs, nowUs - lastUs)
    lastUs = nowUs
    if (isRunning) setImmediate(turn)
  }
  setImmediate(turn)
  return {
    end: () => {
      isRunning = false
      return Math.max(longestUs, cpuUs() - lastUs) / 1000
    },
  }
}

/** The CPU time of this thread so far, in microseconds. */
export function cpuUs(): number {
  const { user, system } = process.threadCpuUsage()
  return user + system
}
