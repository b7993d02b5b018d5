/** Saves a text as a file of the reader. */
export function downloadText(fileName: string, text: string, type: string): void {
  save(fileName, new Blob([text], { type }))
}

/** Saves a table by RFC 4180. A cell that a spreadsheet would run as a formula is written as text. */
export function downloadCsv(
  fileName: string,
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): void {
  const lines = [head, ...rows].map((row) => row.map(csvCell).join(','))
  downloadText(fileName, `${lines.join('\r\n')}\r\n`, 'text/csv')
}

/** One cell of a CSV file. */
export function csvCell(value: string | number): string {
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** Saves the picture that is drawn in an element. */
export function downloadPng(fileName: string, host: HTMLElement | null): void {
  host?.querySelector('canvas')?.toBlob((blob) => {
    if (blob !== null) save(fileName, blob)
  })
}

function save(fileName: string, blob: Blob): void {
  const url = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = url
  link.download = fileName
  link.click()
  URL.revokeObjectURL(url)
}
