import { AsyncLocalStorage } from 'node:async_hooks'
import {
  type Attributes,
  type Context,
  context,
  propagation,
  ROOT_CONTEXT,
  type Span,
  type SpanOptions,
  type SpanStatusCode,
  TraceFlags,
  trace,
} from '@opentelemetry/api'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Tracing } from '../../src/telemetry/tracing.ts'
import { startTestService, type TestService } from '../support/service.ts'

// A provider in memory, set through the API as an SDK does it.

type Recorded = {
  readonly name: string
  readonly id: string
  readonly parentId: string | undefined
  readonly attributes: Attributes
  status: number | undefined
  hasEnded: boolean
}

let spans: Recorded[] = []

function startSpan(name: string, { attributes = {} }: SpanOptions = {}, parent: Context = context.active()): Span {
  const id = String(spans.length + 1).padStart(16, '0')
  const parentId = trace.getSpanContext(parent)?.spanId
  const recorded: Recorded = {
    ...{ name, id, parentId, status: undefined, hasEnded: false },
    attributes: { ...attributes },
  }
  spans.push(recorded)
  const span = {
    spanContext: () => ({ traceId: '1'.repeat(32), spanId: id, traceFlags: TraceFlags.SAMPLED }),
    setAttribute: (key: string, value: string | number) => {
      recorded.attributes[key] = value
      return span
    },
    setStatus: ({ code }: { code: SpanStatusCode }) => {
      recorded.status = code
      return span
    },
    isRecording: () => true,
    end: () => {
      recorded.hasEnded = true
    },
  }
  return span as unknown as Span
}

/** Contexts that follow asynchronous calls, like the manager of the SDK for Node. */
function contextManager() {
  const storage = new AsyncLocalStorage<Context>()
  const manager = {
    active: () => storage.getStore() ?? ROOT_CONTEXT,
    with: (active: Context, work: (...args: unknown[]) => unknown, self: unknown, ...args: unknown[]) =>
      storage.run(active, () => work.apply(self, args)),
    bind: <T>(_active: Context, target: T) => target,
    enable: () => manager,
    disable: () => manager,
  }
  return manager
}

/** Reads the span of a caller from `traceparent`. */
const propagator = {
  inject: () => undefined,
  fields: () => ['traceparent'],
  extract: (parent: Context, carrier: unknown) => {
    const [, traceId, spanId] = String((carrier as Record<string, unknown>).traceparent ?? '').split('-')
    if (traceId === undefined || spanId === undefined) return parent
    return trace.setSpanContext(parent, { traceId, spanId, traceFlags: TraceFlags.SAMPLED, isRemote: true })
  },
}

it('without an SDK there is no tracing', () => {
  expect(Tracing.open('0')).toBeUndefined()
})

describe('tracing with a provider', () => {
  let service: TestService

  beforeAll(async () => {
    trace.setGlobalTracerProvider({ getTracer: () => ({ startSpan }) as never })
    context.setGlobalContextManager(contextManager() as never)
    propagation.setGlobalPropagator(propagator)
    service = await startTestService()
    await service.register({ resource_type: 'images', resource_id: 'i1', tags: [] })
  })
  afterAll(async () => {
    await service.stop()
    trace.disable()
    context.disable()
    propagation.disable()
  })
  beforeEach(() => {
    spans = []
  })
  afterEach(() => {
    expect(spans.filter(({ hasEnded }) => !hasEnded)).toEqual([])
  })

  it('a read has one span with its operation, status and project', async () => {
    await service.call('GET', `/v2/${service.project}/images/i1/tags`)
    expect(spans).toHaveLength(1)
    expect(spans[0]).toMatchObject({
      name: 'GET /v2/{project_id}/images/{image_id}/tags',
      parentId: undefined,
      status: undefined,
      attributes: {
        'http.request.method': 'GET',
        'http.route': '/v2/{project_id}/images/{image_id}/tags',
        'http.response.status_code': 200,
        'tagwerk.family': 'ims-v2',
        'tagwerk.operation': 'ListImageTags',
        'tagwerk.project_id': service.project,
      },
    })
  })

  it('a write has a span for the wait for its commit, as a child of its own', async () => {
    const writes = ['a', 'b'].map((key) =>
      service.call('POST', `/v2/${service.project}/images/i1/tags`, { body: { tag: { key, value: '1' } } }),
    )
    await Promise.all(writes)
    const requests = spans.filter(({ name }) => name.startsWith('POST'))
    const commits = spans.filter(({ name }) => name === 'commit')
    expect(requests).toHaveLength(2)
    expect(commits.map(({ parentId }) => parentId).toSorted()).toEqual(requests.map(({ id }) => id).toSorted())
    expect(commits.map(({ attributes }) => attributes['tagwerk.writes'])).toEqual([1, 1])
  })

  it('a request continues the trace of its caller', async () => {
    const headers = { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` }
    await service.call('GET', `/v2/${service.project}/images/i1/tags`, { headers })
    expect(spans[0]?.parentId).toBe('b'.repeat(16))
  })

  it('a refused request names its error, and is a failure of the service from status 500 on', async () => {
    await service.call('GET', `/v2/${service.project}/images/missing/tags`)
    await service.call('GET', `/v2/${service.project}/images/i1/tags`, { token: null })
    const [missing, unknown] = spans
    expect(missing?.attributes['http.response.status_code']).toBe(404)
    expect(missing?.attributes['error.type']).toBe('resource-not-found')
    expect(unknown?.attributes['error.type']).toBe('token-missing')
    expect(unknown?.attributes['tagwerk.project_id']).toBeUndefined()
    expect([missing?.status, unknown?.status]).toEqual([undefined, undefined])
  })
})
