import { useFormat } from '../text/format.ts'
import { useTexts } from '../text/texts.ts'
import { type Group, tagVerbOf } from './groups.ts'
import { activityTexts } from './texts.ts'

const KEYS_NAMED = 3

/** Gives the function that says what a group did, such as "changed env on 228 resources". */
export function useSentence(): (group: Group) => string {
  const texts = useTexts(activityTexts)
  const format = useFormat()
  const resources = (count: number) => (count === 1 ? texts.oneResource : texts.resources(format.number(count)))
  const keysOf = ({ keys, more_keys: moreKeys }: Group) => {
    const rest = Math.max(0, keys.length - KEYS_NAMED) + moreKeys
    const names = keys.slice(0, KEYS_NAMED).map(({ key }) => key)
    return format.list([...names, ...(rest > 0 ? [texts.moreKeys(format.number(rest))] : [])], 'and')
  }
  return (group) => {
    const { created, updated, deleted, resources: count, resource_name: name, keys } = group
    const what = (part: number) => {
      if (count === 1 && name !== '') return name
      return group.may_continue && part === group.changes ? texts.atLeast(format.number(count)) : resources(part)
    }
    const parts = [
      ...(created > 0 ? [texts.registered(what(created))] : []),
      // Of a group that also registers, the keys are mostly those of the new resources.
      ...(updated > 0 && keys.length > 0 && created === 0
        ? [texts.tagsOn(texts[tagVerbOf(group)], keysOf(group), what(updated))]
        : []),
      ...(updated > 0 && (keys.length === 0 || created > 0) ? [texts.edited(what(updated))] : []),
      ...(deleted > 0 ? [texts.deleted(what(deleted))] : []),
    ]
    return format.list(parts, 'and')
  }
}
