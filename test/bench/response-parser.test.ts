import { describe, expect, it } from 'vitest'
import { ResponseParser } from '../../bench/load/response-parser.ts'

type Seen = readonly [status: number, bodyBytes: number]

function parse(chunks: readonly Buffer[]): Seen[] {
  const seen: Seen[] = []
  const parser = new ResponseParser((status, bodyBytes) => seen.push([status, bodyBytes]))
  for (const chunk of chunks) parser.push(chunk)
  return seen
}

const OK = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 12\r\n\r\n{"a":"\r\n\r\n"}'
const EMPTY = 'HTTP/1.1 204 No Content\r\nx-request-id: 1\r\n\r\n'
const ERROR = 'HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\nretry-after: 1\r\n\r\n'
const ALL = Buffer.from(OK + EMPTY + ERROR + OK)
const EXPECTED: Seen[] = [
  [200, 12],
  [204, 0],
  [503, 0],
  [200, 12],
]

describe('ResponseParser', () => {
  it('several responses in one chunk are parsed', () => {
    expect(parse([ALL])).toEqual(EXPECTED)
  })

  it('responses are parsed when they are split at any byte', () => {
    for (let at = 0; at <= ALL.length; at++) {
      expect(parse([ALL.subarray(0, at), ALL.subarray(at)]), `cut at ${at}`).toEqual(EXPECTED)
    }
  })

  it('responses are parsed byte by byte from a reused buffer', () => {
    const seen: Seen[] = []
    const parser = new ResponseParser((status, bodyBytes) => seen.push([status, bodyBytes]))
    const buffer = Buffer.alloc(1)
    for (const byte of ALL) {
      buffer[0] = byte
      parser.push(buffer)
    }
    expect(seen).toEqual(EXPECTED)
  })

  it('a response is reported only when its body is complete', () => {
    expect(parse([Buffer.from(OK.slice(0, -1))])).toEqual([])
  })

  it('anything but a response is refused, and so is a body without a declared length', () => {
    expect(() => parse([Buffer.from('SSH-2.0-x\r\n\r\n')])).toThrow('no response')
    const chunked = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'
    expect(() => parse([Buffer.from(chunked)])).toThrow('announce its length')
  })
})
