import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openQuoteOf, splitLine } from '../../../src/cli/completion/command-line.ts'

describe('the words of a command line', () => {
  it.each<[string, string[]]>([
    ['', ['']],
    ['tagwerk ', ['tagwerk', '']],
    ['tagwerk query --ty', ['tagwerk', 'query', '--ty']],
    ['tagwerk  tag "Cost Center', ['tagwerk', 'tag', 'Cost Center']],
    ["tagwerk tag 'a b'c\\ d ", ['tagwerk', 'tag', 'a bc d', '']],
    ['tagwerk tag "a\\"b" \'\'', ['tagwerk', 'tag', 'a"b', '']],
    ['tagwerk \\', ['tagwerk', '']],
  ])('of %j are %j', (line, words) => {
    expect(splitLine(line)).toEqual(words)
  })

  it.each([
    ["tagwerk search 'tags.en", { quote: "'", before: '' }],
    ['tagwerk query --filter="a b', { quote: '"', before: '--filter=' }],
    ["tagwerk query 'a' 'b", { quote: "'", before: '' }],
    ["tagwerk query 'a b'", undefined],
  ])('of %j may end in a quote that is open', (line, open) => {
    expect(openQuoteOf(line)).toEqual(open)
  })

  it('are those that bash gives, for any quoted words', () => {
    const word = fc.string({ unit: fc.constantFrom(...'ab \'"\\$=:é中'), minLength: 1, maxLength: 6 })
    const lists = fc.sample(fc.array(word, { minLength: 1, maxLength: 4 }), 60)
    const script = 'for w; do printf "%q " "$w"; done; echo'
    for (const words of lists) {
      const line = execFileSync('bash', ['-c', script, 'bash', ...words], { encoding: 'utf8' }).slice(0, -2)
      expect(splitLine(line)).toEqual(words)
    }
  })
})
