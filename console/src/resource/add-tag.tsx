import { useState } from 'react'
import { useTexts } from '../text/texts.ts'
import { ErrorLine } from '../ui/error-text.tsx'
import { SuggestField } from '../ui/suggest-field.tsx'
import { useSuggestions, type useTagChange } from './queries.ts'
import { EditForm } from './tag-row.tsx'
import { resourceTexts } from './texts.ts'

/** The form for one more tag. */
export function AddTag({
  type,
  taken,
  change,
  onEnd,
}: {
  readonly type: string
  /** Keys that the resource has. */
  readonly taken: readonly string[]
  readonly change: ReturnType<typeof useTagChange>
  readonly onEnd: (words?: string) => void
}) {
  const texts = useTexts(resourceTexts)
  const [{ key, value }, setTag] = useState({ key: '', value: '' })
  const [isTried, setTried] = useState(false)
  const keys = useSuggestions(type, undefined, key, true)
  const values = useSuggestions(type, key, value, key !== '')
  const fault = key === '' ? texts.keyMissing : taken.includes(key) ? texts.keyThere(key) : undefined
  const add = () => {
    setTried(true)
    if (fault !== undefined) return
    change.mutate({ action: 'create', tags: [{ key, value }] }, { onSuccess: () => onEnd(texts.saved(key)) })
  }
  return (
    <div className="border-b border-line px-4 py-3">
      <EditForm onSubmit={add} onCancel={onEnd} isPending={change.isPending} action={texts.add}>
        <SuggestField
          label={texts.key}
          autoFocus
          value={key}
          onChange={(next) => setTag((before) => ({ ...before, key: next }))}
          suggestions={(keys.data ?? []).filter((each) => !taken.includes(each))}
          error={isTried ? fault : undefined}
        />
        <SuggestField
          label={texts.value}
          value={value}
          onChange={(next) => setTag((before) => ({ ...before, value: next }))}
          suggestions={key === '' ? [] : (values.data ?? [])}
          description={texts.valueHint}
          error={change.isError ? <ErrorLine error={change.error} /> : undefined}
        />
      </EditForm>
    </div>
  )
}
