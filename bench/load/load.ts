import { connect, type Socket } from 'node:net'
import { ResponseParser } from './response-parser.ts'
import { runQueueWait } from './run-queue.ts'

/** Requests that a number of connections send in rotation. Each connection sends its next request after a response. */
export type Pool = {
  readonly connections: number
  /** The complete bytes of each request. */
  readonly requests: readonly Buffer[]
  /** Index of the first request. */
  readonly startAt: number
  /** Requests per second of all connections together. Undefined: no limit. */
  readonly perSecond?: number
  readonly status: number
  /** The expected body bytes of each response. Undefined where they are unknown. */
  readonly bodyBytes: readonly number[] | undefined
}

export type LoadPlan = {
  readonly host: string
  readonly port: number
  readonly pools: readonly Pool[]
  /** Excluded from the results. */
  readonly warmUpMs: number
  readonly durationMs: number
  /** True: latencies are without the time for which this process waited for its core, which others use too. */
  readonly withoutOwnWait?: boolean
}

/** The results of one pool. */
export type PoolResult = {
  readonly responses: number
  readonly perSecond: number
  /** Latency of each response, in microseconds. */
  readonly latenciesUs: Float64Array
  /** Responses including those of the warm-up. */
  readonly responsesInTotal: number
  /** Index of the next request. */
  readonly nextAt: number
}

export type LoadResult = {
  readonly pools: readonly PoolResult[]
  /** CPU time of the load as a share of its core. Near 1, the load is the bottleneck. */
  readonly ownCpu: number
}

const READ_BYTES = 256 * 1024

class PoolRun {
  readonly #plan: LoadPlan
  readonly #pool: Pool
  readonly #sockets: Socket[] = []
  #next: number
  #latencies = new Float64Array(1 << 16)
  #responses = 0
  #responsesInTotal = 0
  #waiting = 0
  #dueMs = Number.NEGATIVE_INFINITY
  #isCounting = false
  #isOver = false
  readonly #waitedMs: () => number

  constructor(plan: LoadPlan, pool: Pool) {
    this.#plan = plan
    this.#pool = pool
    this.#next = pool.startAt
    this.#waitedMs = plan.withoutOwnWait ? runQueueWait() : () => 0
  }

  /** Starts counting responses. */
  count(): void {
    this.#isCounting = true
  }

  /** Stops sending and waits for outstanding responses. */
  async end(): Promise<void> {
    this.#isOver = true
    while (this.#waiting > 0 && this.#sockets.some(({ destroyed }) => !destroyed)) await sleep(1)
    for (const socket of this.#sockets) socket.destroy()
  }

  /** The results since counting started. */
  result(tookMs: number): PoolResult {
    return {
      responses: this.#responses,
      perSecond: (this.#responses * 1000) / tookMs,
      latenciesUs: this.#latencies.slice(0, this.#responses),
      responsesInTotal: this.#responsesInTotal,
      nextAt: this.#next,
    }
  }

  /** Opens the connections and sends the first requests. Rejects on an error of any connection. */
  run(): Promise<never> {
    return new Promise((_resolve, reject) => {
      for (let i = 0; i < this.#pool.connections; i++) this.#sockets.push(this.#connect(reject))
    })
  }

  #connect(onError: (error: Error) => void): Socket {
    const { requests, status: expected, bodyBytes: expectedBytes } = this.#pool
    let sentMs = 0
    let waitedMs = 0
    let current = 0
    const send = () => {
      current = this.#next
      this.#next = (this.#next + 1) % requests.length
      this.#waiting++
      waitedMs = this.#waitedMs()
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
      this.#responsesInTotal++
      if (status !== expected) throw new Error(`a response has status ${status} instead of ${expected}`)
      if (expectedBytes !== undefined && expectedBytes[current] !== bodyBytes) {
        throw new Error(`a response has ${bodyBytes} bytes instead of ${expectedBytes[current]}`)
      }
      if (this.#isCounting && !this.#isOver) this.#record((nowMs - sentMs - (this.#waitedMs() - waitedMs)) * 1000)
      if (!this.#isOver) sendWhenDue(nowMs)
    })
    // All reads share one buffer: a chunk is parsed before the next read.
    const buffer = Buffer.allocUnsafe(READ_BYTES)
    const socket = connect({
      host: this.#plan.host,
      port: this.#plan.port,
      noDelay: true,
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

  /** When the next request may be sent. Requests that are late are skipped, not caught up. */
  #nextDueMs(nowMs: number): number {
    const { perSecond } = this.#pool
    if (perSecond === undefined) return nowMs
    this.#dueMs = Math.max(nowMs, this.#dueMs + 1000 / perSecond)
    return this.#dueMs
  }

  #record(us: number): void {
    if (this.#responses === this.#latencies.length) {
      const grown = new Float64Array(this.#latencies.length * 2)
      grown.set(this.#latencies)
      this.#latencies = grown
    }
    this.#latencies[this.#responses++] = us
  }
}

/**
 * Runs load for the duration of the plan and until `atLeast` is reached. Throws when a response is not the expected
 * one: wrong answers are not measured.
 */
export async function runLoad(plan: LoadPlan, atLeast: Promise<unknown> = Promise.resolve()): Promise<LoadResult> {
  const runs = plan.pools.map((pool) => new PoolRun(plan, pool))
  const failed = Promise.race(runs.map((run) => run.run()))
  // Errors are thrown at the `await`; until then they must not count as unhandled rejections.
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

/** Formats a request. */
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
