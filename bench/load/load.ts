import { connect, type Socket } from 'node:net'
import { ResponseParser } from './response-parser.ts'

/** Requests that some connections send, in turn, each its next as soon as it has an answer. */
export type Pool = {
  readonly connections: number
  /** The bytes of each request, whole. */
  readonly requests: readonly Buffer[]
  /** Which request is sent first. */
  readonly startAt: number
  /** Requests a second of all connections together; undefined: as many as are answered. */
  readonly perSecond?: number
  readonly status: number
  /** The bytes of each answer's body; undefined where that is not known. */
  readonly bodyBytes: readonly number[] | undefined
}

export type LoadPlan = {
  readonly host: string
  readonly port: number
  readonly pools: readonly Pool[]
  /** Goes before what is counted. */
  readonly warmUpMs: number
  readonly durationMs: number
}

/** What one pool saw. */
export type PoolResult = {
  readonly answers: number
  readonly perSecond: number
  /** How long each answer took, in microseconds. */
  readonly latenciesUs: Float64Array
  /** Answers during the warm-up too. */
  readonly answersInAll: number
  /** Which request would be sent next. */
  readonly nextAt: number
}

export type LoadResult = {
  readonly pools: readonly PoolResult[]
  /** Share of its core that the load took itself: near 1, it measures itself. */
  readonly ownCpu: number
}

const READ_BYTES = 256 * 1024

class PoolRun {
  readonly #plan: LoadPlan
  readonly #pool: Pool
  readonly #sockets: Socket[] = []
  #next: number
  #latencies = new Float64Array(1 << 16)
  #answers = 0
  #answersInAll = 0
  #waiting = 0
  #dueMs = Number.NEGATIVE_INFINITY
  #isCounting = false
  #isOver = false

  constructor(plan: LoadPlan, pool: Pool) {
    this.#plan = plan
    this.#pool = pool
    this.#next = pool.startAt
  }

  /** From here on answers count. */
  count(): void {
    this.#isCounting = true
  }

  /** Sends nothing more, and waits for the answers that are under way. */
  async end(): Promise<void> {
    this.#isOver = true
    while (this.#waiting > 0 && this.#sockets.some(({ destroyed }) => !destroyed)) await sleep(1)
    for (const socket of this.#sockets) socket.destroy()
  }

  /** What was seen, in the time that counted. */
  result(tookMs: number): PoolResult {
    return {
      ...{ answers: this.#answers, perSecond: (this.#answers * 1000) / tookMs },
      ...{ latenciesUs: this.#latencies.slice(0, this.#answers), answersInAll: this.#answersInAll, nextAt: this.#next },
    }
  }

  /** Opens the connections and sends the first requests. Rejects with what goes wrong on any of them. */
  run(): Promise<never> {
    return new Promise((_resolve, reject) => {
      for (let i = 0; i < this.#pool.connections; i++) this.#sockets.push(this.#connect(reject))
    })
  }

  #connect(onError: (error: Error) => void): Socket {
    const { requests, status: expected, bodyBytes: expectedBytes } = this.#pool
    let sentMs = 0
    let current = 0
    const send = () => {
      current = this.#next
      this.#next = (this.#next + 1) % requests.length
      this.#waiting++
      sentMs = performance.now()
      socket.write(requests[current] as Buffer)
    }
    const sendWhenDue = (nowMs: number) => {
      const waitMs = this.#nextDueMs(nowMs) - nowMs
      if (waitMs < 1) send()
      else setTimeout(() => !this.#isOver && send(), waitMs)
    }
    const parser = new ResponseParser((status, bodyBytes) => {
      const nowMs = performance.now()
      this.#waiting--
      this.#answersInAll++
      if (status !== expected) throw new Error(`an answer has the status ${status} instead of ${expected}`)
      if (expectedBytes !== undefined && expectedBytes[current] !== bodyBytes) {
        throw new Error(`an answer has ${bodyBytes} bytes instead of ${expectedBytes[current]}`)
      }
      if (this.#isCounting && !this.#isOver) this.#record((nowMs - sentMs) * 1000)
      if (!this.#isOver) sendWhenDue(nowMs)
    })
    // One buffer for all that is read: a piece is done with before the next one comes.
    const buffer = Buffer.allocUnsafe(READ_BYTES)
    const socket = connect({
      ...{ host: this.#plan.host, port: this.#plan.port, noDelay: true },
      onread: {
        buffer,
        callback: (length) => {
          try {
            parser.push(buffer.subarray(0, length))
          } catch (error) {
            onError(error as Error)
            socket.destroy()
          }
          return true
        },
      },
    })
    socket.on('connect', () => sendWhenDue(performance.now()))
    socket.on('error', onError)
    socket.on('close', () => {
      if (!this.#isOver) onError(new Error('the server closed a connection'))
    })
    return socket
  }

  /** When the next request may go out. What was not sent in time is not made up for. */
  #nextDueMs(nowMs: number): number {
    const { perSecond } = this.#pool
    if (perSecond === undefined) return nowMs
    this.#dueMs = Math.max(nowMs, this.#dueMs + 1000 / perSecond)
    return this.#dueMs
  }

  #record(us: number): void {
    if (this.#answers === this.#latencies.length) {
      const grown = new Float64Array(this.#latencies.length * 2)
      grown.set(this.#latencies)
      this.#latencies = grown
    }
    this.#latencies[this.#answers++] = us
  }
}

/**
 * Puts load on a server, as long as the plan says and until `atLeast` is there. Throws when an answer is not what it has to
 * be: what is fast and wrong is not measured.
 */
export async function runLoad(plan: LoadPlan, atLeast: Promise<unknown> = Promise.resolve()): Promise<LoadResult> {
  const runs = plan.pools.map((pool) => new PoolRun(plan, pool))
  const failed = Promise.race(runs.map((run) => run.run()))
  // Whatever goes wrong is thrown where it is awaited; until then it must not count as unhandled.
  failed.catch(() => undefined)
  await Promise.race([failed, sleep(plan.warmUpMs)])
  for (const run of runs) run.count()
  const cpu = process.cpuUsage()
  const startMs = performance.now()
  await Promise.race([failed, Promise.all([sleep(plan.durationMs), atLeast])])
  const tookMs = performance.now() - startMs
  const used = process.cpuUsage(cpu)
  await Promise.race([failed, Promise.all(runs.map((run) => run.end()))])
  return { pools: runs.map((run) => run.result(tookMs)), ownCpu: (used.user + used.system) / 1000 / tookMs }
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}

/** The bytes of a request. */
export function requestBytes(
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  body = '',
): Buffer {
  const length = body === '' ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
  const lines = Object.entries({ host: '127.0.0.1', ...headers, ...length }).map(([name, value]) => `${name}: ${value}`)
  return Buffer.from([`${method} ${path} HTTP/1.1`, ...lines, '', body].join('\r\n'))
}
