import { ArrowRight } from 'lucide-react'
import { useState } from 'react'
import { pathOf, useHref } from '../hrefs.ts'
import { BothChoice } from '../plans/both-choice.tsx'
import type { IfBoth } from '../plans/plan-types.ts'
import { useWhyNot } from '../session/permissions.ts'
import { useFormat } from '../text/format.ts'
import { useTexts } from '../text/texts.ts'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/fields.tsx'
import { TagValue } from '../ui/marks.tsx'
import { ErrorNotice } from '../ui/states.tsx'
import { ACTIONS_MAX, actionsOf, type Correction, goneOf, sumsOf } from './choice.ts'
import { useCorrect } from './queries.ts'
import { cleanUpTexts } from './texts.ts'

/** The plan that would come of the chosen groups. */
export function PlanSide({
  corrections,
  of,
}: {
  readonly corrections: readonly Correction[]
  readonly of: 'keys' | 'values'
}) {
  const texts = useTexts(cleanUpTexts)
  const format = useFormat()
  const href = useHref()
  const whyNot = useWhyNot()
  const [ifBoth, setIfBoth] = useState<IfBoth>('refuse')
  const [note, setNote] = useState('')
  const correct = useCorrect(({ id }) => href.open(pathOf('plans', id)))
  const sums = sumsOf(corrections)
  const isTooMany = actionsOf(corrections, ifBoth).length > ACTIONS_MAX
  const why =
    whyNot('tagwerk:plans:create') ??
    (sums.groups === 0 ? texts.planEmpty : isTooMany ? texts.tooMany(format.number(ACTIONS_MAX)) : undefined)
  return (
    <aside
      aria-label={texts.plan}
      data-region="side"
      className="flex shrink-0 flex-col border-line bg-canvas max-[56rem]:border-t min-[56rem]:w-80 min-[56rem]:border-l"
    >
      <div className="flex min-h-0 grow flex-col gap-3 overflow-auto p-4">
        <h2 className="text-body font-semibold">{texts.plan}</h2>
        <p className="text-small text-ink-2">{sums.groups === 0 ? texts.planEmpty : texts.planHint}</p>
        <dl className="flex flex-col gap-1">
          <Sum name={texts.groupsChosen} value={sums.groups} />
          <Sum name={of === 'keys' ? texts.keysRenamed : texts.valuesReplaced} value={sums.spellings} />
          <Sum name={texts.tagsTouched} value={sums.tags} />
          {of === 'keys' && <Sum name={texts.haveBoth} value={sums.both} isWarning />}
        </dl>
        {sums.both > 0 && (
          <div className="rounded-card border border-line bg-surface p-3">
            <BothChoice texts={texts} value={ifBoth} onChange={setIfBoth} />
          </div>
        )}
        {sums.groups > 0 && (
          <TextField label={texts.note} description={texts.noteHint} value={note} onChange={setNote} />
        )}
        <ul className="flex flex-col gap-1 text-small">
          {corrections.map((correction) => (
            <CorrectionLine key={correction.group.id} correction={correction} />
          ))}
        </ul>
      </div>
      <div className="flex flex-col gap-2 border-t border-line p-4">
        {correct.error !== null && <ErrorNotice error={correct.error} />}
        <Button
          variant="solid"
          why={why}
          isPending={correct.isPending}
          onPress={() => correct.make({ corrections, ifBoth, note: note.trim() })}
          className="justify-center"
        >
          {texts.make}
        </Button>
        {why !== undefined && sums.groups > 0 && <p className="text-small text-warn">{why}</p>}
      </div>
    </aside>
  )
}

function Sum({
  name,
  value,
  isWarning = false,
}: {
  readonly name: string
  readonly value: number
  readonly isWarning?: boolean
}) {
  const format = useFormat()
  return (
    <div className="flex justify-between gap-2">
      <dt className="text-ink-2">{name}</dt>
      <dd className={`tabular-nums ${isWarning && value > 0 ? 'text-warn' : ''}`}>{format.number(value)}</dd>
    </div>
  )
}

/** What becomes what. */
function CorrectionLine({ correction }: { readonly correction: Correction }) {
  const texts = useTexts(cleanUpTexts)
  return (
    <li className="flex flex-wrap items-baseline gap-x-1.5 wrap-anywhere">
      {goneOf(correction).map(({ text }, at) => (
        <span key={text} className="text-ink-2">
          <TagValue value={text} />
          {at < goneOf(correction).length - 1 && ','}
        </span>
      ))}
      <ArrowRight className="size-3 shrink-0 self-center text-ink-3" aria-hidden="true" />
      <span className="sr-only"> {texts.becomes} </span>
      <span className="font-medium">
        <TagValue value={correction.kept} />
      </span>
    </li>
  )
}
