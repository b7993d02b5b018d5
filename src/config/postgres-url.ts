import { isLoopback } from './network.ts'

const EXAMPLE = 'postgres://user@host:5432/database'
const SSL_MODES = ['disable', 'require', 'verify-ca', 'verify-full']
const PARAMETERS = ['sslmode', 'sslrootcert', 'sslcert', 'sslkey', 'host']

/** Describes why a text is not a usable PostgreSQL URL. Never quotes the text: it may contain a password. */
export function postgresUrlError(text: string): string | undefined {
  if (!/^postgres(ql)?:\/\//.test(text) || !URL.canParse(text)) return `must be a URL such as ${EXAMPLE}`
  const { pathname, username, searchParams } = new URL(text)
  if (pathname.length < 2) return `must name a database: ${EXAMPLE}`
  if (username === '') return `must name a user: ${EXAMPLE}`
  const unknown = [...searchParams.keys()].find((name) => !PARAMETERS.includes(name))
  if (unknown !== undefined) return `may have the parameters ${PARAMETERS.join(', ')}, not "${unknown}"`
  const mode = searchParams.get('sslmode')
  if (mode !== null && !SSL_MODES.includes(mode)) {
    return `must have as sslmode one of ${SSL_MODES.join(', ')}, not "${mode}"`
  }
  if (mode === 'verify-ca' && !searchParams.has('sslrootcert')) {
    return 'must have sslrootcert=FILE with sslmode=verify-ca'
  }
  return undefined
}

/**
 * Completes a URL with a separately configured password and with `sslmode`. The default mode verifies the certificate of
 * another machine and disables TLS for this one.
 */
export function completePostgresUrl(url: URL, password: string | undefined): URL {
  const complete = new URL(url)
  if (password !== undefined) complete.password = encodeURIComponent(password)
  if (!complete.searchParams.has('sslmode')) {
    complete.searchParams.set('sslmode', isThisMachine(complete) ? 'disable' : 'verify-full')
  }
  return complete
}

/** The URL without password and parameters, for messages. */
export function toShownUrl({ protocol, username, host, pathname }: URL): string {
  return `${protocol}//${username}@${host}${pathname}`
}

/** True for a loopback address and for a Unix domain socket. */
function isThisMachine({ hostname, searchParams }: URL): boolean {
  return isLoopback(hostname) || searchParams.get('host')?.startsWith('/') === true
}
