import { connect, type Socket } from 'node:net'

/** A response as received. Status 0: the connection was closed without one. */
export type RawAnswer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
}

/** A TCP connection that sends arbitrary bytes and parses HTTP responses. */
export class RawConnection {
  readonly #socket: Socket
  #received = Buffer.alloc(0)
  #closed = false
  #wake: () => void = () => undefined

  constructor(url: string) {
    const { hostname, port } = new URL(url)
    this.#socket = connect(Number(port), hostname)
    this.#socket.on('data', (chunk) => {
      this.#received = Buffer.concat([this.#received, chunk])
      this.#wake()
    })
    // An error is followed by `close`, which ends the waiting.
    this.#socket.on('error', () => undefined)
    this.#socket.on('close', () => {
      this.#closed = true
      this.#wake()
    })
  }

  /** Sends bytes without waiting. */
  write(bytes: string | Uint8Array): void {
    this.#socket.write(bytes)
  }

  /** Gives the next response, or status 0 when the connection closes first. Throws after the timeout. */
  async answer(timeoutMs = 8000): Promise<RawAnswer> {
    const deadline = Date.now() + timeoutMs
    for (;;) {
      const answer = this.#take()
      if (answer !== undefined) return answer
      if (this.#closed) return { status: 0, headers: {}, text: this.#received.toString('latin1') }
      const left = deadline - Date.now()
      if (left <= 0) throw new Error(`no answer within ${timeoutMs} ms`)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left)
        this.#wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  }

  /** Waits until the server closes the connection, and says whether it did within the timeout. */
  async closes(timeoutMs: number): Promise<boolean> {
    const deadline = Date.now() + timeoutMs
    while (!this.#closed && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 10))
    return this.#closed
  }

  destroy(): void {
    this.#socket.destroy()
  }

  /** Parses one complete response and removes it from the receive buffer. */
  #take(): RawAnswer | undefined {
    const end = this.#received.indexOf('\r\n\r\n')
    if (end === -1) return undefined
    const [first = '', ...lines] = this.#received.subarray(0, end).toString('latin1').split('\r\n')
    const headers = Object.fromEntries(
      lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]),
    )
    const status = Number(first.split(' ')[1])
    const body = this.#received.subarray(end + 4)
    const length = bodyLength(status, headers, body)
    if (length === undefined || body.length < length) return undefined
    const whole = body.subarray(0, length)
    const text = (headers['transfer-encoding'] === undefined ? whole : joinChunks(whole)).toString()
    this.#received = body.subarray(length)
    // 100 Continue precedes the final response.
    return status === 100 ? this.#take() : { status, headers, text }
  }
}

function bodyLength(status: number, headers: Readonly<Record<string, string>>, body: Buffer): number | undefined {
  if (status === 204 || status === 100) return 0
  if (headers['content-length'] !== undefined) return Number(headers['content-length'])
  if (headers['transfer-encoding'] === undefined) return 0
  const last = body.indexOf('0\r\n\r\n')
  return last === -1 ? undefined : last + 5
}

function joinChunks(bytes: Buffer): Buffer {
  const end = bytes.indexOf('\r\n')
  const length = Number.parseInt(bytes.subarray(0, end).toString(), 16)
  if (!(length > 0)) return Buffer.alloc(0)
  const start = end + 2
  return Buffer.concat([bytes.subarray(start, start + length), joinChunks(bytes.subarray(start + length + 2))])
}

/** Sends one request, in pieces if there are several, and gives its response. */
export async function exchange(url: string, ...pieces: readonly (string | Uint8Array)[]): Promise<RawAnswer> {
  const connection = new RawConnection(url)
  try {
    for (const piece of pieces) {
      connection.write(piece)
      if (pieces.length > 1) await new Promise((resolve) => setTimeout(resolve, 2))
    }
    return await connection.answer()
  } finally {
    connection.destroy()
  }
}

/** The head of a request. `Host` is added; a header given as a list is sent as often. */
export function head(
  method: string,
  path: string,
  headers: Readonly<Record<string, string | number | readonly string[]>> = {},
): string {
  const lines = Object.entries({ Host: 'localhost', ...headers }).flatMap(([name, value]) =>
    (Array.isArray(value) ? (value as readonly string[]) : [value]).map((one) => `${name}: ${one}`),
  )
  return `${[`${method} ${path} HTTP/1.1`, ...lines].join('\r\n')}\r\n\r\n`
}
