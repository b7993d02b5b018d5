import { X } from 'lucide-react'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { Button } from 'react-aria-components'
import type { Expression } from '../../../src/core/expression/expression.ts'
import { type Condition, useValues } from '../explore/queries.ts'
import { exploreTexts } from '../explore/texts.ts'
import { useFormat } from '../text/format.ts'
import { useTexts } from '../text/texts.ts'
import { ComboList, type ComboOption, useCombo } from '../ui/combo.tsx'
import { toggleExcluded, toggleHaving, toggleLacking, toggleUntagged, toggleValue, withCondition } from './facets.ts'
import { readFilter } from './filter-text.ts'
import { queryTexts } from './texts.ts'

const OPTIONS_MAX = 50

type Count = { readonly text: string; readonly count: number }
type PendingKey = { readonly key: string; readonly isNegated: boolean }

type Props = {
  readonly expression: Expression
  readonly condition: Condition
  /** The keys of the matches, with counts. */
  readonly keys: readonly { readonly key: string; readonly count: number }[]
  readonly onChange: (expression: Expression) => void
  /** Backspace in the empty field. */
  readonly onBack: () => void
}

/** The field behind the last chip: completes a key, then its values among what the rest of the query leaves. */
export function AddCondition({ expression, condition, keys, onChange, onBack }: Props) {
  const texts = useTexts(exploreTexts)
  const [text, setText] = useState('')
  const [pending, setPending] = useState<PendingKey>()
  const [isOpen, setOpen] = useState(false)
  const input = useRef<HTMLInputElement>(null)
  const finish = (next: Expression) => {
    onChange(next)
    setText('')
    setPending(undefined)
  }
  const choose = (key: string) => {
    setPending({ key, isNegated: false })
    setText('')
    input.current?.focus()
  }
  const keyOptions = useKeyOptions({ text, expression, keys, finish, choose })
  const valueOptions = useValueOptions({ text, expression, condition, pending, finish })
  const options = pending === undefined ? keyOptions : valueOptions
  const { fieldProps, onKeyDown, list } = useCombo(options, isOpen, pending !== undefined || text !== '')
  const onKey = (event: KeyboardEvent) => {
    if (onKeyDown(event)) return
    if (event.key === 'ArrowDown' && !isOpen) setOpen(true)
    if (event.key === 'Escape' && (isOpen || pending !== undefined)) {
      event.preventDefault()
      setOpen(false)
      setPending(undefined)
    }
    if (event.key === 'Backspace' && text === '') {
      if (pending === undefined) onBack()
      setPending(undefined)
    }
  }
  return (
    <span className="relative flex min-w-48 grow items-center gap-1.5">
      {pending !== undefined && (
        <PendingChip
          pending={pending}
          onNegate={() => {
            setPending({ ...pending, isNegated: !pending.isNegated })
            input.current?.focus()
          }}
          onCancel={() => setPending(undefined)}
        />
      )}
      <input
        {...fieldProps}
        ref={input}
        value={text}
        aria-label={pending === undefined ? texts.addFilter : texts.valuesOf(pending.key)}
        placeholder={pending === undefined ? texts.addFilter : ''}
        title={pending === undefined ? texts.addFilterHint : texts.altNegates}
        onChange={(event) => {
          setText(event.target.value)
          setOpen(true)
        }}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onKeyDown={onKey}
        className={`h-6 min-w-24 grow bg-transparent text-body outline-none placeholder:text-ink-3 ${pending === undefined ? '' : 'font-mono'}`}
      />
      {isOpen && options.length > 0 && (
        <ComboList
          label={texts.suggestions}
          options={options}
          list={list}
          className="absolute top-full left-0 z-30 mt-1 max-h-80 w-96 max-w-[80vw] rounded-card border border-edge bg-raised p-1 shadow-float"
        />
      )}
    </span>
  )
}

function PendingChip({
  pending: { key, isNegated },
  onNegate,
  onCancel,
}: {
  readonly pending: PendingKey
  readonly onNegate: () => void
  readonly onCancel: () => void
}) {
  const texts = useTexts(exploreTexts)
  const words = useTexts(queryTexts)
  const word = isNegated ? words.isNot : words.is
  return (
    <span className="flex h-6 min-w-0 items-center gap-1.5 rounded-control border border-dashed border-control pl-2 text-body">
      <span className="truncate font-mono text-ink-2">{key}</span>
      <Button
        aria-label={texts.negate(`${key} ${word}`)}
        onPress={onNegate}
        className="shrink-0 rounded-mark text-ink-2 underline decoration-dotted focus-ring"
      >
        {word}
      </Button>
      <Button
        aria-label={texts.removeCondition(`${key} ${word}`)}
        onPress={onCancel}
        className="flex size-6 shrink-0 items-center justify-center rounded-control text-ink-2 focus-ring-inside"
      >
        <X className="size-3.5" aria-hidden="true" />
      </Button>
    </span>
  )
}

