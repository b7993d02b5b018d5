import { Plus } from 'lucide-react'
import { useRef, useState } from 'react'
import { GridList } from 'react-aria-components'
import { useWhyNot } from '../session/permissions.ts'
import { useTexts } from '../text/texts.ts'
import { Button } from '../ui/button.tsx'
import { EmptyState } from '../ui/states.tsx'
import { AddTag } from './add-tag.tsx'
import { CopyResource } from './copy-resource.tsx'
import { type Resource, useTagChange } from './queries.ts'
import type { ResourceId } from './resource-id.ts'
import { TagRow } from './tag-row.tsx'
import { resourceTexts } from './texts.ts'
import { Why } from './why.tsx'

/** The action that changing a tag needs. */
const ACTION = 'tagwerk:tags:update'

/** The tags of a resource, each with its origin, and with what can be done to it. */
export function TagsTab({
  id,
  resource,
  filter,
  asOf,
}: {
  readonly id: ResourceId
  readonly resource: Resource
  readonly filter: string
  readonly asOf: string | undefined
}) {
  const texts = useTexts(resourceTexts)
  const whyNot = useWhyNot()
  const change = useTagChange(id)
  const [editing, setEditing] = useState<{ readonly key: string; readonly what: 'value' | 'removal' }>()
  const [isAdding, setAdding] = useState(false)
  const [said, say] = useState('')
  const list = useRef<HTMLDivElement>(null)
  // The button that opened a form takes its focus over when that goes away.
  const wasAdding = useRef(false)
  const denied = whyNot(ACTION)
  const why = asOf === undefined ? denied : texts.whyPast
  const { tags } = resource
  const end = (words = '') => {
    change.reset()
    setEditing(undefined)
    setAdding(false)
    if (words !== '') say(words)
    // The row is a stop of its own: it takes over the focus of the field that goes away.
    list.current?.querySelector<HTMLElement>('[data-editing]')?.focus()
  }
  return (
    <>
      {asOf === undefined && denied !== undefined && (
        <p className="border-b border-line px-4 py-1.5 text-small text-ink-2">
          <span className="font-medium text-ink">{texts.readOnly}.</span> {denied}
        </p>
      )}
      {tags.length === 0 ? (
        <EmptyState title={texts.noTags}>{texts.noTagsHint}</EmptyState>
      ) : (
        <GridList
          ref={list}
          aria-label={texts.tags}
          selectionMode="none"
          keyboardNavigationBehavior="tab"
          disallowTypeAhead
          className="outline-none"
        >
          {tags.map((tag) => (
            <TagRow
              key={tag.key}
              tag={tag}
              type={id.type}
              why={why}
              editing={editing?.key === tag.key ? editing.what : undefined}
              change={change}
              onEdit={(what) => {
                change.reset()
                setEditing({ key: tag.key, what })
              }}
              onEnd={end}
            />
          ))}
        </GridList>
      )}
      {isAdding ? (
        <AddTag type={id.type} taken={tags.map(({ key }) => key)} change={change} onEnd={end} />
      ) : (
        <div className="flex flex-wrap items-center gap-2 px-4 py-3">
          <Button
            why={why}
            autoFocus={wasAdding.current}
            onPress={() => {
              wasAdding.current = true
              change.reset()
              setEditing(undefined)
              setAdding(true)
            }}
          >
            <Plus className="size-4" aria-hidden="true" />
            {texts.addTag}
          </Button>
          <CopyResource id={id} what="tags" asOf={asOf} />
        </div>
      )}
      {filter !== '' && <Why id={id} filter={filter} asOf={asOf} />}
      <span role="status" className="sr-only">
        {said}
      </span>
    </>
  )
}
