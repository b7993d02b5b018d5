import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Plus, X } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { answerOf, api } from '../api/client.ts'
import { pathOf, useHref } from '../hrefs.ts'
import { useProject } from '../session/project.ts'
import { useFormat } from '../text/format.ts'
import { useTexts } from '../text/texts.ts'
import { Button } from '../ui/button.tsx'
import { Checkbox } from '../ui/choice.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { TextField } from '../ui/fields.tsx'
import { ErrorNotice } from '../ui/states.tsx'
import { uiTexts } from '../ui/texts.ts'
import type { Condition } from './queries.ts'
import { actionsOf, faultOf, filled, NO_EDITS, type TagEdits } from './tag-edits.ts'
import { exploreTexts } from './texts.ts'

/** What is tagged: one resource, some of them, or all that match. */
export type TagTarget =
  | { readonly kind: 'one'; readonly type: string; readonly id: string; readonly name: string }
  | { readonly kind: 'some'; readonly ids: readonly { readonly type: string; readonly id: string }[] }
  | { readonly kind: 'all'; readonly condition: Condition; readonly total: number }

/** Sets and removes tags. One resource is changed at once; of more a plan is made, which shows everything beforehand. */
export function TagDialog({ target, onClose }: { readonly target: TagTarget; readonly onClose: () => void }) {
  const texts = useTexts(exploreTexts)
  const words = useTexts(uiTexts)
  const format = useFormat()
  const [edits, setEdits] = useState(NO_EDITS)
  const [isTried, setTried] = useState(false)
  const tagging = useTagging(target, onClose)
  const fault = faultOf(edits)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (fault === undefined) tagging.mutate(edits)
  }
  const count = format.number(target.kind === 'all' ? target.total : target.kind === 'some' ? target.ids.length : 1)
  const title = target.kind === 'one' ? texts.tagTitleOne(target.name) : texts.tagTitle(count)
  return (
    <Dialog title={title} isOpen onClose={onClose} width="w-[32rem]">
      <form onSubmit={submit} noValidate className="flex flex-col gap-4">
        <SetRows edits={edits} onChange={setEdits} />
        <RemoveRows edits={edits} onChange={setEdits} />
        {target.kind !== 'one' && <PlanFields edits={edits} onChange={setEdits} />}
        {isTried && fault !== undefined && (
          <p role="alert" className="text-body text-bad">
            {
              {
                empty: texts.nothingToDo,
                'key-missing': texts.keyMissing,
                'key-twice': texts.keyTwice(fault.kind === 'key-twice' ? fault.key : ''),
              }[fault.kind]
            }
          </p>
        )}
        {tagging.isError && <ErrorNotice error={tagging.error} />}
        <div className="flex justify-end gap-2">
          <Button onPress={onClose}>{words.cancel}</Button>
          <Button type="submit" variant="solid" isPending={tagging.isPending}>
            {target.kind === 'one' ? texts.changeNow : texts.makePlan}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

type EditorProps = { readonly edits: TagEdits; readonly onChange: (edits: TagEdits) => void }

function SetRows({ edits, onChange }: EditorProps) {
  const texts = useTexts(exploreTexts)
  const { set } = edits
  const change = (at: number, row: Partial<TagEdits['set'][number]>) =>
    onChange({ ...edits, set: set.map((each, place) => (place === at ? { ...each, ...row } : each)) })
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="pb-1 text-body font-medium">{texts.set}</legend>
      {set.map(({ key, value }, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity beside their place
        <div key={at} className="grid grid-cols-[1fr_1fr_1.75rem] gap-2">
          <TextField
            label={texts.key}
            isLabelHidden
            placeholder={texts.key}
            isMono
            value={key}
            autoFocus={at === 0}
            onChange={(next) => change(at, { key: next })}
          />
          <TextField
            label={texts.value}
            isLabelHidden
            placeholder={texts.value}
            isMono
            value={value}
            onChange={(next) => change(at, { value: next })}
          />
          {set.length > 1 && (
            <Button
              variant="quiet"
              size="icon"
              label={texts.removeRow(key)}
              onPress={() => onChange({ ...edits, set: set.toSpliced(at, 1) })}
            >
              <X className="size-4" aria-hidden="true" />
            </Button>
          )}
        </div>
      ))}
      <div>
        <Button size="small" onPress={() => onChange({ ...edits, set: [...set, { key: '', value: '' }] })}>
          <Plus className="size-3.5" aria-hidden="true" />
          {texts.addTag}
        </Button>
      </div>
    </fieldset>
  )
}

