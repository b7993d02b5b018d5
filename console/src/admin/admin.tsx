import { Outlet } from '@tanstack/react-router'
import { Link } from 'react-aria-components'
import { useHref } from '../hrefs.ts'
import { useTexts } from '../text/texts.ts'
import { SECTIONS, useSection } from './search.ts'
import { adminTexts } from './texts.ts'

/** The frame of the pages of Admin: a second rail, and the page. */
export function Admin() {
  return (
    <div className="flex min-h-0 grow max-facets:flex-col">
      <SectionRail />
      <div className="flex min-h-0 min-w-0 grow flex-col">
        <Outlet />
      </div>
    </div>
  )
}

function SectionRail() {
  const texts = useTexts(adminTexts)
  const href = useHref()
  const current = useSection()
  return (
    <nav
      aria-label={texts.sections}
      data-region="sections"
      className="flex w-44 shrink-0 flex-col gap-0.5 overflow-auto border-r border-line bg-canvas p-2 max-facets:w-auto max-facets:flex-row max-facets:border-r-0 max-facets:border-b"
    >
      {SECTIONS.map((section) => (
        <Link
          key={section}
          href={href(`admin/${section}`)}
          {...(current === section ? { 'aria-current': 'page' as const } : {})}
          className="flex h-7 shrink-0 items-center rounded-control px-2 whitespace-nowrap text-ink-2 focus-ring data-hovered:bg-hover aria-[current]:bg-tint aria-[current]:font-medium aria-[current]:text-accent"
        >
          {texts[section]}
        </Link>
      ))}
    </nav>
  )
}
