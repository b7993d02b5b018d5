import { describe, expect, it } from 'vitest'
import { Places } from '../../../src/cli/files/places.ts'
import { recordLines } from '../../../src/cli/files/records.ts'

async function read(content: string | Uint8Array, ignoredColumns: readonly string[] = []) {
  const places = new Places()
  const warnings: string[] = []
  const bytes = Buffer.from(content as Uint8Array)
  const chunks = (async function* () {
    for (let at = 0; at < bytes.length; at += 11) yield bytes.subarray(at, at + 11)
  })()
  const options = { ignoredColumns, itemBytesMax: 65_538, warn: (message: string) => warnings.push(message) }
  let text = ''
  for await (const part of recordLines(chunks, options, places)) text += Buffer.from(part).toString()
  const records = text.split('\n').slice(0, -1)
  return {
    resources: records.map((record) => (record === '' ? null : JSON.parse(record))),
    lines: records.map((_, i) => places.lineOf(i + 1)),
    refusals: places.takeRefusals(records.length),
    warnings,
  }
}

const tag = (key: string, value: string) => ({ key, value })

describe('CSV with one row per resource', () => {
  const EXPECTED = [
    { resource_type: 'images', resource_id: 'a', resource_name: 'x, y', tags: [tag('env', 'prod'), tag('team', '')] },
    { resource_type: 'images', resource_id: 'b', tags: [tag('env', '=1')] },
  ]
  const rows = (separator: string, lineBreak: string) =>
    [
      ['resource_type', 'resource_id', 'resource_name', 'tag:env', 'tag:team'],
      ['images', 'a', '"x, y"', 'prod', '(empty)'],
      ['images', 'b', '', "'=1", ''],
    ]
      .map((cells) => cells.join(separator) + lineBreak)
      .join('')

  it.each([
    ['commas and LF', rows(',', '\n')],
    ['commas, CRLF and a byte order mark', `\ufeff${rows(',', '\r\n')}`],
    ['semicolons', rows(';', '\r\n')],
    ['tabs', rows('\t', '\n')],
    ['a line that names the separator', `sep=;\r\n${rows(';', '\r\n')}`],
    ['UTF-16 with tabs, as Excel writes it', Buffer.from(`\ufeff${rows('\t', '\r\n')}`, 'utf16le')],
    ['big-endian UTF-16', Buffer.from(`\ufeff${rows('\t', '\r\n')}`, 'utf16le').swap16()],
  ])('a file with %s is read', async (_what, content) => {
    expect((await read(content)).resources).toEqual(EXPECTED)
  })

  it('an export of the Tag Editor of AWS is read, and its other columns are named in a warning', async () => {
    const { resources, warnings } = await read(
      'Identifier,Tag: env,Service,Type,Region,Tag: cost center\r\ni-1,"a, b",EC2,images,eu-1,(not tagged)\r\n',
    )
    expect(resources).toEqual([{ resource_type: 'images', resource_id: 'i-1', tags: [tag('env', 'a, b')] }])
    expect(warnings).toEqual(['columns that are not imported: Service, Region'])
  })

  it('a detail is JSON, and a row with another one is refused with its line', async () => {
    const { resources, lines, refusals } = await read(
      'type,id,detail\nimages,a,"{""status"":""active"",\n""min_disk"":4}"\nimages,b,{status}\nimages,c,\n',
    )
    expect(resources).toMatchObject([
      { resource_detail: { status: 'active', min_disk: 4 } },
      null,
      { resource_id: 'c' },
    ])
    expect(lines).toEqual([2, 4, 5])
    expect(refusals).toMatchObject([{ record: 2, field: 'resource_detail' }])
  })

  it('lines are counted as an editor counts them, with line breaks in cells and blank lines', async () => {
    const { lines } = await read('type,id,name\r\nimages,a,"x\r\ny\nz"\r\n\r\nimages,b,"u\r\nv"\r\nimages,c,\r\n')
    expect(lines).toEqual([2, 6, 8])
  })

  it('a short row has empty cells at its end, and a row with too many cells is refused', async () => {
    const { resources, refusals } = await read('type,id,tag:a\nimages,x\nimages,y,1,2\nimages,z,1,\n')
    expect(resources).toMatchObject([{ tags: [] }, null, { tags: [tag('a', '1')] }])
    expect(refusals).toMatchObject([{ record: 2, field: 'line', message: expect.stringContaining('4 cells') }])
  })

  it('a column can be left out by its name', async () => {
    const { resources, warnings } = await read('type,id,Cost Center,price\nimages,x,1,2\n', ['cost center', 'price'])
    expect(resources).toEqual([{ resource_type: 'images', resource_id: 'x', tags: [] }])
    expect(warnings).toEqual(['columns that are not imported: Cost Center, price'])
  })

  it.each([
    [
      'an unknown column',
      'id,resource_nam\nx,y\n',
      /column 2 is not known \(got "resource_nam"\). Did you mean resource_name/,
    ],
    ['a column that may be a tag', 'id,cost\nx,y\n', /Name it tag:cost if it is a tag, or leave it out/],
    ['a column twice', 'id,identifier\nx,y\n', /the columns "id" and "identifier" are both resource_id/],
    ['a tag twice', 'id,tag:a,Tag: a\nx,y,z\n', /two columns are the tag "a"/],
    ['no column of ids', 'name,tag:a\nx,y\n', /names no column with the ids/],
    ['key without value', 'id,key\nx,y\n', /has only one of them/],
    ['tags in two ways', 'id,key,value,tag:a\nx,y,z,1\n', /not in both/],
    ['a quote that is not closed', 'id,tag:a\nx,"y\nz,1\n', /line 2: a quote is opened and not closed/],
    ['a quote within a cell', 'id,tag:a\nx,1\ny,a"b"\n', /line 3: quotes are wrong/],
    ['another encoding', Buffer.from('id,tag:a\nx,M\xfcnchen\n', 'latin1'), /not text in UTF-8/],
  ])('a file with %s is refused with what to do', async (_what, content, message) => {
    await expect(read(content as string)).rejects.toThrow(message)
  })
})

describe('CSV with one row per tag', () => {
  it('rows of one resource that are next to each other become one resource', async () => {
    const { resources, lines } = await read(
      'resource_type,resource_id,key,value\nimages,a,env,prod\nimages,a,team,\nimages,b,,\ninstances,b,env,(empty)\n',
    )
    expect(resources).toEqual([
      { resource_type: 'images', resource_id: 'a', tags: [tag('env', 'prod'), tag('team', '')] },
      { resource_type: 'images', resource_id: 'b', tags: [] },
      { resource_type: 'instances', resource_id: 'b', tags: [tag('env', '')] },
    ])
    expect(lines).toEqual([2, 4, 5])
  })

  it('rows of one resource with different names are refused with the line of the second', async () => {
    const { resources, refusals } = await read('id,name,key,value\na,x,k,1\na,y,l,2\nb,x,k,1\n')
    expect(resources).toMatchObject([null, { resource_id: 'b' }])
    expect(refusals).toMatchObject([{ record: 1, message: expect.stringMatching(/^line 3: the row has other data/) }])
  })
})
