/** A session of the console: a token in a cookie, which scripts cannot read and a reload keeps. */

/** The header by which the console says that a request is its own. A page of another origin cannot send it. */
export const CONSOLE_HEADER = 'x-tagwerk-console'

type Headers = Readonly<Record<string, string | string[] | undefined>>

/**
 * The name of the cookie. Over https it has the prefix that lets only this host set it, and only over https (RFC 6265bis,
 * 4.1.3.2).
 */
function cookieName(origin: string): string {
  return isHttps(origin) ? '__Host-tagwerk-session' : 'tagwerk-session'
}

function isHttps(origin: string): boolean {
  return origin.startsWith('https:')
}

/**
 * True for a request that the console itself sends from a page of this service. Browsers leave `Sec-Fetch-Site` out over
 * http, except to localhost; then the header of the console stands alone, which no page of another origin may send.
 */
export function isFromConsole(headers: Headers, origin: string): boolean {
  if (headers[CONSOLE_HEADER] !== '1') return false
  const site = headers['sec-fetch-site']
  if (site !== undefined) return site === 'same-origin'
  return !isHttps(origin) && (headers.origin === undefined || headers.origin === origin)
}

/** Gives the token of the session of a request of the console. `origin`: scheme, host and port of the service. */
export function sessionToken(headers: Headers, origin: string): string | undefined {
  if (typeof headers.cookie !== 'string' || !isFromConsole(headers, origin)) return undefined
  const start = `${cookieName(origin)}=`
  const cookie = headers.cookie.split(';').find((each) => each.trimStart().startsWith(start))
  return cookie?.trimStart().slice(start.length) || undefined
}

/** Gives the value of `Set-Cookie` that keeps a token for some seconds. */
export function sessionCookie(token: string, seconds: number, origin: string): string {
  const secure = isHttps(origin) ? '; Secure' : ''
  return `${cookieName(origin)}=${token}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Strict${secure}`
}

/** Gives the value of `Set-Cookie` that removes the session. */
export function endedCookie(origin: string): string {
  return sessionCookie('', 0, origin)
}
