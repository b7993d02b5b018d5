import { Link } from 'react-aria-components'
import { pathOf, useHref } from '../hrefs.ts'
import { useTexts } from '../text/texts.ts'
import { changesTexts } from './texts.ts'

/** Who made a change. */
export type Actor = { readonly id: string; readonly name: string | null }

/** The name of who made a change; users that are gone have none. */
export function ActorName({ actor }: { readonly actor: Actor }) {
  const texts = useTexts(changesTexts)
  if (actor.name !== null) return <>{actor.name}</>
  return <span title={texts.deletedUserHint(actor.id)}>{texts.deletedUser}</span>
}

const SHORT_LENGTH = 6

/** The end of the id of a plan: its beginning is the time, which plans of one day share. */
export function shortPlanId(id: string): string {
  return id.length > SHORT_LENGTH ? `…${id.slice(-SHORT_LENGTH)}` : id
}

/** What a change was a part of, as a link to the plan if it was one. */
export function Cause({ cause }: { readonly cause: string }) {
  const texts = useTexts(changesTexts)
  const href = useHref()
  const [kind, id] = splitOnce(cause)
  if (id === undefined || (kind !== 'plan' && kind !== 'undo')) return <span className="font-mono">{cause}</span>
  return (
    <Link
      href={href(pathOf('plans', id))}
      className="rounded-mark whitespace-nowrap text-accent focus-ring data-hovered:underline"
      {...{ title: id }}
    >
      {texts[kind](shortPlanId(id))}
    </Link>
  )
}

function splitOnce(text: string): readonly [string, string | undefined] {
  const at = text.indexOf(':')
  return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)]
}
