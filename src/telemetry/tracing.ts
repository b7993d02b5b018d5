import {
  context,
  ProxyTracerProvider,
  propagation,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api'

/** The operation of a route, and its method and path as templates. */
export type RouteName = {
  readonly family: string
  readonly operation: string
  readonly method: string
  readonly path: string
}

export type RequestHeaders = Readonly<Record<string, string | readonly string[] | undefined>>

/** The span of one request. */
export type RequestSpan = {
  /** Runs a function such that spans started in it are children of this one. */
  run<T>(work: () => T): T
  end(status: number, projectId: string | undefined, errorCode: string | undefined): void
}

/** Spans through the OpenTelemetry API. The SDK that exports them is installed and loaded by the operator. */
export class Tracing {
  readonly #tracer: Tracer

  private constructor(tracer: Tracer) {
    this.#tracer = tracer
  }

  /** Gives undefined when no SDK is loaded, so that requests without tracing cost nothing. */
  static open(version: string): Tracing | undefined {
    const provider = trace.getTracerProvider()
    // Without an SDK the API gives its own proxy, which has nothing to delegate to.
    if (provider instanceof ProxyTracerProvider && provider.getDelegateTracer('tagwerk') === undefined) return undefined
    return new Tracing(trace.getTracer('tagwerk', version))
  }

  /** Starts the span of a request. Its parent is a span that is active, or else the one that the headers name. */
  startRequest({ family, operation, method, path }: RouteName, headers: RequestHeaders): RequestSpan {
    const active = context.active()
    const parent = trace.getSpan(active) === undefined ? propagation.extract(active, headers) : active
    const attributes = {
      'http.request.method': method,
      'http.route': path,
      'tagwerk.family': family,
      'tagwerk.operation': operation,
    }
    const span = this.#tracer.startSpan(`${method} ${path}`, { kind: SpanKind.SERVER, attributes }, parent)
    const within = trace.setSpan(parent, span)
    return {
      run: (work) => context.with(within, work),
      end: (status, projectId, errorCode) => {
        if (projectId !== undefined) span.setAttribute('tagwerk.project_id', projectId)
        if (status !== 0) span.setAttribute('http.response.status_code', status)
        if (errorCode !== undefined) span.setAttribute('error.type', errorCode)
        if (status === 0 || status >= 500) span.setStatus({ code: SpanStatusCode.ERROR })
        span.end()
      },
    }
  }

  /** Starts the span of a wait for a commit, as a child of the active span. The result ends it. */
  startCommit(writes: number): (error?: unknown) => void {
    const span: Span = this.#tracer.startSpan('commit', { attributes: { 'tagwerk.writes': writes } })
    return (error) => {
      if (error !== undefined) span.setStatus({ code: SpanStatusCode.ERROR })
      span.end()
    }
  }
}