/** Keys with this text in their names, then what else the text may mean. */
function useKeyOptions({
  text,
  expression,
  keys,
  finish,
  choose,
}: Pick<Props, 'expression' | 'keys'> & {
  readonly text: string
  readonly finish: (expression: Expression) => void
  readonly choose: (key: string) => void
}): readonly ComboOption[] {
  const texts = useTexts(exploreTexts)
  const format = useFormat()
  const typed = text.trim()
  const options: ComboOption[] = ranked(
    keys.map(({ key, count }) => ({ text: key, count })),
    typed,
  ).map((key) => ({
    id: `key ${key.text}`,
    name: key.text,
    content: <span className="font-mono">{key.text}</span>,
    hint: format.number(key.count),
    onAction: () => choose(key.text),
  }))
  if (typed === '') {
    const onAction: ComboOption['onAction'] = ({ isAlt }) => finish(toggleUntagged(expression, isAlt))
    return [{ id: 'untagged', name: texts.untagged, onAction }, ...options]
  }
  options.push(
    {
      id: 'name',
      name: texts.nameContains(typed),
      onAction: () => finish(withCondition(expression, { kind: 'name-text', method: 'containsFold', text: typed })),
    },
    {
      id: 'id',
      name: texts.idIs(typed),
      onAction: () => finish(withCondition(expression, { kind: 'member-in', member: 'id', values: [typed] })),
    },
  )
  const { expression: read } = readFilter(typed)
  if (read !== undefined) {
    options.unshift({
      id: 'text',
      name: typed,
      content: <span className="font-mono">{typed}</span>,
      hint: texts.asText,
      onAction: () => finish(withCondition(expression, read)),
    })
  }
  return options
}

/** Values of the key with this text, then the text itself, then the key as such. */
function useValueOptions({
  text,
  expression,
  condition,
  pending,
  finish,
}: Pick<Props, 'expression' | 'condition'> & {
  readonly text: string
  readonly pending: PendingKey | undefined
  readonly finish: (expression: Expression) => void
}): readonly ComboOption[] {
  const texts = useTexts(exploreTexts)
  const format = useFormat()
  const { data } = useValues(condition, pending?.key)
  const [latest, setLatest] = useState(data)
  useEffect(() => {
    if (data !== undefined) setLatest(data)
  }, [data])
  if (pending === undefined) return []
  const { key, isNegated } = pending
  const facet = data ?? (latest?.key === key ? latest : undefined)
  const take = (value: string): ComboOption['onAction'] => {
    return ({ isAlt }) => finish((isNegated !== isAlt ? toggleExcluded : toggleValue)(expression, key, value))
  }
  const values = ranked(
    (facet?.values ?? []).map(({ value, count }) => ({ text: value, count })),
    text,
  )
  const options: ComboOption[] = values.map((value) => ({
    id: `value ${value.text}`,
    name: value.text,
    content: <Value text={value.text} />,
    hint: format.number(value.count),
    onAction: take(value.text),
  }))
  if (text !== '' && !values.some((value) => value.text === text)) {
    options.push({
      id: 'typed',
      name: text,
      content: <Value text={text} />,
      hint: texts.valueAsTyped,
      onAction: take(text),
    })
  }
  options.push(
    {
      id: 'lacks',
      name: texts.lacksKey,
      hint: facet && format.number(facet.without_key),
      onAction: () => finish(toggleLacking(expression, key)),
    },
    {
      id: 'has',
      name: texts.anyValue,
      hint: facet && format.number(facet.with_key),
      onAction: () => finish(toggleHaving(expression, key)),
    },
  )
  return options
}

function Value({ text }: { readonly text: string }) {
  const words = useTexts(queryTexts)
  return text === '' ? <span className="text-ink-3">{words.empty}</span> : <span className="font-mono">{text}</span>
}

/** What has a text, without regard to case: what equals it first, then what begins with it. */
function ranked(all: readonly Count[], text: string): readonly Count[] {
  const wanted = text.toLowerCase()
  const rank = (each: string) => (each === text ? 0 : each.toLowerCase().startsWith(wanted) ? 1 : 2)
  return all
    .filter((each) => each.text.toLowerCase().includes(wanted))
    .sort((one, other) => rank(one.text) - rank(other.text))
    .slice(0, OPTIONS_MAX)
}
