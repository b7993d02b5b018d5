import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

/** The parts of an HTTP request that a signature covers, as received on the wire. */
export type SignedRequest = {
  readonly method: string
  /** Path and query of the request line, not decoded; the query without its `?`. */
  readonly path: string
  readonly query: string
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | undefined>>
  /** Hexadecimal SHA-256 of the body, or `UNSIGNED-PAYLOAD` when a signed `x-sdk-content-sha256` says so. */
  readonly bodyHash: string
}

export type Credentials = { readonly accessKey: string; readonly secretKey: string }

/**
 * How the signer identifies itself: by its access key alone, or, in older clients, by a credential scope of one day, region
 * and service. Region and service may be empty, and usually are.
 */
export type SignatureForm = 'access' | CredentialForm

export type CredentialForm = {
  readonly kind: 'credential'
  /** `YYYYMMDD`, the day of `x-sdk-date`. */
  readonly date: string
  readonly region: string
  readonly service: string
}

/** A parsed `Authorization` header. */
export type AuthorizationHeader = {
  readonly accessKey: string
  /** Credential scope `date/region/service/sdk_request`, in the older form only. */
  readonly scope: string | undefined
  /** In lower case, sorted, unique. */
  readonly signedHeaders: readonly string[]
  readonly signature: string
}

/**
 * How a signer derives the canonical path. `documented`: decode, then encode each segment. `literal`: encode the path as it
 * is on the wire. `legacy-url`: decode, then escape the characters twice that a legacy URL parser escapes.
 *
 * Two paths with the same canonical path share a signature. Every accepted reading therefore lets an attacker replay a
 * captured request with a differently encoded path, while its date is valid.
 */
export type PathReading = 'documented' | 'literal' | 'legacy-url'

const ALGORITHM = 'SDK-HMAC-SHA256'
const DATE_HEADER = 'x-sdk-date'
const BODY_HASH_HEADER = 'x-sdk-content-sha256'
const SCOPE_END = 'sdk_request'
const DATE_WINDOW_MS = 15 * 60_000

