/**
 * Characters that are not seen, or change how the text around them is shown: controls, format characters such as
 * U+200B and those of writing direction, separators of lines, odd blanks such as U+00A0, variation selectors, tag
 * characters, fillers, and halves of surrogate pairs. The blank U+0020 is seen.
 */
const INVISIBLE = /(?! )[\p{Cc}\p{Cf}\p{Cs}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]/gu
const INVISIBLE_IN_LINES = /(?![ \n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]/gu
const BLANK = /^[\s\p{Cc}\p{Cf}\p{Cs}\p{Z}\p{Default_Ignorable_Code_Point}\u2800]*$/u

/** Shows invisible characters of a text as `\u200b`, in the notation of JSON: a JSON text keeps its meaning. */
export function toVisible(text: string): string {
  return text.replace(INVISIBLE, escaped)
}

/** The same for text of several lines: line feeds and tabs stay. */
export function toVisibleLines(text: string): string {
  return text.replace(INVISIBLE_IN_LINES, escaped)
}

/** Shows one character of a text by itself, a combining one by its code as well. */
export function toVisibleCharacter(character: string): string {
  return /^\p{M}/u.test(character) ? escaped(character) : toVisible(character)
}

/** Says whether a text is empty or has invisible characters and blanks only. */
export function isBlank(text: string): boolean {
  return BLANK.test(text)
}

function escaped(character: string): string {
  let text = ''
  for (let i = 0; i < character.length; i++) text += `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`
  return text
}
