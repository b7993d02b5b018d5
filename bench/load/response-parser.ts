/** Where a parser tells of each response: its status and how many bytes its body had. */
export type OnResponse = (status: number, bodyBytes: number) => void

const HEAD_END = Buffer.from('\r\n\r\n')
const NO_BYTES = Buffer.alloc(0)
/** "HTTP/1.1 " goes before the status. */
const STATUS_AT = 9
const LENGTH = /\r\ncontent-length: *(\d+)/i
const CHUNKED = /\r\ntransfer-encoding:/i

/**
 * Reads the responses of one connection, as they come in pieces of any size: as little as it takes to know where one ends.
 * Throws for what is no response, and for a body whose length is not announced.
 */
export class ResponseParser {
  readonly #onResponse: OnResponse
  /** The beginning of a head whose end has not come yet. */
  #head: Buffer = NO_BYTES
  #status = 0
  #bodyBytes = 0
  /** Bytes of the body that are still to come; none are while a head is read. */
  #missing = 0

  constructor(onResponse: OnResponse) {
    this.#onResponse = onResponse
  }

  /** Takes in a piece; nothing of it is kept that is needed later unless it is copied. */
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

  /** Reads a head that begins at a place, or the beginning of it; gives the place after it. */
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
