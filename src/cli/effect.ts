import { type ChangeEffect, type EffectPart, partsOf } from '../core/change-effect.ts'
import type { Tag } from './resources.ts'

/** What a change did to a resource, as answers of the service say it. */
export type EffectJson = {
  readonly effect: ChangeEffect['effect']
  readonly name?: { readonly before: string; readonly after: string }
  readonly detail_members?: readonly string[]
  readonly tags_added: readonly Tag[]
  readonly tags_changed: readonly { readonly key: string; readonly before: string; readonly after: string }[]
  readonly tags_removed: readonly Tag[]
}

/** Gives the parts of an effect in words, such as `name "a" -> "b"`, `+env=prod`, `team=web -> ops` and `-tmp=1`. */
export function effectTexts(effect: Omit<EffectJson, 'effect'>): string[] {
  const { name, detail_members, tags_added, tags_changed, tags_removed } = effect
  return [
    ...(name === undefined ? [] : [`name ${JSON.stringify(name.before)} -> ${JSON.stringify(name.after)}`]),
    ...(detail_members === undefined ? [] : [`detail (${detail_members.join(', ')})`]),
    ...tags_added.map(({ key, value }) => `+${key}=${value}`),
    ...tags_changed.map(({ key, before, after }) => `${key}=${before} -> ${after}`),
    ...tags_removed.map(({ key, value }) => `-${key}=${value}`),
  ]
}

/** Gives the parts of an effect as rows of cells. */
export function effectRows(effect: Omit<EffectJson, 'effect'>): readonly EffectPart[] {
  const { name, detail_members, tags_added, tags_changed, tags_removed } = effect
  return partsOf({
    ...(name !== undefined && { name }),
    ...(detail_members !== undefined && { detailMembers: detail_members }),
    tagsAdded: tags_added,
    tagsChanged: tags_changed,
    tagsRemoved: tags_removed,
  })
}
