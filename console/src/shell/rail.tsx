import { Activity, GitCompareArrows, ListChecks, Settings, ShieldCheck, Sparkles, Tag, Telescope } from 'lucide-react'
import type { ComponentType } from 'react'
import { Link } from 'react-aria-components'
import { type Screen, useHref, useScreen } from '../hrefs.ts'
import { useTexts } from '../text/texts.ts'
import { shellTexts } from './texts.ts'

type Icon = ComponentType<{ readonly className?: string; readonly 'aria-hidden': 'true' }>

const SCREENS: readonly (readonly [screen: Screen, text: keyof typeof shellTexts.en & string, icon: Icon])[] = [
  ['explore', 'explore', Telescope],
  ['compare', 'compare', GitCompareArrows],
  ['tags', 'tags', Tag],
  ['clean-up', 'cleanUp', Sparkles],
  ['plans', 'plans', ListChecks],
  ['policies', 'policies', ShieldCheck],
  ['activity', 'activity', Activity],
  ['admin', 'admin', Settings],
]

/** The screens, each with its word. The last one stands at the foot. */
export function Rail() {
  const texts = useTexts(shellTexts)
  const href = useHref()
  const current = useScreen()
  return (
    <nav
      aria-label={texts.screens}
      data-region="rail"
      className="flex w-16 shrink-0 flex-col gap-1 overflow-y-auto border-r border-line bg-canvas p-1.5"
    >
      {SCREENS.map(([screen, text, Icon]) => (
        <Link
          key={screen}
          href={href(screen)}
          {...(current === screen ? { 'aria-current': 'page' as const } : {})}
          className="flex flex-col items-center gap-1 rounded-control py-1.5 text-center text-micro whitespace-nowrap text-ink-2 focus-ring last:mt-auto data-hovered:bg-hover aria-[current]:bg-tint aria-[current]:font-medium aria-[current]:text-accent"
        >
          <Icon className="size-4.5" aria-hidden="true" />
          {texts[text] as string}
        </Link>
      ))}
    </nav>
  )
}
