import { Pencil, Trash2 } from 'lucide-react'
import { type KeyboardEvent, type ReactNode, useState } from 'react'
import { GridListItem } from 'react-aria-components'
import { ActorName, Cause } from '../changes/origin.tsx'
import { useFormat } from '../text/format.ts'
import { useTexts } from '../text/texts.ts'
import { Button } from '../ui/button.tsx'
import { ErrorLine } from '../ui/error-text.tsx'
import { TagValue } from '../ui/marks.tsx'
import { SuggestField } from '../ui/suggest-field.tsx'
import { uiTexts } from '../ui/texts.ts'
import { Time } from '../ui/time.tsx'
import { type ResourceTag, useSuggestions, type useTagChange } from './queries.ts'
import { resourceTexts } from './texts.ts'

type Change = ReturnType<typeof useTagChange>

/** A tag: its key, its value, and where it came from; in place of that a field while it is edited. */
export function TagRow({
  tag,
  type,
  why,
  editing,
  change,
  onEdit,
  onEnd,
}: {
  readonly tag: ResourceTag
  readonly type: string
  /** Why tags cannot be changed. */
  readonly why: string | undefined
  readonly editing: 'value' | 'removal' | undefined
  readonly change: Change
  readonly onEdit: (what: 'value' | 'removal') => void
  /** With words to announce if something was done. */
  readonly onEnd: (words?: string) => void
}) {
  const texts = useTexts(resourceTexts)
  return (
    <GridListItem
      id={tag.key}
      textValue={`${tag.key} ${tag.value}`}
      {...(editing !== undefined && { 'data-editing': true })}
      className="group relative flex min-h-11 items-start gap-3 border-b border-line px-4 py-1.5 focus-ring-inside data-hovered:bg-hover"
    >
      <span className="w-32 shrink-0 truncate font-mono text-small leading-5 text-ink-2" title={tag.key}>
        {tag.key}
      </span>
      {editing === 'value' ? (
        <ValueForm tag={tag} type={type} change={change} onEnd={onEnd} />
      ) : editing === 'removal' ? (
        <Removal tag={tag} change={change} onEnd={onEnd} />
      ) : (
        <>
          <span className="flex min-w-0 grow flex-col">
            <span className="font-medium wrap-anywhere">
              <TagValue value={tag.value} />
            </span>
            <Origin tag={tag} />
          </span>
          <span className="absolute top-1.5 right-3 flex rounded-control bg-surface opacity-0 group-focus-within:opacity-100 group-data-focus-visible:opacity-100 group-data-hovered:opacity-100 pointer-coarse:opacity-100">
            <Button variant="quiet" size="icon" why={why} label={texts.edit(tag.key)} onPress={() => onEdit('value')}>
              <Pencil className="size-3.5" aria-hidden="true" />
            </Button>
            <Button
              variant="quiet"
              size="icon"
              why={why}
              label={texts.remove(tag.key)}
              onPress={() => onEdit('removal')}
            >
              <Trash2 className="size-3.5" aria-hidden="true" />
            </Button>
          </span>
        </>
      )}
    </GridListItem>
  )
}

/** When and by whom a value was set, as a part of what, and what it was before. */
function Origin({ tag }: { readonly tag: ResourceTag }) {
  const texts = useTexts(resourceTexts)
  const ui = useTexts(uiTexts)
  const format = useFormat()
  const { set_at: setAt, actor, cause, before, at_or_before: atOrBefore } = tag
  if (setAt === undefined || setAt === null) {
    const words = atOrBefore === undefined ? texts.unknownOrigin : texts.before(format.number(atOrBefore))
    return <span className="text-small text-ink-3">{words}</span>
  }
  return (
    <span className="text-small text-ink-3">
      <Time at={setAt} as="day" />
      {actor !== undefined && (
        <span className="text-ink-2">
          {' · '}
          <ActorName actor={actor} />
        </span>
      )}
      {cause !== undefined && (
        <>
          {' · '}
          <Cause cause={cause} />
        </>
      )}
      {before !== undefined && (
        <span className="text-ink-2 wrap-anywhere">
          {' · '}
          {texts.was} <del className="font-mono">{before === '' ? ui.emptyValue : before}</del>
        </span>
      )}
    </span>
  )
}

function ValueForm({
  tag: { key, value },
  type,
  change,
  onEnd,
}: {
  readonly tag: ResourceTag
  readonly type: string
  readonly change: Change
  readonly onEnd: (words?: string) => void
}) {
  const texts = useTexts(resourceTexts)
  const [next, setNext] = useState(value)
  const suggestions = useSuggestions(type, key, next === value ? '' : next, true)
  const save = () => {
    if (next === value) return onEnd()
    change.mutate({ action: 'create', tags: [{ key, value: next }] }, { onSuccess: () => onEnd(texts.saved(key)) })
  }
  return (
    <EditForm onSubmit={save} onCancel={onEnd} isPending={change.isPending} action={texts.save}>
      <SuggestField
        label={texts.valueOf(key)}
        isLabelHidden
        autoFocus
        value={next}
        onChange={setNext}
        suggestions={suggestions.data ?? []}
        error={change.isError ? <ErrorLine error={change.error} /> : undefined}
      />
    </EditForm>
  )
}

function Removal({
  tag: { key, value },
  change,
  onEnd,
}: {
  readonly tag: ResourceTag
  readonly change: Change
  readonly onEnd: (words?: string) => void
}) {
  const texts = useTexts(resourceTexts)
  // The value goes with the key: a tag that somebody has changed meanwhile is left alone.
  const remove = () =>
    change.mutate({ action: 'delete', tags: [{ key, value }] }, { onSuccess: () => onEnd(texts.removed(key)) })
  return (
    <EditForm onSubmit={remove} onCancel={onEnd} isPending={change.isPending} action={texts.removeNow} isBad>
      <span className="text-body">
        {texts.removeQuestion} <TagValue value={value} />
      </span>
      {change.isError && (
        <span role="alert" className="text-small text-bad wrap-anywhere">
          <ErrorLine error={change.error} />
        </span>
      )}
    </EditForm>
  )
}

/** The frame of an edit in place: Enter saves, Escape gives up. */
export function EditForm({
  children,
  onSubmit,
  onCancel,
  isPending,
  action,
  isBad = false,
}: {
  readonly children: ReactNode
  readonly onSubmit: () => void
  readonly onCancel: () => void
  readonly isPending: boolean
  readonly action: string
  readonly isBad?: boolean
}) {
  const texts = useTexts(uiTexts)
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Tab') return
    // The list around it would take arrows and Home for its own, and the drawer Escape.
    event.stopPropagation()
    const { target } = event
    if (!(target instanceof HTMLElement)) return
    const hasSuggestions = target.getAttribute('aria-expanded') === 'true'
    // Escape first closes the suggestions.
    if (event.key === 'Escape' && !hasSuggestions) onCancel()
    // A field with suggestions keeps Enter for itself, also if none of them is chosen.
    if (event.key === 'Enter' && hasSuggestions && !target.hasAttribute('aria-activedescendant')) onSubmit()
  }
  return (
    <form
      className="flex min-w-0 grow flex-col gap-2"
      onKeyDown={onKeyDown}
      onSubmit={(event) => {
        event.preventDefault()
        onSubmit()
      }}
    >
      {children}
      <span className="flex gap-2">
        <Button type="submit" size="small" variant={isBad ? 'bad' : 'solid'} isPending={isPending} autoFocus={isBad}>
          {action}
        </Button>
        <Button size="small" variant="quiet" onPress={onCancel}>
          {texts.cancel}
        </Button>
      </span>
    </form>
  )
}
