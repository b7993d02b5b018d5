import { openSync, readSync } from 'node:fs'

const TEXT_BYTES_MAX = 128

/**
 * Gives a function that tells how long the main thread of this process has waited for its core, in milliseconds: it was
 * ready to run while other threads ran there. Always 0 where the system does not count that.
 */
export function runQueueWait(): () => number {
  const buffer = new Uint8Array(TEXT_BYTES_MAX)
  const file = openScheduleOf(process.pid)
  if (file === undefined) return () => 0
  return () => {
    const length = readSync(file, buffer, 0, TEXT_BYTES_MAX, 0)
    const text = Buffer.from(buffer.buffer, 0, length).toString('latin1')
    // Nanoseconds on the core, nanoseconds of waiting, number of time slices.
    return Number(text.split(' ')[1]) / 1e6
  }
}

function openScheduleOf(pid: number): number | undefined {
  try {
    return openSync(`/proc/${pid}/task/${pid}/schedstat`, 'r')
  } catch {
    return undefined
  }
}
