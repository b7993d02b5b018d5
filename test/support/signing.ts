import { hashOf, sign } from '../../src/iam/signature.ts'
import { type Answer, toAnswer } from './service.ts'

/** A permanent access key as the service gave it. */
export type AccessKey = { readonly access: string; readonly secret: string }

export type SignedCall = {
  readonly method: string
  /** Path and query as they go out. */
  readonly path: string
  readonly body?: unknown
  /** Sent and signed. */
  readonly headers?: Readonly<Record<string, string>>
  /** Sent, and not signed. */
  readonly unsigned?: Readonly<Record<string, string>>
  /** When it is signed, milliseconds since 1970 UTC. */
  readonly atMs?: number
  readonly form?: 'access' | 'credential'
  /** Body that goes out in place of the one that was signed. */
  readonly sentBody?: string
  /** Path that goes out in place of the one that was signed. */
  readonly sentPath?: string
}

/** Signs a call and sends it. */
export async function sendSigned(url: string, key: AccessKey, call: SignedCall): Promise<Answer> {
  const { method, body, form = 'access' } = call
  const [path = '', query = ''] = call.path.split('?')
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body)
  const date = new Date(call.atMs ?? Date.now()).toISOString().replace(/\.\d+|[-:]/g, '')
  const type = body === undefined ? {} : { 'content-type': 'application/json' }
  const headers = { host: new URL(url).host, 'x-sdk-date': date, ...type, ...call.headers }
  const bodyHash = call.headers?.['x-sdk-content-sha256'] ?? hashOf(Buffer.from(text))
  const request = { method, path, query, headers, bodyHash }
  const credential = { kind: 'credential', date: date.slice(0, 8), region: '', service: '' } as const
  const credentials = { accessKey: key.access, secretKey: key.secret }
  const authorization = sign(request, credentials, form === 'access' ? 'access' : credential, Object.keys(headers))
  const sent = call.sentBody ?? text
  const response = await fetch(url + (call.sentPath ?? call.path), {
    method,
    headers: { ...headers, ...call.unsigned, authorization },
    body: sent === '' ? null : new TextEncoder().encode(sent),
  })
  return toAnswer(response)
}

/** Makes an access key for the caller of a token. */
export async function makeAccessKey(
  call: (method: string, path: string, options: { body: unknown; token?: string }) => Promise<Answer>,
  userId: string,
  token?: string,
): Promise<AccessKey> {
  const body = { credential: { user_id: userId, description: 'for a test' } }
  const answer = await call('POST', '/v3.0/OS-CREDENTIAL/credentials', { body, ...(token && { token }) })
  if (answer.status !== 201) throw new Error(`no access key: ${answer.status} ${answer.text}`)
  const { access, secret } = answer.body.credential
  return { access, secret }
}
