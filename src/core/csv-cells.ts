/** Stands for the empty value of a tag: an empty cell says that the resource does not have the tag. */
const EMPTY_VALUE = '(empty)'
/** A cell that begins with one of these is a formula for a spreadsheet program. */
const FORMULA_STARTS = '=+-@\t\r'

/**
 * Gives the cell of a text. A leading `'` marks a cell whose text a spreadsheet program, or an import, would read as
 * something else; `textOf` is its inverse for every text.
 */
export function cellOf(text: string): string {
  const isMarked = FORMULA_STARTS.includes(text.charAt(0)) || text === EMPTY_VALUE || hasMark(text)
  return text !== '' && isMarked ? `'${text}` : text
}

/** Gives the text of a cell, without its mark. */
export function textOf(cell: string): string {
  return hasMark(cell) ? cell.slice(1) : cell
}

/** Gives the cell of a tag's value; undefined for a resource without the tag. */
export function cellOfValue(value: string | undefined): string {
  if (value === undefined) return ''
  return value === '' ? EMPTY_VALUE : cellOf(value)
}

/** Gives the value of a tag from its cell; undefined if the resource does not have the tag. */
export function valueOfCell(cell: string): string | undefined {
  if (cell === '') return undefined
  return cell === EMPTY_VALUE ? '' : textOf(cell)
}

/** Says whether the `'` that a cell begins with is a mark; that of `'tis` belongs to the text. */
function hasMark(cell: string): boolean {
  if (cell.charAt(0) !== "'" || cell.length === 1) return false
  return cell.charAt(1) === "'" || FORMULA_STARTS.includes(cell.charAt(1)) || cell === `'${EMPTY_VALUE}`
}

/** Gives cells as a row of CSV by RFC 4180. A reader may take a single CR or LF for the end of a row, so both are quoted. */
export function csvRow(cells: readonly string[]): string {
  return `${cells.map(quoted).join(',')}\r\n`
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}
