import type { Comparison } from '../../../src/core/expression/expression.ts'
import type { Chip, Term } from './chips.ts'
import type { queryTexts } from './texts.ts'

/** A part of a condition in words. `subject` and `value` come from the data as they are, `word` is ours. */
export type Piece = { readonly text: string; readonly look: 'subject' | 'word' | 'value' }

/** What words are made of. */
export type Wording = {
  readonly texts: (typeof queryTexts)['en' | 'zh-CN']
  readonly typeName: (type: string) => string
  readonly time: (time: string) => string
}

/** Says a condition in words. */
export function wordsOf({ terms }: Chip, wording: Wording): readonly Piece[] {
  const { texts } = wording
  if (terms === undefined) return [{ text: texts.expression, look: 'word' }]
  const pieces: Piece[] = []
  let before: Said | undefined
  for (const term of terms) {
    const said = say(term, wording)
    const isSame = before !== undefined && before.head.length > 0 && isEqual(before.head, said.head)
    if (before !== undefined) pieces.push({ text: texts.or, look: 'word' })
    if (!isSame) pieces.push(...said.head)
    for (const [at, value] of said.values.entries()) {
      if (at > 0) pieces.push({ text: texts.or, look: 'word' })
      pieces.push({ text: value, look: 'value' })
    }
    before = said
  }
  return pieces
}

/** The words of a condition as one text. */
export function sentenceOf(chip: Chip, wording: Wording): string {
  return wordsOf(chip, wording)
    .map(({ text }) => text)
    .join(' ')
}

/** A term: what it is about and how, and with what it compares. */
type Said = { readonly head: readonly Piece[]; readonly values: readonly string[] }

function say({ test, isNegated }: Term, { texts, typeName, time }: Wording): Said {
  const word = (yes: string, no: string): Piece => ({ text: isNegated ? no : yes, look: 'word' })
  const subject = (text: string): Piece => ({ text, look: 'subject' })
  const shown = (value: string) => (value === '' ? texts.empty : value)
  switch (test.kind) {
    case 'tag-in':
      return { head: [subject(test.key), word(texts.is, texts.isNot)], values: test.values.map(shown) }
    case 'has-tag':
      return { head: [word(texts.has, texts.lacks), subject(test.key)], values: [] }
    case 'tag-text': {
      const method = {
        startsWith: word(texts.startsWith, texts.startsNotWith),
        endsWith: word(texts.endsWith, texts.endsNotWith),
        contains: word(texts.contains, texts.containsNot),
      }[test.method]
      return { head: [subject(test.key), method], values: [shown(test.text)] }
    }
    case 'tag-count':
      if (test.comparison === '==' && test.count === 0)
        return { head: [word(texts.untagged, texts.tagged)], values: [] }
      return {
        head: [subject(texts.tags), { text: SIGNS[comparisonOf(test.comparison, isNegated)], look: 'word' }],
        values: [String(test.count)],
      }
    case 'member-in': {
      const values = test.member === 'type' ? test.values.map(typeName) : test.values.map(shown)
      return { head: [subject(texts[test.member]), word(texts.is, texts.isNot)], values }
    }
    case 'name-text': {
      const method = {
        startsWith: word(texts.startsWith, texts.startsNotWith),
        contains: word(texts.contains, texts.containsNot),
        containsFold: word(texts.containsFold, texts.containsNotFold),
      }[test.method]
      return { head: [subject(texts.name), method], values: [shown(test.text)] }
    }
    case 'time': {
      const comparison = comparisonOf(test.comparison, isNegated)
      const words = {
        '==': texts.at,
        '!=': texts.notAt,
        '<': texts.before,
        '<=': texts.upTo,
        '>': texts.after,
        '>=': texts.from,
      }
      return {
        head: [subject(texts[test.member]), { text: words[comparison], look: 'word' }],
        values: [time(new Date(test.atMs).toISOString())],
      }
    }
  }
}

const SIGNS = { '==': '=', '!=': '≠', '<': '<', '<=': '≤', '>': '>', '>=': '≥' } as const
const OPPOSITES = { '==': '!=', '<': '>=', '<=': '>', '>': '<=', '>=': '<' } as const

function comparisonOf(comparison: Comparison, isNegated: boolean): keyof typeof SIGNS {
  return isNegated ? OPPOSITES[comparison] : comparison
}

function isEqual(one: readonly Piece[], other: readonly Piece[]): boolean {
  return (
    one.length === other.length &&
    one.every(({ text, look }, at) => {
      const piece = other[at]
      return piece?.text === text && piece.look === look
    })
  )
}
