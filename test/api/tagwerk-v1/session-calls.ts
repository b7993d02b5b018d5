import type { Answer, CallOptions, TestService } from '../../support/service.ts'

/** The headers of the requests of the console. */
export const CONSOLE = { 'x-tagwerk-console': '1', 'sec-fetch-site': 'same-origin' }

/** Logs in to the console. */
export function logInToConsole(
  service: TestService,
  body: Readonly<Record<string, string>>,
  headers: CallOptions['headers'] = CONSOLE,
): Promise<Answer> {
  return service.call('POST', '/tagwerk/v1/session', { body, token: null, headers })
}

/** The cookie of an answer, as a browser sends it back. */
export function cookieOf({ headers }: Answer): string {
  return headers.get('set-cookie')?.split(';')[0] ?? ''
}

/** Gives the function that sends requests of the console with the session of a user. */
export async function consoleOf(service: TestService, user: string, password: string) {
  const cookie = cookieOf(await logInToConsole(service, { user, password }))
  return (method: string, path: string, options: CallOptions = {}) =>
    service.call(method, path, { token: null, ...options, headers: { ...CONSOLE, cookie, ...options.headers } })
}
