import { Link } from 'react-aria-components'
import { useHref } from '../hrefs.ts'
import { useFormat } from '../text/format.ts'
import { useTypeName } from '../text/resource-types.ts'
import { useTexts } from '../text/texts.ts'
import type { TableColumn } from '../ui/data-table.tsx'
import { Badge, Meter } from '../ui/marks.tsx'
import { type Rule, ruleOf, type TagKey, type Trend } from './queries.ts'
import { Sparkline } from './sparkline.tsx'
import { tagsTexts } from './texts.ts'

/** What is known of keys besides the list of them; each part comes when it is there. */
export type KeyFacts = {
  /** Of the project. */
  readonly resources: number | undefined
  readonly trends: ReadonlyMap<string, Trend>
  readonly valueCounts: ReadonlyMap<string, number>
  readonly rules: readonly Rule[] | undefined
  readonly nearKeys: ReadonlySet<string | undefined>
}

/** The columns of the table of keys. */
export function useKeyColumns(facts: KeyFacts): readonly TableColumn<TagKey>[] {
  const texts = useTexts(tagsTexts)
  const format = useFormat()
  const typeName = useTypeName()
  const typesOf = ({ counts }: TagKey) =>
    Object.entries(counts)
      .sort(([, a], [, b]) => b - a)
      .map(([type]) => typeName(type))
      .join(', ')
  return [
    {
      id: 'key',
      name: texts.key,
      width: '3fr',
      minWidth: 160,
      isRowHeader: true,
      title: ({ key }) => key,
      cell: ({ key }) => (
        <>
          <span className="font-mono font-medium">{key}</span> {facts.nearKeys.has(key) && <NearMark />}
        </>
      ),
    },
    {
      id: 'coverage',
      name: texts.coverage,
      width: 176,
      cell: ({ total_count }) => <Coverage share={shareOf(total_count, facts.resources)} />,
    },
    {
      id: 'resources',
      name: texts.resources,
      width: 96,
      isNumber: true,
      cell: ({ total_count }) => format.number(total_count),
    },
    {
      id: 'values',
      name: texts.values,
      width: 88,
      isNumber: true,
      cell: ({ key }) => {
        const count = facts.valueCounts.get(key)
        return count === undefined ? '' : format.number(count)
      },
    },
    { id: 'trend', name: texts.trend, width: 104, cell: ({ key }) => <Sparkline trend={facts.trends.get(key)} /> },
    { id: 'types', name: texts.types, width: '2fr', minWidth: 120, title: typesOf, cell: typesOf },
    { id: 'policy', name: texts.policy, width: 112, cell: ({ key }) => <RuleMark rule={ruleOf(facts.rules, key)} /> },
  ]
}

function shareOf(count: number, all: number | undefined): number | undefined {
  // The list and the size of the project are asked for at different moments.
  return all === undefined || all === 0 ? undefined : Math.min(1, count / all)
}

function Coverage({ share }: { readonly share: number | undefined }) {
  const format = useFormat()
  if (share === undefined) return null
  return (
    <span className="flex items-center gap-2">
      <Meter share={share} className="w-24" />
      <span className="text-ink-2 tabular-nums">{format.percent(share)}</span>
    </span>
  )
}

/** Says that other spellings of a key are in use, and leads there. */
export function NearMark() {
  const texts = useTexts(tagsTexts)
  const href = useHref()
  return (
    <Link
      href={href('clean-up')}
      {...{ excludeFromTabOrder: true }}
      aria-label={texts.near}
      {...{ title: texts.near }}
      className="rounded-mark bg-warn-tint px-1 text-small text-warn focus-ring-inside"
    >
      ≈
    </Link>
  )
}

/** What a policy does about a key. */
export function RuleMark({ rule }: { readonly rule: Rule | undefined }) {
  const texts = useTexts(tagsTexts)
  if (rule === undefined) return null
  if (rule.enforced_for.length > 0) return <Badge tone="accent">{texts.enforced}</Badge>
  return <Badge>{rule.report_required_tag_for.length > 0 ? texts.required : texts.reported}</Badge>
}
