import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { answerOf, api } from '../api/client.ts'
import { pathOf, useHref } from '../hrefs.ts'
import { useWhyNot } from '../session/permissions.ts'
import { useProject } from '../session/project.ts'
import { useFormat } from '../text/format.ts'
import { useTexts } from '../text/texts.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { ErrorNotice } from '../ui/states.tsx'
import { uiTexts } from '../ui/texts.ts'
import type { Movement } from './difference.ts'
import { type Comparison, differencesOf, type Summary } from './queries.ts'
import { compareTexts } from './texts.ts'
import { type PlanLine, planFileOf, wayBackOf } from './way-back.ts'

type Props = {
  readonly comparison: Comparison
  readonly summary: Summary
  readonly movement: Movement | undefined
  /** The first moment in words. */
  readonly moment: string
}

/** Makes a plan that gives the resources the tags of the first moment. */
export function WayBackButton(props: Props) {
  const texts = useTexts(compareTexts)
  const whyNot = useWhyNot()
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <Button why={whyNot('tagwerk:plans:create')} aria-haspopup="dialog" onPress={() => setOpen(true)}>
        {texts.wayBack}
      </Button>
      <Dialog title={texts.wayBackTitle} isOpen={isOpen} onClose={() => setOpen(false)} width="w-[32rem]">
        <WayBack {...props} onClose={() => setOpen(false)} />
      </Dialog>
    </>
  )
}

const TOLD_EACH = 1000

function WayBack({ comparison, summary, movement, moment, onClose }: Props & { readonly onClose: () => void }) {
  const texts = useTexts(compareTexts)
  const ui = useTexts(uiTexts)
  const format = useFormat()
  const project = useProject()
  const href = useHref()
  const [read, setRead] = useState(0)
  // The plan is of the revisions that are shown, whatever is written meanwhile.
  const exact = { ...comparison, from: String(summary.from), to: String(summary.to) }
  const lines = useQuery({
    queryKey: ['project', project.id, 'way-back', exact, movement],
    queryFn: async ({ signal }) => {
      const found: PlanLine[] = []
      let others = 0
      for await (const difference of differencesOf(project.id, exact, signal)) {
        if (movement !== undefined && difference.movement !== movement) continue
        const line = wayBackOf(difference)
        if (line === undefined) others++
        else found.push(line)
        if ((found.length + others) % TOLD_EACH === 0) setRead(found.length + others)
      }
      return { found, others }
    },
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })
  const make = useMutation({
    mutationFn: (found: readonly PlanLine[]) => {
      const note = texts.note(format.number(summary.from), format.number(summary.to))
      const call = api.POST('/tagwerk/v1/{project_id}/plans', {
        params: { path: { project_id: project.id } },
        body: planFileOf(note, found) as never,
        bodySerializer: (text: unknown) => text as string,
        headers: { 'Content-Type': 'application/x-ndjson' },
      })
      return answerOf(call)
    },
    onSuccess: ({ id }) => href.open(pathOf('plans', id)),
  })
  const { data, error } = lines
  if (error !== null) return <ErrorNotice error={error} onRetry={() => void lines.refetch()} />
  return (
    <>
      <p>{texts.wayBackAbout(moment)}</p>
      {data === undefined && <p role="status">{texts.wayBackReading(format.number(read))}</p>}
      {data !== undefined && data.others > 0 && (
        <p className="text-warn">{texts.wayBackLeft(format.number(data.others))}</p>
      )}
      {data?.found.length === 0 && <p role="status">{texts.wayBackNone}</p>}
      {make.isError && <ErrorNotice error={make.error} />}
      <div className="flex justify-end gap-2">
        <Button onPress={onClose}>{ui.cancel}</Button>
        {data !== undefined && data.found.length > 0 && (
          <Button variant="solid" isPending={make.isPending} onPress={() => make.mutate(data.found)}>
            {texts.wayBackPlan(format.number(data.found.length))}
          </Button>
        )}
      </div>
    </>
  )
}
