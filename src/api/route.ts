import type { Static, TObject, TSchema } from 'typebox'
import type { Author } from '../catalog/catalog.ts'
import type { CommonErrorCode, Facts } from '../core/errors.ts'
import type { Principal } from '../iam/principal.ts'
import type { Moments } from './as-of.ts'
import type { Language } from './error-text.ts'
import type { EncodedBody } from './long-json.ts'

/**
 * The scope that a caller's credentials need: `project` the project in the path, `scoped` any project (the call then
 * acts on that project), `domain` a domain, `any` either, `none` no credentials at all.
 */
export type Access = 'project' | 'scoped' | 'domain' | 'any' | 'none'

/** The input of a handler, validated. `caller` is undefined for routes with access `none`. */
export type Call<A extends Access, P, Q, B> = {
  readonly params: P
  readonly query: Q
  readonly body: B
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly caller: A extends 'none' ? undefined : Caller
  /** The project that the call acts on. */
  readonly projectId: A extends 'project' | 'scoped' ? string : undefined
  /** The media type of the request body. */
  readonly contentType: string | undefined
  readonly requestId: string
  /** IP address of the client. */
  readonly address: string
  /** Scheme, host and port under which the client reached the service. */
  readonly origin: string
  /** Authorizes the caller again, for long calls: throws the error with which a new call would be refused now. */
  readonly reauthorize: () => Promise<void>
  /** True when the answer can no longer be sent: the client disconnected, or the deadline passed and was answered. */
  readonly isAborted: () => boolean
}

export type Caller = { readonly principal: Principal }

/** The author of a change, for the change log. */
export function authorOf({ caller, requestId }: { readonly caller: Caller; readonly requestId: string }): Author {
  return { userId: caller.principal.user.id, requestId }
}

/** The result of a handler. */
export type Reply = {
  readonly status: number
  /** Serialized by the response schema of the status; for a route that does not produce JSON, the stream itself. */
  readonly body?: unknown
  /** Instead of `body`: the body as JSON, sent unchanged and not checked against the schema. */
  readonly encoded?: EncodedBody
  /** For a stream: when it is ended early. */
  readonly pace?: StreamPace
  /** Called after `encoded` was written, so that its buffer can be reused; after a stream ended; or if nothing is sent. */
  readonly release?: () => void
  /** The revision of the project that the answer reflects. */
  readonly revision?: number
  readonly headers?: Readonly<Record<string, string>>
}

/** When a streamed answer is ended early, besides its reader's silence. */
export type StreamPace = {
  /** The least rate over a window, while the stream waits for its reader. */
  readonly bytesPerSecondMin: number
  readonly windowMs?: number
  readonly timeoutMs: number
  /** Its reason is an error that says why. */
  readonly signal: AbortSignal
}

/** How the request body is read: not at all, parsed as JSON, or passed to the handler as a stream of bytes. */
export type BodyKind = 'none' | 'json' | 'stream'

/** The contract of one operation. The server registers it, and the OpenAPI document is generated from it. */
export type Route = {
  /** The vendor's operation id. */
  readonly id: string
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Path with `{names}`. */
  readonly path: string
  /**
   * The first labels of the Host header that select the route, where routes of several services have its path; the first
   * one is in the service catalogue. Another host selects the route without hosts.
   */
  readonly hosts?: readonly string[] | undefined
  /** The errors of the route's service, in a family of several services. */
  readonly service?: ServiceErrors | undefined
  /** True: the OpenAPI document has another route with this method and path. */
  readonly isUndocumented?: boolean | undefined
  readonly summary: string
  readonly access: Access
  /** The action that the caller's policies must allow, by the vendor's name. */
  readonly action: string
  readonly params: TObject
  readonly query: TObject
  /**
   * Which earlier moments the operation can read as of; undefined: it is about the present, and refuses the header
   * `X-Tagwerk-As-Of`. All that such an operation reads has to come from the catalog.
   */
  readonly asOf?: Moments | undefined
  /** Headers that the operation reads. They are documented, but not validated. */
  readonly headers: TObject | undefined
  readonly bodyKind: BodyKind
  readonly body: TSchema | undefined
  /** True: a streamed body may be packed, as `Content-Encoding: gzip` says; the handler gets it unpacked. */
  readonly unpacksBody: boolean
  /** Media types of the request body, for the OpenAPI document. */
  readonly consumes: readonly string[]
  /** Media types whose bodies the handler of a JSON body gets as a stream of bytes instead, not validated. */
  readonly streamedTypes: readonly string[]
  /** True: the call may take as long as one with a streamed body. */
  readonly isLong: boolean
  /** True: a request without a body is valid. */
  readonly bodyIsOptional: boolean
  /** Removes ignored members from a body before it is validated. */
  readonly prepareBody: ((body: unknown) => unknown) | undefined
  /** True: errors do not show the offending value, because it may be a password. */
  readonly hidesValues: boolean
  /** Schema of the response body by status; `null` for no body. */
  readonly responses: Readonly<Record<number, TSchema | null>>
  /** Media type of the response. */
  readonly produces: string
  readonly handle: (call: Call<Access, never, never, never>) => Promise<Reply>
}

