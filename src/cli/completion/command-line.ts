/**
 * Splits the text of a command line before the cursor into words as a shell does, without expansions. The last word is the
 * one at the cursor; it is empty after a blank.
 */
export function splitLine(line: string): readonly string[] {
  const words: string[] = []
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
      word += unescaped(line.slice(i + 1, end), character)
      i = end
    } else word += character
  }
  return [...words, word]
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
