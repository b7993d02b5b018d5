import { createHash, createHmac } from 'node:crypto'

// SDK-HMAC-SHA256, written from the vendor's description of it and from nothing in the service, so that the two cannot be
// wrong in the same way.

export type AccessKey = { readonly access: string; readonly secret: string }

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

/** Everything but letters, digits and `-_.~` as bytes in hexadecimal. */
const encode = (text: string) =>
  [...Buffer.from(text)]
    .map((byte) => {
      const char = String.fromCharCode(byte)
      return /[A-Za-z0-9\-_.~]/.test(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
    })
    .join('')

/** Path: each part decoded and escaped anew, with a slash at the end. */
function canonicalUri({ pathname }: URL): string {
  const parts = pathname.split('/').map((part) => encode(decodeURIComponent(part)))
  return parts.at(-1) === '' ? parts.join('/') : `${parts.join('/')}/`
}

/** Query: sorted by name and then by value. A name without a value ends in `=`. */
function canonicalQuery({ searchParams }: URL): string {
  const pairs = [...searchParams].map(([name, value]) => [encode(name), encode(value)] as const)
  pairs.sort(([a, x], [b, y]) => (a === b ? Number(x > y) - Number(x < y) : Number(a > b) - Number(a < b)))
  return pairs.map((pair) => pair.join('=')).join('&')
}

/**
 * Gives the headers of a signed request: those given, `X-Sdk-Date` and `Authorization`. All given ones are signed, and so
 * is the host, which the HTTP client adds.
 */
export function signed(
  { access, secret }: AccessKey,
  method: string,
  url: URL,
  body = '',
  headers: Readonly<Record<string, string>> = {},
  now = new Date(),
): Record<string, string> {
  const date = now.toISOString().replace(/[-:]|\.\d+/g, '')
  const sent: Record<string, string> = { ...headers, 'X-Sdk-Date': date }
  const values = new Map(
    Object.entries({ ...sent, Host: url.host }).map(([name, value]) => [name.toLowerCase(), value]),
  )
  const names = [...values.keys()].sort()
  const lines = names.map((name) => `${name}:${values.get(name)?.trim()}\n`).join('')
  const request = [method, canonicalUri(url), canonicalQuery(url), lines, names.join(';'), sha256(body)]
  const text = ['SDK-HMAC-SHA256', date, sha256(request.join('\n'))].join('\n')
  const signature = createHmac('sha256', secret).update(text).digest('hex')
  sent.Authorization = `SDK-HMAC-SHA256 Access=${access}, SignedHeaders=${names.join(';')}, Signature=${signature}`
  return sent
}
