import { describe, expect, it } from 'vitest'
import { type FileKind, FileKindCheck, recognizeKind } from '../../src/core/file-kind.ts'

const bytes = (text: string) => new Uint8Array(Buffer.from(text))
const LINE = '{"resource_type":"images","resource_id":"a","tags":[{"key":"a","value":"b"}]}'
const RESOURCE = { resource_id: 'a', tags: [] }
const QUERY = { total_count: 1, counts: { images: 1, instances: 0 }, resources: [RESOURCE] }
const STATE = { version: 4, terraform_version: '1.9.0', serial: 1, lineage: 'x', resources: [] }
const BOM = '\ufeff'

/** Text in an encoding of 16 or 32 bits. */
function encoded(text: string, bytesPerUnit: 2 | 4, isLittle: boolean): Uint8Array {
  const view = new DataView(new ArrayBuffer(text.length * bytesPerUnit))
  for (let i = 0; i < text.length; i++) {
    if (bytesPerUnit === 2) view.setUint16(i * 2, text.charCodeAt(i), isLittle)
    else view.setUint32(i * 4, text.charCodeAt(i), isLittle)
  }
  return new Uint8Array(view.buffer)
}

const OTHERS: readonly (readonly [what: string, content: string | readonly number[] | Uint8Array, name: string])[] = [
  ['zip', [0x50, 0x4b, 3, 4, 20, 0], 'a zip file'],
  ['bzip2', [...bytes('BZh91AY&SY')], 'a bzip2 file'],
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 0, 4], 'an xz file'],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd, 4], 'a zstd file'],
  ['gzip', [0x1f, 0x8b, 8, 0], 'a gzip file'],
  ['UTF-16 with a byte order mark', encoded(BOM + LINE, 2, true), 'text in UTF-16'],
  ['big-endian UTF-16 with a byte order mark', encoded(BOM + LINE, 2, false), 'text in UTF-16'],
  ['UTF-16 without a byte order mark', encoded(LINE, 2, true), 'text in UTF-16LE'],
  ['big-endian UTF-16 without a byte order mark', encoded(LINE, 2, false), 'text in UTF-16BE'],
  ['UTF-32 with a byte order mark', encoded(BOM + LINE, 4, true), 'text in UTF-32'],
  ['big-endian UTF-32 with a byte order mark', encoded(BOM + LINE, 4, false), 'text in UTF-32'],
  ['UTF-32 without a byte order mark', encoded(LINE, 4, true), 'text in UTF-32LE'],
  ['an HTML page', '\n<!DOCTYPE html>\n<html>', 'an HTML page'],
  ['XML', '<?xml version="1.0"?>\n<a/>', 'an XML document'],
  ['binary data', 'abc\0\x01\n', 'a binary file'],
  ['a compact array', `[${LINE}]`, 'a JSON array'],
  ['an array with a byte order mark', `${BOM}[${LINE}]`, 'a JSON array'],
  ['a pretty-printed array', JSON.stringify([QUERY], null, 2), 'a JSON array'],
  ['an array with one object per line', `[\n${LINE},\n${LINE}\n]\n`, 'a JSON array'],
  ['the output of query', JSON.stringify(QUERY, null, 2), 'one JSON document with a list of resources'],
  ['the compact output of query', `${JSON.stringify(QUERY)}\n`, 'one JSON document with a list of resources'],
  [
    'a page of query per line',
    `{"total_count":1,"resources":[\n{"resource_id":"a"}\n]}`,
    'one JSON document with a list',
  ],
  ['a truncated list', `{"resources":[${`${LINE},`.repeat(1000)}`, 'one JSON document with a list of resources'],
  ['a Terraform state', JSON.stringify(STATE, null, 2), 'a Terraform state'],
  ['a compact Terraform state', JSON.stringify(STATE), 'a Terraform state'],
  ['a pretty-printed line', JSON.stringify(JSON.parse(LINE), null, 2), 'JSON that spans several lines'],
  ['pretty-printed lines', `${JSON.stringify(JSON.parse(LINE), null, 2)}\n`.repeat(2), 'JSON that spans several lines'],
  ['lines that end in commas', `${LINE},\n${LINE},\n`, 'lines with a comma after the object'],
  ['lines that end in commas but the last', `${LINE}, \r\n${LINE}\r\n`, 'lines with a comma after the object'],
  ['CSV', `${BOM}Identifier,Tag: env\r\ni-1,"a, b"\r\n`, 'a CSV file'],
  ['CSV with semicolons', 'id;env\nx;prod\n', 'a CSV file'],
  ['CSV with tabs', 'id\tenv\nx\tprod\n', 'a CSV file'],
  ['CSV with quotes', '"id","env"\n"x","prod"\n', 'a CSV file'],
]

