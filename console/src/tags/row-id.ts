/** The key of the row of a value: React Aria takes no empty text, and the empty value is one. */
export function toRowId(value: string): string {
  return `=${value}`
}

/** The value of a row. */
export function fromRowId(id: string): string {
  return id.slice(1)
}
