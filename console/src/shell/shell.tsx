import type { ReactNode } from 'react'
import type { Project } from '../session/session.ts'
import { useTexts } from '../text/texts.ts'
import { Rail } from './rail.tsx'
import { useRegionKeys } from './regions.ts'
import { StatusBar } from './status-bar.tsx'
import { shellTexts } from './texts.ts'
import { TopBar } from './top-bar.tsx'

/** The frame of every page of a project: bar, rail, content, status. */
export function Shell({ project, children }: { readonly project: Project; readonly children: ReactNode }) {
  const texts = useTexts(shellTexts)
  useRegionKeys()
  return (
    <div className="flex h-full flex-col">
      <button
        type="button"
        onClick={skipToResults}
        className="sr-only z-50 rounded-control bg-accent px-3 py-1 text-on-accent focus:not-sr-only focus:absolute focus:top-2 focus:left-2"
      >
        {texts.skip}
      </button>
      <TopBar project={project} />
      <div className="flex min-h-0 grow">
        <Rail />
        <main id="main" tabIndex={-1} data-region="main" className="relative flex min-w-0 grow flex-col outline-none">
          {children}
        </main>
      </div>
      <StatusBar project={project} />
    </div>
  )
}

/** Moves the focus to the results of the page, or to its content if it has none. */
function skipToResults(): void {
  const results = document.querySelector<HTMLElement>('[data-results]')
  const target = results?.querySelector<HTMLElement>('[tabindex="0"], a[href], button') ?? results
  ;(target ?? document.getElementById('main'))?.focus()
}
