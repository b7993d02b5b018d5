const BACKSLASH = 92
const COLON = 58
const SPACE = 32

/**
 * Counts the members of all objects in a JSON text, repeated ones included. The text must be valid JSON. Jumps from quote
 * to quote, so that most of the text is searched by the engine's own code.
 */
export function countMembersInText(text: string): number {
  let count = 0
  for (let start = text.indexOf('"'); start !== -1; ) {
    const end = endOfString(text, start)
    if (isFollowedByColon(text, end)) count++
    start = text.indexOf('"', end + 1)
  }
  return count
}

/** Finds the path of the first member that repeats an earlier one of its object, such as `tags[0].key`. */
export function findRepeatedMember(text: string): string | undefined {
  type Level = { readonly names: Set<string> | undefined; segment: string; index: number }
  const levels: Level[] = []
  for (let i = 0; i < text.length; i++) {
    const level = levels.at(-1)
    switch (text[i]) {
      case '{':
        levels.push({ names: new Set(), segment: '', index: 0 })
        break
      case '[':
        levels.push({ names: undefined, segment: '[0]', index: 0 })
        break
      case '}':
      case ']':
        levels.pop()
        break
      case ',':
        if (level !== undefined && level.names === undefined) level.segment = `[${++level.index}]`
        break
      case '"': {
        const end = endOfString(text, i)
        if (level?.names !== undefined && isFollowedByColon(text, end)) {
          const name = JSON.parse(text.slice(i, end + 1)) as string
          level.segment = levels.length === 1 ? name : `.${name}`
          if (level.names.has(name)) return levels.map(({ segment }) => segment).join('')
          level.names.add(name)
        }
        i = end
      }
    }
  }
  return undefined
}

/** The index of the quote that ends the string that begins at `start`. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1)
  while (text.charCodeAt(end - 1) === BACKSLASH && isEscaped(text, end)) end = text.indexOf('"', end + 1)
  return end
}

function isEscaped(text: string, quote: number): boolean {
  let first = quote
  while (text.charCodeAt(first - 1) === BACKSLASH) first--
  return (quote - first) % 2 === 1
}

function isFollowedByColon(text: string, end: number): boolean {
  let next = end + 1
  // In valid JSON, no other control characters stand between two tokens.
  while (text.charCodeAt(next) <= SPACE) next++
  return text.charCodeAt(next) === COLON
}
