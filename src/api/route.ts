import type { Static, TObject, TSchema } from 'typebox'
import type { Author } from '../catalog/catalog.ts'
import type { CommonErrorCode } from '../core/errors.ts'
import type { Principal } from '../iam/principal.ts'
import type { Language } from './error-text.ts'

/**
 * What a call needs to be asked with: proof for the project in its path, for any project (which the call then works in),
 * for a domain, for anything, or none.
 */
export type Access = 'project' | 'scoped' | 'domain' | 'any' | 'none'

/** What a handler gets, all of it checked. `caller` is only there when the route asks for a token. */
export type Call<A extends Access, P, Q, B> = {
  readonly params: P
  readonly query: Q
  readonly body: B
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly caller: A extends 'none' ? undefined : Caller
  /** The project that the call works in. */
  readonly projectId: A extends 'project' | 'scoped' ? string : undefined
  /** The type of the body as the caller gave it. */
  readonly contentType: string | undefined
  readonly requestId: string
  /** Where the caller is. */
  readonly address: string
  /** Scheme, host and port by which the caller reached the service. */
  readonly origin: string
  /** Authorizes the caller again, for long calls: throws the error with which a new call would be refused now. */
  readonly reauthorize: () => Promise<void>
  /** True when the answer can no longer be sent: the client disconnected, or the deadline passed and was answered. */
  readonly isAborted: () => boolean
}

/** Who calls. */
export type Caller = { readonly principal: Principal }

/** Who changes something by a call, for the change log. */
export function authorOf({ caller, requestId }: { readonly caller: Caller; readonly requestId: string }): Author {
  return { userId: caller.principal.user.id, requestId }
}

/** What a handler gives back. `revision` is the project's, as far as the answer reflects one. */
export type Reply = {
  readonly status: number
  /** What the schema of the status makes JSON of; of a route that produces something else, the stream itself. */
  readonly body?: unknown
  /** Instead of `body`: the body as JSON that is encoded already, sent as it is. What it says is the handler's word. */
  readonly encoded?: Uint8Array | string
  /** Called when `encoded` was sent to its end and nobody reads it any more. */
  readonly release?: () => void
  readonly revision?: number
  readonly headers?: Readonly<Record<string, string>>
}

/** How a body comes in: read whole as JSON, or handed on as a stream of bytes. */
export type BodyKind = 'none' | 'json' | 'stream'

/** A route as the server mounts it and as OpenAPI is made from it: the contract of one operation. */
export type Route = {
  /** The vendor's operation id. */
  readonly id: string
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Path with `{names}`. */
  readonly path: string
  readonly summary: string
  readonly access: Access
  /** What a role has to allow, by the vendor's name. */
  readonly action: string
  readonly params: TObject
  readonly query: TObject
  /** Headers of its own that the call reads, for those who read about it. */
  readonly headers: TObject | undefined
  readonly bodyKind: BodyKind
  readonly body: TSchema | undefined
  /** Media types of the body, for those who read about the call. */
  readonly consumes: readonly string[]
  /** The call can also be made without a body. */
  readonly bodyIsOptional: boolean
  /** Takes out of a body what the call does not look at, before it is checked. */
  readonly prepareBody: ((body: unknown) => unknown) | undefined
  /** Errors name the field and the rule, never the value: there may be a password in it. */
  readonly hidesValues: boolean
  /** Schema of the body for each status; `null` where there is none. */
  readonly responses: Readonly<Record<number, TSchema | null>>
  /** Media type of the answer; JSON unless said. */
  readonly produces: string
  readonly handle: (call: Call<Access, never, never, never>) => Promise<Reply>
}

const NOTHING: Record<never, never> = {}

/**
 * Defines one operation. Types of what `handle` gets follow from the schemas. A schema may carry `x-error`: the code with
 * which a value that breaks it is refused, instead of `request-invalid`.
 */
export function defineRoute<
  const A extends Access,
  P extends TObject = TObject<typeof NOTHING>,
  Q extends TObject = TObject<typeof NOTHING>,
  B extends TSchema = TSchema,
>(
  definition: Pick<Route, 'id' | 'method' | 'path' | 'summary' | 'action' | 'responses'> & {
    readonly access: A
    readonly params?: P
    readonly query?: Q
    readonly headers?: TObject
    readonly body?: B
    /** The body may be left out; the handler then gets undefined. */
    readonly bodyIsOptional?: true
    /** Hands the body on unread, as a stream. */
    readonly streamsBody?: true
    /** Unless said, JSON, and of a stream JSON by lines. */
    readonly consumes?: readonly string[]
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
    consumes,
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
    consumes: consumes ?? [streamsBody ? 'application/x-ndjson' : 'application/json'],
    bodyIsOptional: bodyIsOptional ?? false,
    prepareBody,
    hidesValues: hidesValues ?? false,
    produces: produces ?? 'application/json',
    handle: handle as Route['handle'],
  }
}

const emptyObject = { type: 'object', properties: {} } as unknown as TObject

/** How one code looks in a family: `gateway` entries take the gateway's envelope, all others the family's own. */
export type ErrorEntry = {
  readonly status: number
  readonly code: string
  readonly message: string
  /** The message in Chinese, where the family answers in that language. */
  readonly messageZh?: string
  readonly envelope?: 'gateway'
}

/**
 * A family's entry for each code. `Own` is the family's own codes. A code without an entry does not compile, neither a
 * common one nor one of `Own`.
 */
export type ErrorTable<Own extends string = never> = Readonly<Record<CommonErrorCode | Own, ErrorEntry>>

/** A family of routes with one dialect. */
export type Family = {
  readonly name: string
  readonly title: string
  readonly version: string
  /** Matches the paths that are this family's even when they cannot be routed. */
  readonly paths: RegExp
  readonly errors: ErrorTable & Readonly<Record<string, ErrorEntry>>
  /** The error body of the family. */
  readonly renderError: (entry: ErrorEntry, message: string) => unknown
  /** Schema of that body. */
  readonly errorSchema: TSchema
  /** Languages other than English that `X-Language` chooses. */
  readonly languages: readonly Language[]
  /** True: replies carry `X-Tagwerk-Revision`. */
  readonly hasRevisions: boolean
  readonly routes: readonly Route[]
}
