import { useMutation } from '@tanstack/react-query'
import { ArrowDownToLine, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useHref } from '../hrefs.ts'
import { useWhyNot } from '../session/permissions.ts'
import { useProject } from '../session/project.ts'
import { useFormat } from '../text/format.ts'
import { useTexts } from '../text/texts.ts'
import { Button } from '../ui/button.tsx'
import { CopyAs, CopyButton } from '../ui/copy-as.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { downloadText } from '../ui/download.ts'
import { Badge } from '../ui/marks.tsx'
import { ErrorNotice } from '../ui/states.tsx'
import { uiTexts } from '../ui/texts.ts'
import { Time } from '../ui/time.tsx'
import type { Plan } from './plan-types.ts'
import { usePlanState, usePlanTitle, useUserName } from './plan-words.ts'
import { planFile, useDiscard } from './queries.ts'
import { plansTexts } from './texts.ts'

/** The head of a plan: what it is, by whom, until when, and what can be done with it as a whole. */
export function PlanHead({ plan }: { readonly plan: Plan }) {
  const texts = useTexts(plansTexts)
  const project = useProject()
  const format = useFormat()
  const titleOf = usePlanTitle()
  const nameOf = useUserName()
  const { words, tone } = usePlanState()(plan)
  const download = useMutation({
    mutationFn: async () =>
      downloadText(`plan-${plan.id}.ndjson`, await planFile(project.id, plan.id), 'application/x-ndjson'),
  })
  const path = `/tagwerk/v1/${project.id}/plans/${encodeURIComponent(plan.id)}/items`
  return (
    <header className="flex min-h-14 shrink-0 flex-wrap items-center justify-between gap-x-4 gap-y-2 border-b border-line bg-surface px-4 py-2">
      <div className="min-w-0">
        <h1 className="text-title font-semibold wrap-anywhere">{titleOf(plan)}</h1>
        <p className="flex flex-wrap items-center gap-x-1.5 text-small text-ink-2">
          <span className="font-mono">{plan.id}</span>
          <CopyButton text={plan.id} label={texts.copyId} />
          <span>
            {texts.by(nameOf(plan.created_by, plan.created_by_name))} · <Time at={plan.created_at} as="ago" /> ·{' '}
            {texts.pinned(format.number(plan.revision))} ·{' '}
            {plan.state === 'applied' ? texts.keptUntil : texts.expiresAt} <Time at={plan.expires_at} as="day" />
          </span>
        </p>
      </div>
      <div className="flex flex-wrap items-center gap-2">
        <Badge tone={tone}>{words}</Badge>
        <CopyAs call={{ method: 'GET', path }} command={`tagwerk plan show ${plan.id}`} />
        <Button isPending={download.isPending} onPress={() => download.mutate()}>
          <ArrowDownToLine className="size-3.5" aria-hidden="true" />
          {texts.download}
        </Button>
        <DiscardButton plan={plan} />
      </div>
      {download.isError && <ErrorNotice error={download.error} />}
    </header>
  )
}

function DiscardButton({ plan }: { readonly plan: Plan }) {
  const texts = useTexts(plansTexts)
  const { cancel } = useTexts(uiTexts)
  const href = useHref()
  const whyNot = useWhyNot()
  const [isAsking, setAsking] = useState(false)
  const discard = useDiscard(() => href.open('plans'))
  return (
    <>
      <Button why={whyNot('tagwerk:plans:delete')} onPress={() => setAsking(true)}>
        <Trash2 className="size-3.5" aria-hidden="true" />
        {texts.discard}
      </Button>
      <Dialog title={texts.discardTitle} isOpen={isAsking} onClose={() => setAsking(false)}>
        <p>{plan.applied === undefined ? texts.discardPlanned : texts.discardApplied}</p>
        {discard.isError && <ErrorNotice error={discard.error} />}
        <div className="flex justify-end gap-2">
          <Button variant="quiet" onPress={() => setAsking(false)}>
            {cancel}
          </Button>
          <Button variant="bad" isPending={discard.isPending} onPress={() => discard.mutate(plan.id)}>
            {texts.discard}
          </Button>
        </div>
      </Dialog>
    </>
  )
}