const LINES: readonly (readonly [what: string, content: string])[] = [
  ['an empty file', ''],
  ['blank lines', '\n\r\n  \n'],
  ['one line', LINE],
  ['lines with a byte order mark', `${BOM}${LINE}\n${LINE}\n`],
  ['lines after blank ones', `\n\n${LINE}\n`],
  ['a damaged first line', `${LINE.slice(0, 20)}\n${LINE}\n`],
  ['text before the lines', `id,type\n${LINE}\n`],
  ['one line of text', 'hello, world\n'],
  ['an unknown member', '{"id":"x","resources_id":[]}\n'],
  ['a line with a list of resources', '{"resource_type":"images","resource_id":"a","resources":[]}\n'],
  ['a very long line', `{"resource_type":"${'x'.repeat(70_000)}`],
  ['a line whose last member is cut', '{"resource_type":"images",'],
]

describe('the kind of a file', () => {
  it.each(OTHERS)('%s is recognized', (_what, content, name) => {
    const head = typeof content === 'string' ? bytes(content) : Uint8Array.from(content)
    const kind = recognizeKind(head, true)
    expect(kind?.name).toMatch(name)
    expect(kind?.remedy).toMatch(/^[A-Z].* .*(FILE|line|made|\.\.\.|gzip)$/)
  })

  it.each(LINES)('%s is left to the check of each line', (_what, content) => {
    expect(recognizeKind(bytes(content), true)).toBeUndefined()
  })

  it('a file is recognized from its start alone, unless it is one short document', () => {
    for (const [what, content, name] of OTHERS) {
      if (typeof content !== 'string' || what.startsWith('pretty-printed line')) continue
      expect(recognizeKind(bytes(content.slice(0, 60_000)), false)?.name, what).toMatch(name)
    }
  })
})

/** Checks bytes in chunks. Gives what is passed on and the refused kind. */
function pass(content: Uint8Array, chunkBytes: number): [passed: string, kind: string | undefined] {
  const passed: Uint8Array[] = []
  let refused: FileKind | undefined
  const check = new FileKindCheck((kind) => {
    refused = kind
    return new Error(kind.name)
  })
  try {
    for (let start = 0; start < content.length; start += chunkBytes) {
      passed.push(check.push(content.subarray(start, start + chunkBytes)))
    }
    passed.push(check.end())
  } catch (error) {
    expect((error as Error).message).toBe(refused?.name)
  }
  return [Buffer.concat(passed).toString(), refused?.name]
}

describe('a stream of lines', () => {
  it.each([1, 7, 1000, 1_000_000])('passes unchanged in chunks of %s bytes', (chunkBytes) => {
    for (const text of [
      '',
      '\n',
      `${LINE}\n\n${LINE}`,
      `\n${`${LINE}\n`.repeat(20)}`,
      'x'.repeat(3000),
      'x'.repeat(200_000),
    ]) {
      expect(pass(bytes(text), chunkBytes)).toEqual([text, undefined])
    }
  })

  it.each([1, 7, 1_000_000])('passes nothing on of another kind, in chunks of %s bytes', (chunkBytes) => {
    for (const [what, content, name] of OTHERS) {
      const whole = typeof content === 'string' ? bytes(content.slice(0, 2000)) : Uint8Array.from(content)
      const [passed, kind] = pass(whole, chunkBytes)
      expect([passed, kind?.startsWith(name)], what).toEqual(['', true])
    }
  })
})
