import { Histogram } from '../core/histogram.ts'
import { METRICS, SECONDS_BOUNDS } from './definitions.ts'
import { type Metric, metricOf, type Sample } from './metric.ts'
import type { RequestHeaders, RequestSpan, RouteName, Tracing } from './tracing.ts'

/** Classes of the status by its first digit; 0 for a client that left before its request was complete. */
const STATUS_CLASSES = ['aborted', '1xx', '2xx', '3xx', '4xx', '5xx'] as const
/** Requests that reach no operation: unknown paths and methods, malformed hosts, and requests during a stop. */
const UNROUTED = { family: 'none', operation: 'unrouted' } as const

type RouteCounts = {
  readonly labels: { readonly family: string; readonly operation: string }
  readonly byClass: Float64Array
  readonly seconds: Histogram
}

/** Counts and times requests, and traces them. */
export class RequestMetrics {
  readonly #nowMs: () => number
  readonly #tracing: Tracing | undefined
  readonly #routes: RouteCounts[] = []
  readonly #unrouted: RouteCounts = countsOf(UNROUTED)
  readonly #refusals = new Map<string, number>()
  #inFlight = 0

  /** `nowMs` is a monotonic clock. */
  constructor(nowMs: () => number, tracing: Tracing | undefined) {
    this.#nowMs = nowMs
    this.#tracing = tracing
  }

  /** Gives the function that a route calls at the start of each of its requests. */
  observer(route: RouteName): (headers: RequestHeaders) => RequestObservation {
    const counts = countsOf({ family: route.family, operation: route.operation })
    this.#routes.push(counts)
    return (headers) => {
      this.#inFlight++
      const span = this.#tracing?.startRequest(route, headers)
      return new RequestObservation(this, counts, this.#nowMs(), span)
    }
  }

  /** Counts a request that reached no operation. */
  unrouted(status: number): void {
    count(this.#unrouted, status)
    if (status === 503) this.refused('stopping')
  }

  /** Counts a refusal with 429 or 503. `reason` is the code of the error. */
  refused(reason: string): void {
    this.#refusals.set(reason, (this.#refusals.get(reason) ?? 0) + 1)
  }

  /** For `RequestObservation` only. */
  ended(counts: RouteCounts, startMs: number, status: number): void {
    this.#inFlight--
    count(counts, status)
    counts.seconds.add((this.#nowMs() - startMs) / 1000)
  }

  /** The metrics of requests. An operation appears with its first request. */
  read(): readonly Metric[] {
    const routes = this.#routes.filter(({ byClass }) => byClass.some((requests) => requests > 0))
    return [
      metricOf(METRICS.requests, [...routes, this.#unrouted].flatMap(requestSamples)),
      metricOf(
        METRICS.requestSeconds,
        routes.map(({ labels, seconds }) => ({ labels, value: seconds.read() })),
      ),
      metricOf(METRICS.requestsInFlight, this.#inFlight),
      metricOf(
        METRICS.refusals,
        Array.from(this.#refusals, ([reason, value]) => ({ labels: { reason }, value })),
      ),
    ]
  }
}

/** One request of an operation. */
export class RequestObservation {
  readonly #metrics: RequestMetrics
  readonly #counts: RouteCounts
  readonly #startMs: number
  readonly #span: RequestSpan | undefined
  #hasEnded = false

  constructor(metrics: RequestMetrics, counts: RouteCounts, startMs: number, span: RequestSpan | undefined) {
    this.#metrics = metrics
    this.#counts = counts
    this.#startMs = startMs
    this.#span = span
  }

  /** Runs the handler of the request, within its span. */
  run<T>(handle: () => T): T {
    return this.#span === undefined ? handle() : this.#span.run(handle)
  }

  /**
   * Counts the request with the status of its answer, 0 for none; `errorCode` is the code of the error that was answered.
   * Later calls do nothing: a handler that ran into its timeout ends after the answer.
   */
  end(status: number, projectId: string | undefined, errorCode?: string): void {
    if (this.#hasEnded) return
    this.#hasEnded = true
    this.#metrics.ended(this.#counts, this.#startMs, status)
    if (errorCode !== undefined && (status === 429 || status === 503)) this.#metrics.refused(errorCode)
    this.#span?.end(status, projectId, errorCode)
  }
}

function countsOf(labels: RouteCounts['labels']): RouteCounts {
  return { labels, byClass: new Float64Array(STATUS_CLASSES.length), seconds: new Histogram(SECONDS_BOUNDS) }
}

function count({ byClass }: RouteCounts, status: number): void {
  const i = Math.floor(status / 100)
  byClass[i] = (byClass[i] as number) + 1
}

function requestSamples({ labels, byClass }: RouteCounts): readonly Sample[] {
  return STATUS_CLASSES.flatMap((status, i) => {
    const value = byClass[i] as number
    return value === 0 ? [] : [{ labels: { ...labels, status }, value }]
  })
}
