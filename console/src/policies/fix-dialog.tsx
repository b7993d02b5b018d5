import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { answerOf, api } from '../api/client.ts'
import { pathOf, useHref } from '../hrefs.ts'
import type { IfBoth } from '../plans/plan-types.ts'
import { useWhyNot } from '../session/permissions.ts'
import { useProject } from '../session/project.ts'
import { useTexts } from '../text/texts.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { ErrorNotice } from '../ui/states.tsx'
import { uiTexts } from '../ui/texts.ts'
import { problemFilter } from './board-model.ts'
import { editorTexts } from './editor-texts.ts'
import { CaseFields, MissingFields, ValueFields } from './fix-fields.tsx'
import { ACTIONS_MAX, exactValues, guessOf, isAllowed, keysFilter, valueActions, valuesFilter } from './fix-model.ts'
import { type Rule, useProblemCounts } from './queries.ts'
import type { Problem } from './search.ts'
import { policiesTexts } from './texts.ts'
import { useSpellings } from './use-spellings.ts'

type Props = {
  readonly rule: Rule
  readonly problem: Problem
  /** Undefined: all types. */
  readonly type: string | undefined
  readonly types: readonly string[]
  readonly onClose: () => void
}

/** A plan to make: what is selected, and what becomes of its tags. */
type Correction = { readonly filter: string; readonly actions: readonly object[] }

/** Makes the plan that puts a problem right. Nothing is changed before somebody applies it. */
export function FixDialog(props: Props) {
  const { rule, problem, type, onClose } = props
  const key = rule.tag_key
  const texts = useTexts(editorTexts)
  const words = useTexts(policiesTexts)
  const shared = useTexts(uiTexts)
  const whyNot = useWhyNot()
  const make = useMakePlan()
  const [targets, setTargets] = useState<ReadonlyMap<string, string>>(new Map())
  const [ifBoth, setIfBoth] = useState<IfBoth>('refuse')
  const [value, setValue] = useState(exactValues(rule)[0] ?? '')
  const spellings = useSpellings(key, type, true)
  const wrong = useProblemCounts({ key, type, problem }, problem === 'wrong-value' ? { of: key } : undefined)
  const values = wrong.data?.facets?.[0]?.values ?? []
  const chosen = new Map(
    values.flatMap(({ value: from }) => {
      const to = targets.get(from) ?? guessOf(rule, from) ?? ''
      return to === '' ? [] : [[from, to] as const]
    }),
  )
  const correction = correctionOf(props, { spellings, chosen, ifBoth, value })
  const missingWhy =
    problem === 'wrong-value' ? texts.fixNothing : problem === 'missing' ? texts.fixValueMissing : texts.fixTooMany
  return (
    <Dialog title={texts.fixTitle(key, words[problem])} isOpen onClose={onClose} width="w-[34rem]">
      {problem === 'wrong-case' && (
        <CaseFields keyName={key} spellings={spellings ?? []} ifBoth={ifBoth} onIfBoth={setIfBoth} />
      )}
      {problem === 'wrong-value' && (
        <ValueFields
          rule={rule}
          values={values}
          more={wrong.data?.facets?.[0]?.more ?? 0}
          targets={chosen}
          onTarget={(from, to) => setTargets(new Map(targets).set(from, to))}
        />
      )}
      {problem === 'missing' && (
        <MissingFields rule={rule} count={wrong.data?.total_count} value={value} onChange={setValue} />
      )}
      {make.isError && <ErrorNotice error={make.error} />}
      <p className="text-small text-ink-3">{texts.fixAbout}</p>
      <div className="flex justify-end gap-2">
        <Button onPress={onClose}>{shared.cancel}</Button>
        <Button
          variant="solid"
          isPending={make.isPending}
          why={whyNot('tagwerk:plans:create') ?? (correction === undefined ? missingWhy : undefined)}
          onPress={() => correction && make.mutate({ ...correction, note: texts.fixTitle(key, words[problem]) })}
        >
          {texts.makePlan}
        </Button>
      </div>
    </Dialog>
  )
}

type Choices = {
  readonly spellings: readonly string[] | undefined
  readonly chosen: ReadonlyMap<string, string>
  readonly ifBoth: IfBoth
  readonly value: string
}

function correctionOf({ rule, problem, type, types }: Props, choices: Choices): Correction | undefined {
  const key = rule.tag_key
  const { spellings, chosen, ifBoth, value } = choices
  switch (problem) {
    case 'wrong-case': {
      if (spellings === undefined || spellings.length === 0 || spellings.length > ACTIONS_MAX) return undefined
      const actions = spellings.map((from) => ({ rename_key: { from, to: key, if_both: ifBoth } }))
      return { filter: keysFilter(spellings, type), actions }
    }
    case 'wrong-value': {
      const actions = valueActions(key, chosen)
      if (actions.length === 0 || actions.length > ACTIONS_MAX) return undefined
      return { filter: valuesFilter(key, [...chosen.keys()], type), actions }
    }
    case 'missing': {
      if (spellings === undefined || value === '' || !isAllowed(rule, value)) return undefined
      const filter = problemFilter(rule, 'missing', { types, type, spellings })
      return { filter, actions: [{ set: { [key]: value }, only_if_absent: true }] }
    }
  }
}

/** Makes a plan, and opens it. */
function useMakePlan() {
  const { id } = useProject()
  const href = useHref()
  return useMutation({
    mutationFn: ({ filter, actions, note }: Correction & { readonly note: string }) => {
      const params = { path: { project_id: id } }
      const body = { select: { filter }, actions: [...actions], note }
      return answerOf(api.POST('/tagwerk/v1/{project_id}/plans', { params, body }))
    },
    onSuccess: (plan) => href.open(pathOf('plans', plan.id)),
  })
}
