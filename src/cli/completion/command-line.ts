/** A quote that is open at the end of a line, and the part of its word before it. */
export type OpenQuote = { readonly quote: string; readonly before: string }

/**
 * Splits the text of a command line before the cursor into words as a shell does, without expansions. The last word is the
 * one at the cursor; it is empty after a blank.
 */
export function splitLine(line: string): readonly string[] {
  return parseLine(line).words
}

/** Gives the quote that is open at the end of a command line; undefined if there is none. */
export function openQuoteOf(line: string): OpenQuote | undefined {
  return parseLine(line).open
}

function parseLine(line: string): { readonly words: readonly string[]; readonly open: OpenQuote | undefined } {
  const words: string[] = []
  let open: OpenQuote | undefined
  let word = ''
  let isOpen = false
  for (let i = 0; i < line.length; i++) {
    const character = line.charAt(i)
    if (character === ' ' || character === '\t') {
      if (isOpen) words.push(word)
      word = ''
      isOpen = false
      continue
    }
    isOpen = true
    if (character === '\\') word += line.charAt(++i)
    else if (character === "'" || character === '"') {
      const end = endOfQuote(line, i + 1, character)
      if (end === line.length) open = { quote: character, before: word }
      word += unescaped(line.slice(i + 1, end), character)
      i = end
    } else word += character
  }
  return { words: [...words, word], open }
}

/** The position of a closing quote, or the end of the line. */
function endOfQuote(line: string, start: number, quote: string): number {
  for (let i = start; i < line.length; i++) {
    if (quote === '"' && line.charAt(i) === '\\') i++
    else if (line.charAt(i) === quote) return i
  }
  return line.length
}

function unescaped(text: string, quote: string): string {
  return quote === '"' ? text.replace(/\\(["\\$`])/g, '$1') : text
}
