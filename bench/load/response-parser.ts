/** Called for each response with its status and the bytes of its body. */
export type OnResponse = (status: number, bodyBytes: number) => void

const HEAD_END = Buffer.from('\r\n\r\n')
const NO_BYTES = Buffer.alloc(0)
/** "HTTP/1.1 " precedes the status. */
const STATUS_AT = 9
const LENGTH = /\r\ncontent-length: *(\d+)/i
const CHUNKED = /\r\ntransfer-encoding:/i

/**
 * Parses the responses of one connection from chunks of any size, only as far as needed to find their ends. Throws for
 * anything but a response, and for a body without a declared length.
 */
export class ResponseParser {
  readonly #onResponse: OnResponse
  /** The incomplete head of a response. */
  #head: Buffer = NO_BYTES
  #status = 0
  #bodyBytes = 0
  /** Remaining body bytes; 0 while a head is read. */
  #missing = 0

  constructor(onResponse: OnResponse) {
    this.#onResponse = onResponse
  }

  /** Parses a chunk. The caller may reuse its buffer: later uses are copies. */
  push(piece: Buffer): void {
    let at = 0
    while (at < piece.length) {
      if (this.#missing > 0) {
        const taken = Math.min(this.#missing, piece.length - at)
        this.#missing -= taken
        at += taken
        if (this.#missing === 0) this.#onResponse(this.#status, this.#bodyBytes)
        continue
      }
      at = this.#readHead(piece, at)
    }
  }

  /** Parses a head, or the start of one. Returns the position after it. */
  #readHead(piece: Buffer, at: number): number {
    let bytes = piece
    let start = at
    if (this.#head.length > 0) {
      bytes = Buffer.concat([this.#head, piece.subarray(at)])
      start = 0
    }
    const end = bytes.indexOf(HEAD_END, start)
    if (end === -1) {
      this.#head = Buffer.from(bytes.subarray(start))
      return piece.length
    }
    const before = this.#head.length
    this.#head = NO_BYTES
    this.#open(bytes.toString('latin1', start, end))
    return before === 0 ? end + HEAD_END.length : at + end + HEAD_END.length - before
  }

  #open(head: string): void {
    if (!head.startsWith('HTTP/1.')) throw new Error(`this is no response: ${head.slice(0, 40)}`)
    this.#status = Number(head.slice(STATUS_AT, STATUS_AT + 3))
    const length = LENGTH.exec(head)?.[1]
    if (length === undefined && CHUNKED.test(head)) throw new Error('a response does not announce its length')
    this.#bodyBytes = Number(length ?? 0)
    this.#missing = this.#bodyBytes
    if (this.#missing === 0) this.#onResponse(this.#status, 0)
  }
}
