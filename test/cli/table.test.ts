import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { expect, it } from 'vitest'
import { writeTable } from '../../src/cli/table.ts'

it('a table aligns wide characters and shows invisible characters by their code', async () => {
  const stream = new PassThrough()
  await writeTable(
    stream,
    ['A', 'B', 'C'],
    [
      ['1', '中文', 'x'],
      ['22', 'red\u001b[31m', 'line\nbreak\u202e'],
    ],
  )
  stream.end()
  expect(await text(stream)).toBe(
    'A   B              C\n1   中文           x\n22  red\\u001b[31m  line\\u000abreak\\u202e\n',
  )
})
