import { toVisible } from '../../core/visible-text.ts'

/** A part of a page. Only `html` makes one, so that no text gets into a page as markup. */
export class Html {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/** What a template takes: texts, which are escaped, and parts of a page. */
export type Insert = Html | readonly Html[] | string | number | undefined

/** Makes a part of a page from a template. */
export function html(parts: TemplateStringsArray, ...inserts: readonly Insert[]): Html {
  let text = parts[0] as string
  for (const [i, insert] of inserts.entries()) text += textOf(insert) + (parts[i + 1] as string)
  return new Html(text)
}

function textOf(insert: Insert): string {
  if (insert === undefined) return ''
  if (insert instanceof Html) return insert.text
  if (typeof insert === 'object') return insert.map(({ text }) => text).join('')
  return escapeText(String(insert))
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Escapes a text such that it is one everywhere in a page, in attributes too. */
export function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] as string)
}

/** Characters of a key, a value or a name that are shown. */
const SHOWN_MAX = 60
/** A longer text may be broken anywhere. */
const WIDE = 24

/** A text that came from the data, with invisible characters shown and the rest of a long one cut off. */
export function shownText(text: string, empty = ''): string {
  if (text === '') return empty
  const characters = [...text]
  const cut = characters.length > SHOWN_MAX ? `${characters.slice(0, SHOWN_MAX - 1).join('')}…` : text
  return toVisible(cut)
}

/** The same as a part of a page, apart from the direction of the text around it. */
export function data(text: string, empty = ''): Html {
  if (text === '') return html`<span class="faint">${empty}</span>`
  const shown = shownText(text)
  return html`<bdi class="data${shown.length > WIDE ? ' long' : ''}">${shown}</bdi>`
}
