import { describe, expect, it } from 'vitest'
import { ResponseParser } from '../../bench/load/response-parser.ts'

type Seen = readonly [status: number, bodyBytes: number]

function parse(pieces: readonly Buffer[]): Seen[] {
  const seen: Seen[] = []
  const parser = new ResponseParser((status, bodyBytes) => seen.push([status, bodyBytes]))
  for (const piece of pieces) parser.push(piece)
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

describe('the parser of the load', () => {
  it('reads several responses in one piece', () => {
    expect(parse([ALL])).toEqual(EXPECTED)
  })

  it('reads them cut in two at every place', () => {
    for (let at = 0; at <= ALL.length; at++) {
      expect(parse([ALL.subarray(0, at), ALL.subarray(at)]), `cut at ${at}`).toEqual(EXPECTED)
    }
  })

  it('reads them byte by byte, from a buffer that is used again', () => {
    const seen: Seen[] = []
    const parser = new ResponseParser((status, bodyBytes) => seen.push([status, bodyBytes]))
    const buffer = Buffer.alloc(1)
    for (const byte of ALL) {
      buffer[0] = byte
      parser.push(buffer)
    }
    expect(seen).toEqual(EXPECTED)
  })

  it('tells of a response only when all of its body is there', () => {
    expect(parse([Buffer.from(OK.slice(0, -1))])).toEqual([])
  })

  it('refuses what is no response, and a body whose length is not announced', () => {
    expect(() => parse([Buffer.from('SSH-2.0-x\r\n\r\n')])).toThrow('no response')
    const chunked = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'
    expect(() => parse([Buffer.from(chunked)])).toThrow('announce its length')
  })
})
