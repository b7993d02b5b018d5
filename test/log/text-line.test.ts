import { describe, expect, it } from 'vitest'
import { toTextLine } from '../../src/log/text-line.ts'

const head = { level: 'info', time: '2026-01-31T12:00:00.000Z', pid: 7, hostname: 'h' }
const render = (members: object) => toTextLine(JSON.stringify({ ...head, ...members }))

describe('a text line of the log', () => {
  it('shows time, level, process, message and members', () => {
    expect(render({ url: 'http://127.0.0.1:1', ms: 3, msg: 'listening' })).toBe(
      '2026-01-31T12:00:00.000Z INFO  [7] listening url=http://127.0.0.1:1 ms=3\n',
    )
  })

  it('quotes texts with blanks, line breaks and quotes', () => {
    expect(render({ name: 'a "b"\nc', msg: 'm' })).toBe('2026-01-31T12:00:00.000Z INFO  [7] m name="a \\"b\\"\\nc"\n')
  })

  it('indents the stack of an error, so that no text in it can pass for a line of the log', () => {
    const err = { type: 'Error', message: 'x\n2026 FAKE', stack: 'Error: x\n2026 FAKE\n    at f' }
    const lines = render({ err, msg: 'failed' }).trimEnd().split('\n')
    expect(lines[0]).toBe('2026-01-31T12:00:00.000Z INFO  [7] failed')
    expect(lines.slice(1).every((line) => line.startsWith('    '))).toBe(true)
    expect(lines).toHaveLength(4)
  })
})
