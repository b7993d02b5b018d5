import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

/** A request as it was on the wire. */
export type SignedRequest = {
  readonly method: string
  /** Path and query as they stand in the request line, before anything is decoded; the query without its `?`. */
  readonly path: string
  readonly query: string
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | undefined>>
  /** Hexadecimal SHA-256 of the bytes of the body, or what a signed `x-sdk-content-sha256` says in its place. */
  readonly bodyHash: string
}

export type Credentials = { readonly accessKey: string; readonly secretKey: string }

/**
 * How the signer names itself: by its access key alone, or as older clients do by a credential that is good for one
 * day, region and service. Region and service may be empty, and mostly are.
 */
export type SignatureForm = 'access' | CredentialForm

export type CredentialForm = {
  readonly kind: 'credential'
  /** `YYYYMMDD`, the day of `x-sdk-date`. */
  readonly date: string
  readonly region: string
  readonly service: string
}

/** What the value of an `Authorization` header says. */
export type AuthorizationHeader = {
  readonly accessKey: string
  /** `date/region/service/sdk_request` in the older form. */
  readonly scope: string | undefined
  /** In lower case, in order, each once. */
  readonly signedHeaders: readonly string[]
  readonly signature: string
}

/**
 * What a signer may have taken for the path. `documented`: decoded, each part encoded again. `literal`: encoded as it
 * stands on the wire. `legacy-url`: decoded, then escaped twice where a legacy URL parser escapes.
 *
 * Any two spellings that read the same share a signature, so whoever allows more readings lets a request that was
 * overheard be sent again, for as long as its date counts, with another spelling of its path.
 */
export type PathReading = 'documented' | 'literal' | 'legacy-url'

const ALGORITHM = 'SDK-HMAC-SHA256'
const DATE_HEADER = 'x-sdk-date'
const BODY_HASH_HEADER = 'x-sdk-content-sha256'
const SCOPE_END = 'sdk_request'
const DATE_WINDOW_MS = 15 * 60_000

/** Visible ASCII but for `,` and `/`, which separate. */
const ACCESS_KEY = /^[!-+.0-~-]+$/
const CREDENTIAL = /^([!-+.0-~-]+)\/(\d{8}\/[\w.-]*\/[\w.-]*\/sdk_request)$/
const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]+$/
const SIGNATURE = /^\w+$/
const SDK_DATE = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/

/** Reads the value of an `Authorization` header; undefined when it is no well-formed one of this algorithm. */
export function parseAuthorization(header: string): AuthorizationHeader | undefined {
  if (!header.startsWith(`${ALGORITHM} `)) return undefined
  // One more than may be there, so that a header of nothing but commas is not cut into a million parts.
  const parts = header.slice(ALGORITHM.length).split(',', 4)
  if (parts.length !== 3) return undefined
  const fields = new Map(parts.map((part) => nameAndValue(part.trim())))
  const identity = readIdentity(fields)
  const names = fields.get('SignedHeaders')?.split(';')
  const signature = fields.get('Signature')
  if (identity === undefined || names === undefined || signature === undefined) return undefined
  if (!SIGNATURE.test(signature) || !names.every((name) => HEADER_NAME.test(name))) return undefined
  return { ...identity, signedHeaders: inOrder(names), signature }
}

function readIdentity(
  fields: ReadonlyMap<string, string>,
): Pick<AuthorizationHeader, 'accessKey' | 'scope'> | undefined {
  const accessKey = fields.get('Access')
  if (accessKey !== undefined) return ACCESS_KEY.test(accessKey) ? { accessKey, scope: undefined } : undefined
  const credential = CREDENTIAL.exec(fields.get('Credential') ?? '')
  return credential === null ? undefined : { accessKey: credential[1] as string, scope: credential[2] as string }
}

/**
 * Gives the value of the `Authorization` header for a request. Throws when the request lacks a header that is to be
 * signed, or when its date or its hash of the body is not to be.
 */
export function sign(
  request: SignedRequest,
  { accessKey, secretKey }: Credentials,
  form: SignatureForm,
  signedHeaders: readonly string[],
): string {
  const names = inOrder(signedHeaders)
  const date = dateIfSignable(request, names)
  if (date === undefined) {
    const must = `${DATE_HEADER} must be one of them, and so must ${BODY_HASH_HEADER} if it is there`
    throw new TypeError(`cannot sign ${names.join(';')}: the request must have them all, ${must}`)
  }
  const scope = form === 'access' ? undefined : [form.date, form.region, form.service, SCOPE_END].join('/')
  const text = stringToSign(date, scope, canonicalRequest(request, names, 'documented'))
  const signature = hmac(signingKey(secretKey, scope), text).toString('hex')
  const identity = scope === undefined ? `Access=${accessKey}` : `Credential=${accessKey}/${scope}`
  return `${ALGORITHM} ${identity}, SignedHeaders=${names.join(';')}, Signature=${signature}`
}

/**
 * Says whether a signature fits a request under one of the readings: every header it names is there, the date is among
 * them, and in the older form is of the day that the credential is for. How far off the date is, `checkDate` says.
 */
export function verify(
  request: SignedRequest,
  parsed: AuthorizationHeader,
  secretKey: string,
  readings: readonly PathReading[],
): boolean {
  const { scope, signature } = parsed
  const names = inOrder(parsed.signedHeaders)
  const date = dateIfSignable(request, names)
  if (date === undefined) return false
  if (scope !== undefined && scope.slice(0, scope.indexOf('/')) !== date.slice(0, 8)) return false
  const key = signingKey(secretKey, scope)
  const given = Buffer.from(signature)
  // Most paths read the same in every way.
  const canonical = new Set(readings.map((reading) => canonicalRequest(request, names, reading)))
  return [...canonical].some((each) => {
    const expected = Buffer.from(hmac(key, stringToSign(date, scope, each)).toString('hex'))
    return given.length === expected.length && timingSafeEqual(given, expected)
  })
}

