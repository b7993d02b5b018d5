import { closeSync, constants, fstatSync, openSync } from 'node:fs'

/** An open file descriptor for lines. */
export type Output = {
  readonly fd: number
  /**
   * How a write is made without making the process wait: `try` writes at once and gives up when the reader is behind,
   * `thread` writes in a thread of Node's pool, because a disk cannot refuse a write as a pipe does.
   */
  readonly writes: 'try' | 'thread'
  close(): void
}

const { O_APPEND, O_CREAT, O_NOCTTY, O_NONBLOCK, O_WRONLY } = constants

const STANDARD_STREAMS = { stdout: 1, stderr: 2 } as const

/** Opens standard output or standard error for writes that never wait for their reader. */
export function openStandardOutput(name: keyof typeof STANDARD_STREAMS): Output {
  const fd = STANDARD_STREAMS[name]
  // As a side effect, Node makes a pipe or a socket non-blocking, also for the trace that it prints when it crashes.
  void process[name]
  const stat = fstatSync(fd)
  if (stat.isFile()) return { fd, writes: 'thread', close: () => undefined }
  if (stat.isFIFO() || stat.isCharacterDevice()) return reopened(fd) ?? { fd, writes: 'try', close: () => undefined }
  return { fd, writes: 'try', close: () => undefined }
}

/** Opens a file to append lines to, created for its owner alone if it is missing. */
export function openLogFile(path: string): Output {
  // O_NONBLOCK: opening a named pipe must not wait for a reader.
  const fd = openSync(path, O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK | O_NOCTTY, 0o600)
  return { fd, writes: fstatSync(fd).isFile() ? 'thread' : 'try', close: () => closeSync(fd) }
}

/**
 * Opens what a descriptor refers to once more. The mode of the first descriptor is shared with other processes, so each
 * of them could make it blocking again; a terminal's is blocking by Node's choice. Undefined where the system cannot.
 */
function reopened(fd: number): Output | undefined {
  try {
    const own = openSync(`/dev/fd/${fd}`, O_WRONLY | O_NONBLOCK | O_NOCTTY)
    return { fd: own, writes: 'try', close: () => closeSync(own) }
  } catch {
    return undefined
  }
}
