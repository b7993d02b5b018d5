import { useSession } from '../session/session.ts'
import { useFormat } from '../text/format.ts'
import { useTexts } from '../text/texts.ts'
import { originOf, type Plan, type PlanAction } from './plan-types.ts'
import { plansTexts } from './texts.ts'

type Words = ReturnType<typeof useTexts<typeof plansTexts.en>>

/** Gives the function that names a plan: by its note, or else by what it does. */
export function usePlanTitle(): (plan: Plan) => string {
  const texts = useTexts(plansTexts)
  const format = useFormat()
  return (plan) => {
    if (plan.note !== undefined && plan.note !== '') return plan.note
    if (plan.undo_of !== undefined) return texts.undoOf
    const [first, ...more] = originOf(plan)?.actions ?? []
    if (first === undefined) return texts.fromFile
    const words = wordsOf(first, texts)
    return more.length === 0 ? words : texts.andMore(words, format.number(more.length))
  }
}

function wordsOf({ rename_key, map_value, set, remove, change_case }: PlanAction, texts: Words): string {
  if (rename_key) return texts.rename(rename_key.from, rename_key.to)
  if (map_value) return texts.mapValues(map_value.key, map_value.from.join(', '), map_value.to)
  if (set) return texts.set(pairs(set))
  if (remove)
    return texts.remove([...(remove.keys ?? []), pairs(remove.tags ?? {})].filter((one) => one !== '').join(', '))
  return change_case?.to === 'upper' ? texts.upper(change_case.key) : texts.lower(change_case?.key ?? '')
}

function pairs(tags: Readonly<Record<string, string>>): string {
  return Object.entries(tags)
    .map(([key, value]) => `${key}=${value}`)
    .join(', ')
}

/** Gives the function that names a user, whose name is unknown where only an id is told, and null for one that is gone. */
export function useUserName(): (id: string, name?: string | null) => string {
  const { user } = useSession()
  const texts = useTexts(plansTexts)
  return (id, name) => (id === user.id ? texts.you(user.name) : (name ?? id.slice(0, SHORT_LENGTH)))
}

const SHORT_LENGTH = 8

/** The state of a plan in words, with its tone. */
export function usePlanState(): (plan: Plan) => { readonly words: string; readonly tone: 'accent' | 'good' | 'warn' } {
  const texts = useTexts(plansTexts)
  return ({ state }) => {
    if (state === 'applied') return { words: texts.applied, tone: 'good' }
    return state === 'planned' ? { words: texts.planned, tone: 'accent' } : { words: texts.partlyApplied, tone: 'warn' }
  }
}
