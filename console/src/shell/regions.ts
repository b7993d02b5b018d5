import { useEffect } from 'react'

const REGIONS = '[data-region]'
const FOCUSABLE =
  'a[href], button:not([disabled]), input:not([disabled]), [tabindex]:not([tabindex="-1"]), textarea, select'

/** F6 moves the focus to the next region of the page, Shift F6 to the one before. */
export function useRegionKeys(): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== 'F6') return
      event.preventDefault()
      moveFocus(event.shiftKey ? -1 : 1)
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [])
}

function moveFocus(step: 1 | -1): void {
  const regions = [...document.querySelectorAll<HTMLElement>(REGIONS)].filter((each) => each.offsetParent !== null)
  // Of nested regions the innermost is the one that has the focus.
  const at = regions.findLastIndex((region) => region.contains(document.activeElement))
  const next = regions[(at + step + regions.length) % regions.length]
  const target = next?.querySelector<HTMLElement>(FOCUSABLE) ?? next
  target?.focus()
}
