import { useBlocker } from '@tanstack/react-router'
import { CircleCheck, TriangleAlert } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { ApiError } from '../api/client.ts'
import { useFormat } from '../text/format.ts'
import { useTexts } from '../text/texts.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { ErrorNotice } from '../ui/states.tsx'
import { editorTexts } from './editor-texts.ts'
import { pathInMessage } from './json-lines.ts'
import { JsonPane } from './json-pane.tsx'
import { PolicyForm } from './policy-form.tsx'
import { type PolicyWarning, useDraftCompliance } from './queries.ts'
import { Rehearsal } from './rehearsal.tsx'
import type { Age } from './search.ts'
import type { Draft } from './use-draft.ts'

/** What is wrong with a policy, or worth knowing. */
export type Remark = PolicyWarning & { readonly isError: boolean }

/** A policy as form and as JSON, side by side and in step; what the service says about it; its rehearsal. */
export function Editor({
  draft,
  failure,
  outcome,
  age,
  onAge,
}: {
  readonly draft: Draft
  /** Why it could not be put. */
  readonly failure: unknown
  /** What the service said when what is shown was put. */
  readonly outcome?: { readonly warnings: readonly PolicyWarning[] } | undefined
  readonly age: Age | undefined
  readonly onAge: (age: Age) => void
}) {
  const texts = useTexts(editorTexts)
  const settled = useSettled(draft.document)
  const compliance = useDraftCompliance(settled)
  const text = useRef<HTMLTextAreaElement>(null)
  const done = draft.isChanged ? undefined : outcome
  const remarks = remarksOf(compliance.error ?? failure, done?.warnings ?? [])
  const other = [failure, compliance.error].find((error) => error !== null && remarkOf(error) === undefined)
  return (
    <div className="flex min-h-0 grow flex-col overflow-auto">
      {done !== undefined && <PutDone warnings={done.warnings} />}
      {draft.isOutdated && (
        <p role="status" className="border-b border-line bg-warn-tint px-4 py-2 text-body text-warn">
          {texts.outdated}
        </p>
      )}
      {other !== undefined && <ErrorNotice error={other} />}
      <div className="grid grow gap-px bg-line facets:grid-cols-2">
        <section aria-label={texts.form} data-region="form" className="flex min-w-0 flex-col gap-3 bg-canvas p-4">
          <PolicyForm draft={draft} remarks={remarks} />
        </section>
        <section aria-label={texts.json} data-region="json" className="flex min-w-0 flex-col gap-3 bg-surface p-4">
          <JsonPane draft={draft} remarks={remarks} field={text} />
          {compliance.data !== undefined && !compliance.isError && draft.document !== undefined && (
            <ComplianceLine answer={compliance.data} />
          )}
          <Rehearsal document={compliance.isError ? undefined : draft.document} age={age} onAge={onAge} />
        </section>
      </div>
      <LeaveGuard draft={draft} />
    </div>
  )
}

const SETTLE_MS = 400

/** The value once it has not changed for a moment. */
function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), SETTLE_MS)
    return () => clearTimeout(timer)
  }, [value])
  return settled
}

function remarksOf(error: unknown, warnings: readonly PolicyWarning[]): readonly Remark[] {
  const remark = remarkOf(error)
  return [...(remark === undefined ? [] : [remark]), ...warnings.map((warning) => ({ ...warning, isError: false }))]
}

/** The error of the service as a remark at its path; undefined if it names none. */
function remarkOf(error: unknown): Remark | undefined {
  if (!(error instanceof ApiError) || error.status !== 400) return undefined
  const field = pathInMessage(error.message)
  return field === undefined ? undefined : { field, message: error.message, isError: true }
}

function PutDone({ warnings }: { readonly warnings: readonly PolicyWarning[] }) {
  const texts = useTexts(editorTexts)
  const isPlain = warnings.length === 0
  const Icon = isPlain ? CircleCheck : TriangleAlert
  return (
    <p
      role="status"
      className={`flex items-center gap-2 border-b border-line px-4 py-2 text-body ${isPlain ? 'bg-good-tint text-good' : 'bg-warn-tint text-warn'}`}
    >
      <Icon className="size-4 shrink-0" aria-hidden="true" />
      {isPlain ? texts.putDone : texts.warnings}
    </p>
  )
}

type Compliance = NonNullable<ReturnType<typeof useDraftCompliance>['data']>

/** How the resources comply with the draft. */
function ComplianceLine({ answer: { resources, compliant, keys } }: { readonly answer: Compliance }) {
  const texts = useTexts(editorTexts)
  const format = useFormat()
  const sum = (problem: 'missing' | 'wrong-value' | 'wrong-case') =>
    format.number(keys.reduce((total, key) => total + key[problem], 0))
  return (
    <p role="status" className="text-small text-ink-2">
      {texts.complianceOf(format.number(compliant), format.number(resources))}{' '}
      {compliant < resources && texts.complianceParts(sum('missing'), sum('wrong-value'), sum('wrong-case'))}
    </p>
  )
}

/** Asks before changes are lost. */
function LeaveGuard({ draft: { isChanged, hasUnsaved } }: { readonly draft: Draft }) {
  const texts = useTexts(editorTexts)
  const { status, proceed, reset } = useBlocker({
    // Another search of the same page, such as the time of a rehearsal, keeps the draft.
    shouldBlockFn: ({ current, next }) => hasUnsaved() && current.pathname !== next.pathname,
    enableBeforeUnload: isChanged,
    withResolver: true,
  })
  if (status !== 'blocked') return null
  return (
    <Dialog title={texts.unsavedTitle} isOpen onClose={reset}>
      <p className="text-body text-ink-2">{texts.unsavedHint}</p>
      <div className="flex justify-end gap-2">
        <Button onPress={reset}>{texts.stay}</Button>
        <Button variant="bad" onPress={proceed}>
          {texts.leave}
        </Button>
      </div>
    </Dialog>
  )
}