/** Gives the text whose hash is signed. A header that the request lacks counts as empty. */
export function canonicalRequest(
  request: SignedRequest,
  signedHeaders: readonly string[],
  reading: PathReading,
): string {
  const names = inOrder(signedHeaders)
  return [
    request.method,
    canonicalPath(request.path, reading),
    canonicalQuery(request.query),
    ...names.map((name) => `${name}:${headerOf(request, name) ?? ''}`),
    '',
    names.join(';'),
    request.bodyHash,
  ].join('\n')
}

/** Gives the canonical request in one line, as the gateway shows it to a caller whose signature does not fit. */
export function canonicalForMessage(request: SignedRequest, signedHeaders: readonly string[]): string {
  return canonicalRequest(request, signedHeaders, 'documented').replaceAll('\n', '|')
}

/** Says whether the date of a request is one, `YYYYMMDDTHHMMSSZ`, and at most 15 minutes away from now. */
export function checkDate(sdkDate: string | undefined, nowMs: number): 'ok' | 'malformed' | 'expired' {
  const [, year, month, day, hour, minute, second] = SDK_DATE.exec(sdkDate ?? '') ?? []
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`
  const timeMs = Date.parse(iso)
  // What the calendar does not have, such as 30 February, is either no time at all or one that is written differently.
  if (Number.isNaN(timeMs) || new Date(timeMs).toISOString() !== iso) return 'malformed'
  return Math.abs(timeMs - nowMs) <= DATE_WINDOW_MS ? 'ok' : 'expired'
}

/** Gives the hexadecimal SHA-256 of some bytes. */
export function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** Gives the date of a request that has every header to be signed, of which some must be. */
function dateIfSignable(request: SignedRequest, names: readonly string[]): string | undefined {
  if (!names.includes(DATE_HEADER) || names.some((name) => headerOf(request, name) === undefined)) return undefined
  // Were it not signed, it could be added to a request that was overheard, to put another body under the old signature.
  if (headerOf(request, BODY_HASH_HEADER) !== undefined && !names.includes(BODY_HASH_HEADER)) return undefined
  return headerOf(request, DATE_HEADER)
}

function stringToSign(date: string, scope: string | undefined, canonical: string): string {
  const hash = hashOf(Buffer.from(canonical))
  return [ALGORITHM, date, ...(scope === undefined ? [] : [scope]), hash].join('\n')
}

/** The secret itself, or in the older form a key for one day, region and service that is drawn from it step by step. */
function signingKey(secretKey: string, scope: string | undefined): string | Buffer {
  if (scope === undefined) return secretKey
  return scope.split('/').reduce<string | Buffer>((key, part) => hmac(key, part), `SDK${secretKey}`)
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

function canonicalPath(path: string, reading: PathReading): string {
  const read = READ_PATH[reading](path)
  const encoded = read.split('/').map(encode).join('/')
  return encoded.endsWith('/') ? encoded : `${encoded}/`
}

/**
 * COMPAT: huaweicloud-sdk-core 3.1.211 for Node.js puts a name into the path as it is, sends what the WHATWG `URL`
 * makes of that and signs what the legacy `url.parse` makes of it, which escapes blanks, quotes and the like; the
 * signer then escapes them again. That comes to `literal` or `legacy-url`, but not for a path with `?`, a segment of
 * dots, a tab or a line break, or an escape beside something that only one of the two escapes. huaweicloudsdkcore for
 * Python sends `%2F` and signs `/`, which comes to `documented`.
 */
const READ_PATH: Readonly<Record<PathReading, (path: string) => string>> = {
  documented: decode,
  literal: (path) => path,
  'legacy-url': (path) => decode(path).replace(/[ "'<>\\^`{|}]/g, encode),
}

/**
 * COMPAT: a `+` stands for a blank. Signers sign a blank as `%20` and a plus as `%2B`. The SDKs for Node.js and Python
 * send the same; gophertelekomcloud sends what Go's `url.Values.Encode` makes, `+` and `%2B`, and signs what Go's
 * `url.ParseQuery` reads there. So none sends a bare `+` for a plus, and what is signed is what the service acts on.
 */
function canonicalQuery(query: string): string {
  const pairs = query
    .split('&')
    .filter((piece) => piece !== '')
    .map((piece) => nameAndValue(piece.replaceAll('+', ' ')).map(decode) as [string, string])
  pairs.sort((a, b) => compare(a[0], b[0]) || compare(a[1], b[1]))
  return pairs.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&')
}

/** By UTF-16 unit, as the Node SDK sorts. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Splits at the first `=`; without one there is no value, which is the same as an empty one. */
function nameAndValue(text: string): [name: string, value: string] {
  const at = text.indexOf('=')
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}

/** A name that is said twice counts once, which keeps the canonical request from growing beyond the request itself. */
function inOrder(names: readonly string[]): string[] {
  return [...new Set(names.map((name) => name.toLowerCase()))].sort()
}

function headerOf({ headers }: SignedRequest, name: string): string | undefined {
  return Object.hasOwn(headers, name) ? headers[name]?.trim() : undefined
}

/** Undoes percent-encoding. What cannot be undone stays as it is: it is for others to refuse. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Escapes everything but letters, digits and `-_.~`. */
function encode(text: string): string {
  const escaped = encodeURIComponent(text.toWellFormed())
  return escaped.replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
}