/** Visible ASCII without the separators `,` and `/`. */
const ACCESS_KEY = /^[!-+.0-~-]+$/
const CREDENTIAL = /^([!-+.0-~-]+)\/(\d{8}\/[\w.-]*\/[\w.-]*\/sdk_request)$/
const HEADER_NAME = /^[\w!#$%&'*+.^`|~-]+$/
const SIGNATURE = /^\w+$/
const SDK_DATE = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/

/** Parses an `Authorization` header; undefined when it is malformed or of another algorithm. */
export function parseAuthorization(header: string): AuthorizationHeader | undefined {
  if (!header.startsWith(`${ALGORITHM} `)) return undefined
  // The limit is one more than the valid number of parts, so that a header full of commas is not split entirely.
  const parts = header.slice(ALGORITHM.length).split(',', 4)
  if (parts.length !== 3) return undefined
  const fields = new Map(parts.map((part) => nameAndValue(part.trim())))
  const identity = parseIdentity(fields)
  const names = fields.get('SignedHeaders')?.split(';')
  const signature = fields.get('Signature')
  if (identity === undefined || names === undefined || signature === undefined) return undefined
  if (!SIGNATURE.test(signature) || !names.every((name) => HEADER_NAME.test(name))) return undefined
  return { ...identity, signedHeaders: sortedNames(names), signature }
}

function parseIdentity(
  fields: ReadonlyMap<string, string>,
): Pick<AuthorizationHeader, 'accessKey' | 'scope'> | undefined {
  const accessKey = fields.get('Access')
  if (accessKey !== undefined) return ACCESS_KEY.test(accessKey) ? { accessKey, scope: undefined } : undefined
  const credential = CREDENTIAL.exec(fields.get('Credential') ?? '')
  return credential === null ? undefined : { accessKey: credential[1] as string, scope: credential[2] as string }
}

/**
 * Signs a request and gives the value of its `Authorization` header. Throws a TypeError when the request lacks a header to
 * sign, or when `signedHeaders` omits the date, or the body hash of a request that has one.
 */
export function sign(
  request: SignedRequest,
  { accessKey, secretKey }: Credentials,
  form: SignatureForm,
  signedHeaders: readonly string[],
): string {
  const names = sortedNames(signedHeaders)
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
 * Verifies a signature under any of the readings. All signed headers must be present, the date must be signed, and in the
 * older form the date must be on the day of the credential scope. `checkDate` checks the age of the date.
 */
export function verify(
  request: SignedRequest,
  parsed: AuthorizationHeader,
  secretKey: string,
  readings: readonly PathReading[],
): boolean {
  const { scope, signature } = parsed
  const names = sortedNames(parsed.signedHeaders)
  const date = dateIfSignable(request, names)
  if (date === undefined) return false
  if (scope !== undefined && scope.slice(0, scope.indexOf('/')) !== date.slice(0, 8)) return false
  const key = signingKey(secretKey, scope)
  const given = Buffer.from(signature)
  // Most paths have the same canonical form under every reading: the set removes duplicates.
  const canonical = new Set(readings.map((reading) => canonicalRequest(request, names, reading)))
  return [...canonical].some((each) => {
    const expected = Buffer.from(hmac(key, stringToSign(date, scope, each)).toString('hex'))
    return given.length === expected.length && timingSafeEqual(given, expected)
  })
}

/** Gives the canonical request, whose hash is signed. A missing header counts as empty. */
export function canonicalRequest(
  request: SignedRequest,
  signedHeaders: readonly string[],
  reading: PathReading,
): string {
  const names = sortedNames(signedHeaders)
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

/** Gives the canonical request in one line, as the gateway's error for a wrong signature shows it. */
export function canonicalForMessage(request: SignedRequest, signedHeaders: readonly string[]): string {
  return canonicalRequest(request, signedHeaders, 'documented').replaceAll('\n', '|')
}

/** Checks that a date has the format `YYYYMMDDTHHMMSSZ` and is at most 15 minutes before or after now. */
export function checkDate(sdkDate: string | undefined, nowMs: number): 'ok' | 'malformed' | 'expired' {
  const [, year, month, day, hour, minute, second] = SDK_DATE.exec(sdkDate ?? '') ?? []
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`
  const timeMs = Date.parse(iso)
  // Comparing the round trip refuses dates that the calendar lacks, such as 30 February.
  if (Number.isNaN(timeMs) || new Date(timeMs).toISOString() !== iso) return 'malformed'
  return Math.abs(timeMs - nowMs) <= DATE_WINDOW_MS ? 'ok' : 'expired'
}

/** Gives the hexadecimal SHA-256 of bytes. */
export function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** Gives the date of a request if all signed headers are present and all headers that must be signed are. */
function dateIfSignable(request: SignedRequest, names: readonly string[]): string | undefined {
  if (!names.includes(DATE_HEADER) || names.some((name) => headerOf(request, name) === undefined)) return undefined
  // An unsigned body hash could be added to a captured request to send another body with the old signature.
  if (headerOf(request, BODY_HASH_HEADER) !== undefined && !names.includes(BODY_HASH_HEADER)) return undefined
  return headerOf(request, DATE_HEADER)
}

function stringToSign(date: string, scope: string | undefined, canonical: string): string {
  const hash = hashOf(Buffer.from(canonical))
  return [ALGORITHM, date, ...(scope === undefined ? [] : [scope]), hash].join('\n')
}

/** The secret itself, or in the older form a key derived from it for one day, region and service by an HMAC chain. */
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
 * COMPAT: huaweicloud-sdk-core 3.1.211 for Node.js puts a name into the path unescaped, sends the path that the WHATWG
 * `URL` produces, and signs the path that the legacy `url.parse` produces, which escapes blanks and quotes; the signer then
 * escapes them again. `literal` or `legacy-url` reproduces that, except for a path with `?`, a segment of dots, a tab or a
 * line break, or an escape next to a character that only one of the two parsers escapes. huaweicloudsdkcore for Python
 * sends `%2F` and signs `/`, which is the `documented` reading.
 */
const READ_PATH: Readonly<Record<PathReading, (path: string) => string>> = {
  documented: decode,
  literal: (path) => path,
  'legacy-url': (path) => decode(path).replace(/[ "'<>\\^`{|}]/g, encode),
}

/**
 * COMPAT: `+` decodes to a blank. Signers sign a blank as `%20` and a plus as `%2B`. The SDKs for Node.js and Python send
 * the same; gophertelekomcloud sends the output of Go's `url.Values.Encode`, `+` and `%2B`, and signs the values that Go's
 * `url.ParseQuery` decodes. No SDK sends a bare `+` for a plus, so the service decodes exactly the signed value.
 */
function canonicalQuery(query: string): string {
  const pairs = query
    .split('&')
    .filter((piece) => piece !== '')
    .map((piece) => nameAndValue(piece.replaceAll('+', ' ')).map(decode) as [string, string])
  pairs.sort((a, b) => compare(a[0], b[0]) || compare(a[1], b[1]))
  return pairs.map(([name, value]) => `${encode(name)}=${encode(value)}`).join('&')
}

/** Compares by UTF-16 code unit, as the Node.js SDK sorts. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Splits at the first `=`; the value is empty without one. */
function nameAndValue(text: string): [name: string, value: string] {
  const at = text.indexOf('=')
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)]
}

/** Sorts names in lower case. Removes duplicates, so that the canonical request cannot grow larger than the request. */
function sortedNames(names: readonly string[]): string[] {
  return [...new Set(names.map((name) => name.toLowerCase()))].sort()
}

function headerOf({ headers }: SignedRequest, name: string): string | undefined {
  return Object.hasOwn(headers, name) ? headers[name]?.trim() : undefined
}

/** Percent-decodes a text. Gives malformed text unchanged; later validation refuses it. */
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