const NOTHING: Record<never, never> = {}

/**
 * Defines one operation. The types of the handler's input are derived from the schemas. A schema may have the
 * annotation `x-error`: the error code for a value that violates it, instead of `request-invalid`.
 */
export function defineRoute<
  const A extends Access,
  P extends TObject = TObject<typeof NOTHING>,
  Q extends TObject = TObject<typeof NOTHING>,
  B extends TSchema = TSchema,
>(
  definition: Pick<
    Route,
    'id' | 'method' | 'path' | 'summary' | 'action' | 'responses' | 'hosts' | 'service' | 'isUndocumented' | 'asOf'
  > & {
    readonly access: A
    readonly params?: P
    readonly query?: Q
    readonly headers?: TObject
    readonly body?: B
    /** Without a body, the handler's `body` is undefined. */
    readonly bodyIsOptional?: true
    /** Passes the body to the handler as a stream. */
    readonly streamsBody?: true
    readonly unpacksBody?: true
    readonly streamedTypes?: readonly string[]
    readonly isLong?: true
    /** Default: JSON, or NDJSON for a stream. */
    readonly consumes?: readonly string[]
    /** Default: JSON. */
    readonly produces?: string
    readonly prepareBody?: (body: unknown) => unknown
    readonly hidesValues?: true
    readonly handle: (call: Call<A, Static<P>, Static<Q>, Static<B>>) => Promise<Reply>
  },
): Route {
  const {
    params,
    query,
    headers,
    body,
    bodyIsOptional,
    streamsBody,
    unpacksBody,
    consumes,
    streamedTypes = [],
    isLong,
    produces,
    prepareBody,
    hidesValues,
    handle,
    ...rest
  } = definition
  const bodyKind = streamsBody ? 'stream' : body === undefined ? 'none' : 'json'
  return {
    ...rest,
    params: params ?? emptyObject,
    query: query ?? emptyObject,
    headers,
    bodyKind,
    body,
    unpacksBody: unpacksBody ?? false,
    consumes: consumes ?? [streamsBody ? 'application/x-ndjson' : 'application/json', ...streamedTypes],
    streamedTypes,
    isLong: isLong ?? false,
    bodyIsOptional: bodyIsOptional ?? false,
    prepareBody,
    hidesValues: hidesValues ?? false,
    produces: produces ?? 'application/json',
    handle: handle as Route['handle'],
  }
}

const emptyObject = { type: 'object', properties: {} } as unknown as TObject

/** Status, code and message of an error in one family. */
export type ErrorEntry = {
  readonly status: number
  readonly code: string
  readonly message: string
  /** The message in Chinese, for a family that supports that language. */
  readonly messageZh?: string
  /** `gateway`: rendered as the gateway's error body. Default: the family's own. */
  readonly envelope?: 'gateway'
}

/**
 * A family's entry for each code. `Own` is the family's own codes. A code without an entry does not compile, neither a
 * common one nor one of `Own`.
 */
export type ErrorTable<Own extends string = never> = Readonly<Record<CommonErrorCode | Own, ErrorEntry>>

/** How a service renders its errors. */
export type ServiceErrors = {
  readonly errors: ErrorTable & Readonly<Record<string, ErrorEntry>>
  /** Renders the error body. */
  readonly renderError: (entry: ErrorEntry, message: string, facts: Facts) => unknown
  /** Schema of that body. */
  readonly errorSchema: TSchema
}

/** An API of one vendor service: its routes, error format and languages. */
export type Family = ServiceErrors & {
  readonly name: string
  readonly title: string
  readonly version: string
  /** Matches all paths of the family, also those without a route. It selects the format of errors. */
  readonly paths: RegExp
  /** Languages besides English that `X-Language` can select. */
  readonly languages: readonly Language[]
  /** True: replies carry `X-Tagwerk-Revision`. */
  readonly hasRevisions: boolean
  /** True: the OpenAPI document has parts that several operations have as components. */
  readonly sharesParts?: boolean
  readonly routes: readonly Route[]
}
