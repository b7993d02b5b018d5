import { request } from 'node:http'
import type { TestService } from '../../support/service.ts'

/** Sends a call with a Host header of its own, which `fetch` does not allow. */
export function getFrom(
  service: TestService,
  host: string,
  path: string,
  options: { readonly method?: string; readonly body?: unknown; readonly headers?: Record<string, string> } = {},
  // biome-ignore lint/suspicious/noExplicitAny: the test says what it expects
): Promise<{ readonly status: number; readonly body: any }> {
  const { method = 'GET', body, headers } = options
  const { port } = new URL(service.url)
  const text = body === undefined ? undefined : JSON.stringify(body)
  const length = text === undefined ? {} : { 'content-length': Buffer.byteLength(text) }
  return new Promise((resolve, reject) => {
    const call = request(
      {
        ...{ port, host: '127.0.0.1', method, path },
        headers: { host, 'x-auth-token': service.token, 'content-type': 'application/json', ...length, ...headers },
      },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () => {
          const answer = Buffer.concat(chunks).toString()
          resolve({ status: response.statusCode ?? 0, body: answer === '' ? undefined : JSON.parse(answer) })
        })
      },
    )
    call.on('error', reject)
    call.end(text)
  })
}
