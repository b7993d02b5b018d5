import type { PlanAction, PlanItem } from './plan-types.ts'

/** One line of what happens to a resource. A tag that stays has no value if the plan does not know it. */
export type DiffLine = {
  readonly kind: 'removed' | 'added' | 'stays'
  readonly key: string
  readonly value?: string
}

/** Resources to which the same happens. */
export type ItemGroup = {
  readonly id: string
  readonly code: string | undefined
  readonly lines: readonly DiffLine[]
  readonly items: readonly PlanItem[]
}

/** The keys that the actions of a plan rename, with what they become. */
export type Renames = ReadonlyMap<string, string>

export function renamesOf(actions: readonly PlanAction[]): Renames {
  return new Map(actions.flatMap(({ rename_key }) => (rename_key ? [[rename_key.from, rename_key.to] as const] : [])))
}

/**
 * What happens to the tags of a resource, line by line. The new key of a renamed one follows it; where a resource has both,
 * the one that it keeps is a line that stays.
 */
export function linesOf({ expect, patch }: Pick<PlanItem, 'expect' | 'patch'>, renames: Renames): readonly DiffLine[] {
  const changes = Object.keys(patch).map((key) => ({
    key,
    before: expect[key] ?? undefined,
    after: patch[key] ?? undefined,
  }))
  const added = changes.filter(({ before, after }) => before === undefined && after !== undefined)
  const lines: DiffLine[] = []
  for (const { key, before, after } of changes) {
    if (before === undefined) continue
    if (before === after) {
      lines.push({ kind: 'stays', key, value: before })
      continue
    }
    lines.push({ kind: 'removed', key, value: before })
    if (after !== undefined) {
      lines.push({ kind: 'added', key, value: after })
      continue
    }
    const renamed = renames.get(key)
    // A plan that takes back another has no actions: the same value says that a key got its name back.
    const at = added.findIndex((one) => (renamed === undefined ? one.after === before : one.key === renamed))
    const [next] = at < 0 ? [] : added.splice(at, 1)
    if (next !== undefined) lines.push({ kind: 'added', key: next.key, value: next.after ?? '' })
    else if (renamed !== undefined && !(renamed in patch)) lines.push({ kind: 'stays', key: renamed })
  }
  for (const { key, after = '' } of added) lines.push({ kind: 'added', key, value: after })
  return lines
}

/** Puts items together to which the same happens for the same reason, the largest group first. */
export function groupItems(items: readonly PlanItem[], renames: Renames): readonly ItemGroup[] {
  const groups = new Map<string, ItemGroup & { readonly items: PlanItem[] }>()
  for (const item of items) {
    const lines = linesOf(item, renames)
    const id = JSON.stringify([item.error_code ?? '', ...lines.map(({ kind, key, value }) => [kind, key, value])])
    const known = groups.get(id)
    if (known === undefined) groups.set(id, { id, code: item.error_code, lines, items: [item] })
    else known.items.push(item)
  }
  return [...groups.values()].sort((a, b) => b.items.length - a.items.length)
}