function RemoveRows({ edits, onChange }: EditorProps) {
  const texts = useTexts(exploreTexts)
  const { remove } = edits
  return (
    <fieldset className="flex flex-col gap-2">
      <legend className="pb-1 text-body font-medium">{texts.remove}</legend>
      {remove.map((key, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity beside their place
        <div key={at} className="grid grid-cols-[1fr_1fr_1.75rem] gap-2">
          <TextField
            label={texts.removeKey}
            isLabelHidden
            placeholder={texts.removeKey}
            isMono
            value={key}
            onChange={(next) => onChange({ ...edits, remove: remove.with(at, next) })}
          />
          <span />
          {remove.length > 1 && (
            <Button
              variant="quiet"
              size="icon"
              label={texts.removeRow(key)}
              onPress={() => onChange({ ...edits, remove: remove.toSpliced(at, 1) })}
            >
              <X className="size-4" aria-hidden="true" />
            </Button>
          )}
        </div>
      ))}
      <div>
        <Button size="small" onPress={() => onChange({ ...edits, remove: [...remove, ''] })}>
          <Plus className="size-3.5" aria-hidden="true" />
          {texts.addKey}
        </Button>
      </div>
    </fieldset>
  )
}

function PlanFields({ edits, onChange }: EditorProps) {
  const texts = useTexts(exploreTexts)
  return (
    <>
      <Checkbox isSelected={edits.isOnlyIfAbsent} onChange={(isOn) => onChange({ ...edits, isOnlyIfAbsent: isOn })}>
        {texts.onlyIfAbsent}
      </Checkbox>
      <TextField
        label={texts.note}
        description={texts.noteHint}
        value={edits.note}
        onChange={(note) => onChange({ ...edits, note })}
      />
      <p className="text-body text-ink-2">{texts.makePlanHint}</p>
    </>
  )
}

function useTagging(target: TagTarget, onDone: () => void) {
  const { id: project } = useProject()
  const queries = useQueryClient()
  const href = useHref()
  return useMutation({
    mutationFn: async (edits: TagEdits) => {
      if (target.kind === 'one') return changeOne(project, target, edits)
      const select = target.kind === 'all' ? selectAll(target.condition) : { ids: target.ids.map(toId) }
      const note = edits.note === '' ? {} : { note: edits.note }
      const body = { select, actions: actionsOf(edits), ...note }
      const params = { path: { project_id: project } }
      return (await answerOf(api.POST('/tagwerk/v1/{project_id}/plans', { params, body }))).id
    },
    onSuccess: (plan) => {
      onDone()
      if (plan !== undefined) return href.open(pathOf('plans', plan))
      return queries.invalidateQueries({ queryKey: ['project', project] })
    },
  })
}

const toId = ({ type, id }: { readonly type: string; readonly id: string }) => ({
  resource_type: type,
  resource_id: id,
})

function selectAll({ filter, types }: Condition) {
  return {
    ...(filter === undefined ? {} : { filter }),
    ...(types.length === 0 ? {} : { resource_types: [...types] }),
  }
}

async function changeOne(
  project: string,
  { type, id }: { readonly type: string; readonly id: string },
  edits: TagEdits,
): Promise<undefined> {
  const { set, remove } = filled(edits)
  const path = { project_id: project, resource_type: type, resource_id: id }
  const url = '/tagwerk/v1/{project_id}/resources/{resource_type}/{resource_id}/tags'
  const changes = [
    { action: 'create' as const, tags: set.map(({ key, value }) => ({ key, value })) },
    { action: 'delete' as const, tags: remove.map((key) => ({ key })) },
  ]
  for (const body of changes) if (body.tags.length > 0) await answerOf(api.POST(url, { params: { path }, body }))
}
