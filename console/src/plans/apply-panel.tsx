import { CircleCheck, Play, Undo2 } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { Link } from 'react-aria-components'
import { pathOf, useHref } from '../hrefs.ts'
import { useWhyNot } from '../session/permissions.ts'
import { useFormat } from '../text/format.ts'
import { useTexts } from '../text/texts.ts'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/fields.tsx'
import { ErrorNotice } from '../ui/states.tsx'
import { Time } from '../ui/time.tsx'
import { countsOf } from './figures.tsx'
import type { Plan } from './plan-types.ts'
import { useUserName } from './plan-words.ts'
import { useUndo } from './queries.ts'
import { applyTexts } from './texts.ts'

/** From here on the number of changes is typed before a plan is applied. */
const TYPED_FROM = 1000

/** Why the user may not apply a plan: it needs the right to write tags too. */
export function useWhyNoApply(): string | undefined {
  const whyNot = useWhyNot()
  return whyNot('tagwerk:plans:apply') ?? whyNot('tagwerk:tags:update')
}

type Props = { readonly plan: Plan; readonly isApplying: boolean; readonly onApply: () => void }

/** The foot of the panel: apply, how far it is, and undo. */
export function ApplyPanel({ plan, isApplying, onApply }: Props) {
  if (isApplying) return <Progress plan={plan} />
  return (
    <div className="flex flex-col gap-2">
      {plan.applied !== undefined && <Applied applied={plan.applied} />}
      {plan.state !== 'applied' && <ApplyForm plan={plan} onApply={onApply} />}
      {plan.applied !== undefined && <UndoButton plan={plan} />}
    </div>
  )
}

function ApplyForm({ plan, onApply }: Pick<Props, 'plan' | 'onApply'>) {
  const texts = useTexts(applyTexts)
  const format = useFormat()
  const whyNoApply = useWhyNoApply()
  const [typed, setTyped] = useState('')
  const { changes } = countsOf(plan)
  const left = plan.applied?.remaining ?? changes
  const isTyped = left > TYPED_FROM
  const whyNot =
    left === 0
      ? texts.nothing
      : (whyNoApply ?? (isTyped && digitsOf(typed) !== String(left) ? texts.typeWhy(format.number(left)) : undefined))
  return (
    <form
      className="flex flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault()
        if (whyNot === undefined) onApply()
      }}
    >
      {isTyped && (
        <TextField label={texts.type(format.number(left))} value={typed} onChange={setTyped} autoComplete="off" />
      )}
      <Button variant="solid" type="submit" why={whyNot} className="justify-center">
        <Play className="size-3.5" aria-hidden="true" />
        {plan.applied === undefined ? texts.apply(format.number(left), left === 1) : texts.goOn(format.number(left))}
      </Button>
      {whyNoApply !== undefined && <p className="text-small text-warn">{whyNoApply}</p>}
      <p className="text-small text-ink-3">{plan.applied === undefined ? texts.once : texts.partly}</p>
    </form>
  )
}

/** People type numbers with the separators that they see. */
function digitsOf(text: string): string {
  return text.replaceAll(/[\s.,'’]/g, '')
}

function Progress({ plan }: { readonly plan: Plan }) {
  const texts = useTexts(applyTexts)
  const format = useFormat()
  const all = countsOf(plan).changes
  const done = plan.applied?.changed ?? 0
  return (
    <div role="status" className="flex flex-col gap-1.5">
      <span className="font-medium">{texts.applying}</span>
      <span className="block h-1 overflow-hidden rounded-full bg-line" aria-hidden="true">
        <span
          className="block h-full rounded-full bg-accent transition-[width]"
          style={{ width: `${all === 0 ? 100 : (done / all) * 100}%` }}
        />
      </span>
      <span className="text-small text-ink-2 tabular-nums">
        {texts.progress(format.number(done), format.number(all))}
      </span>
    </div>
  )
}

function Applied({ applied }: { readonly applied: NonNullable<Plan['applied']> }) {
  const texts = useTexts(applyTexts)
  const format = useFormat()
  const href = useHref()
  const nameOf = useUserName()
  const words = useRef<HTMLDivElement>(null)
  useEffect(() => {
    // The button that was pressed is gone: the focus goes to what came of it.
    if (document.activeElement === document.body) words.current?.focus()
  }, [])
  const { changed, conflicts, from_revision: from, to_revision: to } = applied
  return (
    <div ref={words} tabIndex={-1} role="status" className="flex flex-col gap-0.5 outline-none">
      <p className="flex items-center gap-1.5 font-medium text-good">
        <CircleCheck className="size-4" aria-hidden="true" />
        {texts.done(format.number(changed), changed === 1)}
      </p>
      {conflicts > 0 && <p className="text-small text-warn">{texts.skipped(format.number(conflicts))}</p>}
      <p className="text-small text-ink-2">
        <Time at={applied.at} /> · {texts.appliedBy(nameOf(applied.by, applied.by_name))}
        {from !== undefined && to !== undefined && (
          <>
            {' · '}
            {to - from <= 1
              ? texts.revision(format.number(to))
              : texts.revisions(format.number(from + 1), format.number(to))}
          </>
        )}
      </p>
      <Link
        href={href('activity', { cause: applied.cause })}
        className="w-fit rounded-mark text-small text-accent focus-ring"
      >
        {texts.showChanges}
      </Link>
    </div>
  )
}

function UndoButton({ plan }: { readonly plan: Plan }) {
  const texts = useTexts(applyTexts)
  const href = useHref()
  const whyNot = useWhyNot()
  const undo = useUndo(({ id }) => href.open(pathOf('plans', id)))
  return (
    <>
      <Button
        why={whyNot('tagwerk:plans:create')}
        isPending={undo.isPending}
        onPress={() => undo.mutate(plan.id)}
        className="justify-center"
      >
        <Undo2 className="size-3.5" aria-hidden="true" />
        {texts.undo}
      </Button>
      <p className="text-small text-ink-3">{texts.undoHint}</p>
      {undo.isError && <ErrorNotice error={undo.error} />}
    </>
  )
}
