import type { ReactNode } from 'react'

/** The words beside an icon in a bar that is a `@container/bar`. A narrow bar leaves the icon in sight and the words to readers. */
export function BarWords({ children }: { readonly children: ReactNode }) {
  return <span className="@max-[48rem]/bar:sr-only">{children}</span>
}
