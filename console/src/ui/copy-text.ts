/** Copies a text to the clipboard. Resolves with false where the browser refuses. */
export async function copyText(text: string): Promise<boolean> {
  // Browsers have it over https and at localhost only, whatever its type says.
  const clipboard = navigator.clipboard as Clipboard | undefined
  if (clipboard === undefined) return copySelection(text)
  try {
    await clipboard.writeText(text)
    return true
  } catch {
    return copySelection(text)
  }
}

/** Copies through a selection, which needs no secure context. The focus stays where it is, also inside of a dialog. */
function copySelection(text: string): boolean {
  const copied = document.createElement('span')
  copied.textContent = text
  copied.className = 'sr-only whitespace-pre select-text'
  document.body.append(copied)
  const selection = getSelection()
  const before = selection !== null && selection.rangeCount > 0 ? selection.getRangeAt(0) : undefined
  selection?.selectAllChildren(copied)
  // Exactly the text, without the look of the page.
  const write = (event: ClipboardEvent) => {
    event.stopImmediatePropagation()
    event.preventDefault()
    event.clipboardData?.setData('text/plain', text)
  }
  document.addEventListener('copy', write, { capture: true })
  try {
    return document.execCommand('copy')
  } finally {
    document.removeEventListener('copy', write, { capture: true })
    selection?.removeAllRanges()
    if (before !== undefined) selection?.addRange(before)
    copied.remove()
  }
}
