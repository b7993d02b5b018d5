import { TriangleAlert } from 'lucide-react'
import { RadioGroup as AriaRadioGroup, GridListItem, Link } from 'react-aria-components'
import { useHref } from '../hrefs.ts'
import { useUserName } from '../plans/plan-words.ts'
import { useFormat } from '../text/format.ts'
import { useTexts } from '../text/texts.ts'
import { Button } from '../ui/button.tsx'
import { Checkbox, Radio } from '../ui/choice.tsx'
import { Badge, TagValue } from '../ui/marks.tsx'
import { Time } from '../ui/time.tsx'
import { filterOf, type NearGroup, type Spelling, spellingsOf } from './choice.ts'
import { cleanUpTexts } from './texts.ts'

type Props = {
  readonly id: string
  readonly group: NearGroup
  readonly kept: string
  readonly onKeep: (text: string) => void
  readonly onIgnore: (ignored: boolean) => void
  readonly whyNotIgnore: string | undefined
}

/** One group: whether it is in the plan, its spellings with the one to keep, and ignoring it. */
export function GroupCard({ id, group, kept, onKeep, onIgnore, whyNotIgnore }: Props) {
  const texts = useTexts(cleanUpTexts)
  const format = useFormat()
  const spellings = spellingsOf(group)
  const names = spellings.map(({ text }) => text).join(', ')
  const uses = spellings.reduce((sum, { resources }) => sum + resources, 0)
  const isIgnored = group.ignored !== undefined
  const most = Math.max(...spellings.map(({ resources }) => resources))
  const rows = spellings.map((spelling) => (
    <SpellingRow
      key={spelling.text}
      spelling={spelling}
      ofKey={group.key}
      share={spelling.resources / most}
      isKept={spelling.text === kept && !isIgnored}
      isIgnored={isIgnored}
    />
  ))
  return (
    <GridListItem
      id={id}
      textValue={names}
      className="rounded-card border border-line bg-surface px-3 py-2 focus-ring data-selected:border-tint-edge"
    >
      <div className="flex min-h-7 flex-wrap items-center gap-x-2">
        {isIgnored ? null : (
          <Checkbox slot="selection" aria-label={texts.inPlan(names)}>
            <span className="sr-only">{texts.inPlan(names)}</span>
          </Checkbox>
        )}
        <span className="text-small text-ink-2 tabular-nums">
          {texts.uses(format.number(uses), format.number(spellings.length))}
        </span>
        {group.both > 0 && (
          <Badge tone="warn">
            <TriangleAlert className="size-3" aria-hidden="true" />
            {texts.both(format.number(group.both), group.both === 1)}
          </Badge>
        )}
        {group.ignored !== undefined && <IgnoredWords {...group.ignored} />}
        <span className="ml-auto">
          <Button
            size="small"
            variant="quiet"
            why={whyNotIgnore}
            label={isIgnored ? texts.takeBackOf(names) : texts.ignoreOf(names)}
            onPress={() => onIgnore(!isIgnored)}
          >
            {isIgnored ? texts.takeBack : texts.ignore}
          </Button>
        </span>
      </div>
      {isIgnored ? (
        <div>{rows}</div>
      ) : (
        <AriaRadioGroup aria-label={texts.keep(names)} value={kept} onChange={onKeep}>
          {rows}
        </AriaRadioGroup>
      )}
    </GridListItem>
  )
}

function IgnoredWords({ at, by }: { readonly at: string; readonly by: string }) {
  const texts = useTexts(cleanUpTexts)
  const nameOf = useUserName()
  return (
    <span className="text-small text-ink-3">
      {texts.ignoredBy(nameOf(by))} · <Time at={at} as="ago" />
    </span>
  )
}

/** A spelling: whether it is the one to keep, how often it is used, and the way to its resources. */
function SpellingRow({
  spelling: { text, resources },
  ofKey,
  share,
  isKept,
  isIgnored,
}: {
  readonly spelling: Spelling
  readonly ofKey: string | undefined
  readonly share: number
  readonly isKept: boolean
  readonly isIgnored: boolean
}) {
  const texts = useTexts(cleanUpTexts)
  const format = useFormat()
  const href = useHref()
  const count = format.number(resources)
  const words = (
    <span className={`truncate ${isKept ? 'font-semibold' : ''}`} title={text}>
      <TagValue value={text} />
    </span>
  )
  return (
    <div className="flex min-h-6 items-center gap-3">
      <span className="w-2/5 min-w-0 shrink-0">{isIgnored ? words : <Radio value={text}>{words}</Radio>}</span>
      <span className="h-[3px] min-w-8 grow rounded-full bg-line" aria-hidden="true">
        <span className="block h-full rounded-full bg-accent" style={{ width: `${Math.max(share * 100, 0.5)}%` }} />
      </span>
      <Link
        href={href('explore', { filter: filterOf(ofKey, text) })}
        aria-label={texts.explore(count, text)}
        className="w-16 shrink-0 rounded-mark text-right text-accent tabular-nums focus-ring data-hovered:underline"
      >
        {count}
      </Link>
    </div>
  )
}
