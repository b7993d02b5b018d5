import { describe, expect, it } from 'vitest'
import { parseExpression } from '../../src/core/expression/parse-expression.ts'
import { actionsOf, faultOf, NO_EDITS, type TagEdits } from '../src/explore/tag-edits.ts'
import { chipsOf } from '../src/query/chips.ts'
import { sentenceOf, type Wording } from '../src/query/words.ts'

/** Says the name of each text in capitals, so that words of the data can be told from ours. */
const WORDING: Wording = {
  texts: new Proxy({} as Wording['texts'], { get: (_, name) => String(name).toUpperCase() }),
  typeName: (type) => `<${type}>`,
  time: (time) => `<${time}>`,
}

const said = (text: string) => chipsOf(parseExpression(text)).map((chip) => sentenceOf(chip, WORDING))

describe('the words of a condition', () => {
  it.each([
    ['tags.env == "prod"', 'env IS prod'],
    ['tags.env in ["prod", "staging"]', 'env IS prod OR staging'],
    ['!(tags.env in ["prod", ""])', 'env ISNOT prod OR EMPTY'],
    ['tags.env == "a" || tags.env == "b"', 'env IS a OR b'],
    ['tags.env == "a" || !("env" in tags)', 'env IS a OR LACKS env'],
    ['tags.env == "a" || tags.team == "b"', 'env IS a OR team IS b'],
    ['"env" in tags', 'HAS env'],
    ['size(tags) == 0', 'UNTAGGED'],
    ['size(tags) != 0', 'TAGGED'],
    ['size(tags) > 2', 'TAGS > 2'],
    ['!(size(tags) > 2)', 'TAGS ≤ 2'],
    ['size(tags) != 2', 'TAGS ≠ 2'],
    ['!tags.env.startsWith("p")', 'env STARTSNOTWITH p'],
    ['type in ["images", "ecs"]', 'TYPE IS <images> OR <ecs>'],
    ['name.containsFold("web")', 'NAME CONTAINSFOLD web'],
    ['created < timestamp("2026-01-31T00:00:00Z")', 'CREATED BEFORE <2026-01-31T00:00:00.000Z>'],
    ['!(created < timestamp("2026-01-31T00:00:00Z"))', 'CREATED FROM <2026-01-31T00:00:00.000Z>'],
    ['!(tags.env == "a" && "b" in tags)', 'EXPRESSION'],
  ])('%s is said as %s', (text, words) => {
    expect(said(text)).toEqual([words])
  })
})

describe('edits of tags', () => {
  const edits = (changes: Partial<TagEdits>): TagEdits => ({ ...NO_EDITS, ...changes })

  it('become actions of a plan, without the rows that are empty', () => {
    const set = [
      { key: 'env', value: 'prod' },
      { key: 'note', value: '' },
      { key: '', value: '' },
    ]
    expect(actionsOf(edits({ set, remove: ['tmp', ''], isOnlyIfAbsent: true }))).toEqual([
      { set: { env: 'prod', note: '' }, only_if_absent: true },
      { remove: { keys: ['tmp'] } },
    ])
  })

  it('are refused without a key, with a value that has none, and with a key that stands twice', () => {
    expect(faultOf(NO_EDITS)).toEqual({ kind: 'empty' })
    expect(faultOf(edits({ set: [{ key: '', value: 'x' }] }))).toEqual({ kind: 'key-missing' })
    const set = [{ key: 'env', value: 'x' }]
    expect(faultOf(edits({ set, remove: ['env'] }))).toEqual({ kind: 'key-twice', key: 'env' })
    expect(faultOf(edits({ set, remove: ['tmp'] }))).toBeUndefined()
  })
})
