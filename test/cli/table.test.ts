import { Writable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import type { ColorWhen } from '../../src/cli/colors.ts'
import type { Output } from '../../src/cli/io.ts'
import { writeTable } from '../../src/cli/table.ts'

type Terminal = { readonly isTTY?: boolean; readonly columns?: number }

async function tableOf(
  rows: readonly (readonly string[])[],
  terminal: Terminal = {},
  env: Readonly<Record<string, string>> = {},
  color?: ColorWhen,
): Promise<string> {
  let text = ''
  const stream = new Writable({
    write: (chunk, _encoding, done) => {
      text += String(chunk)
      done()
    },
  })
  const stdout: Output = Object.assign(stream, terminal)
  await writeTable({ stdout, env }, ['A', 'B', 'C'], rows, color)
  return text
}

const BOLD = '\u001b[1m'

describe('a table', () => {
  it('aligns wide characters and emoji, and shows invisible characters by their code', async () => {
    const rows = [
      ['1', '中文', 'x'],
      ['22', 'red\u001b[31m', 'line\nbreak\u202e'],
      ['3', '👩‍💻é', 'y'],
    ]
    expect((await tableOf(rows)).split('\n')).toEqual([
      'A   B              C',
      '1   中文           x',
      '22  red\\u001b[31m  line\\u000abreak\\u202e',
      expect.stringMatching(/^3 {3}👩.*é +y$/u),
      '',
    ])
  })

  it('is cut at the width of a terminal in its last wide columns, between whole characters', async () => {
    const rows = [['id', 'a name of some length', '数据库'.repeat(20)]]
    const [, line = ''] = (await tableOf(rows, { isTTY: true, columns: 50 }, { NO_COLOR: '1' })).split('\n')
    expect(line).toBe('id  a name of some length  数据库数据库数据库数据…')
    const [, narrow = ''] = (await tableOf(rows, { isTTY: true, columns: 30 }, { NO_COLOR: '1' })).split('\n')
    expect(narrow).toBe('id  a name of s…  数据库数据…')
  })

  it('is never cut in a pipe', async () => {
    const rows = [['id', 'x'.repeat(300), 'y'.repeat(300)]]
    expect((await tableOf(rows, { columns: 50 })).split('\n')[1]).toBe(`id  ${rows[0]?.[1]}  ${rows[0]?.[2]}`)
  })

  const cases: readonly (readonly [boolean, Record<string, string>, ColorWhen, boolean])[] = [
    [true, {}, 'auto', true],
    [false, {}, 'auto', false],
    [true, { NO_COLOR: '1' }, 'auto', false],
    [true, { NO_COLOR: '' }, 'auto', true],
    [true, { TERM: 'dumb' }, 'auto', false],
    [false, { FORCE_COLOR: '1' }, 'auto', true],
    [false, { FORCE_COLOR: '1', NO_COLOR: '1' }, 'auto', true],
    [true, { FORCE_COLOR: '0' }, 'auto', false],
    [true, {}, 'never', false],
    [false, { NO_COLOR: '1' }, 'always', true],
  ]
  it.each(cases)(
    'on a terminal: %j, with the variables %j and --color %s, has a bold head: %j',
    async (isTTY, env, when, isBold) => {
      expect((await tableOf([['1', '2', '3']], { isTTY, columns: 80 }, env, when)).startsWith(BOLD)).toBe(isBold)
    },
  )
})
