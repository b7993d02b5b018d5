import type { Expression } from '../../../src/core/expression/expression.ts'
import { type Chip, chipsOf, textOfFilter } from '../query/chips.ts'
import { withoutCondition } from '../query/facets.ts'
import { useWording } from '../query/wording.ts'
import { sentenceOf } from '../query/words.ts'
import { useFormat } from '../text/format.ts'
import { useTypeName } from '../text/resource-types.ts'
import { useTexts } from '../text/texts.ts'
import { Button } from '../ui/button.tsx'
import { EmptyState } from '../ui/states.tsx'
import { type Condition, useCounts } from './queries.ts'
import type { ChangeSearch, ExploreSearch } from './search.ts'
import { exploreTexts } from './texts.ts'

/** Conditions whose absence is counted. */
const COUNTED_MAX = 8

/** What to take away, when nothing matches: each condition with the number of matches without it. */
export function NoMatch({
  expression,
  condition,
  change,
}: {
  readonly expression: Expression
  readonly condition: Condition
  readonly change: ChangeSearch
}) {
  const texts = useTexts(exploreTexts)
  const format = useFormat()
  const ways = useWays(expression, condition)
  const counts = useCounts(ways.map((way) => ({ ...condition, ...way.changes })))
  const counted = ways.map((way, at) => ({ ...way, count: counts[at] }))
  const useful = counted.filter(({ count }) => count !== 0)
  if (ways.length === 0) return <EmptyState title={texts.emptyProject}>{texts.emptyProjectHint}</EmptyState>
  return (
    <EmptyState title={texts.nothing}>
      <p className="pb-2">{useful.length === 0 ? texts.nothingEither : texts.nothingHint}</p>
      <ul className="flex flex-col items-center gap-1.5">
        {(useful.length === 0 ? counted : useful).map(({ words, changes, count }) => (
          <li key={words}>
            <Button onPress={() => change(changes)}>
              <span className="max-w-72 truncate">{texts.without(words)}</span>
              <span className="text-ink-2 tabular-nums">
                {count === undefined ? '' : texts.match(format.number(count))}
              </span>
            </Button>
          </li>
        ))}
      </ul>
    </EmptyState>
  )
}

type Way = {
  readonly words: string
  readonly changes: Partial<ExploreSearch> & Partial<Pick<Condition, 'filter' | 'types'>>
}

function useWays(expression: Expression, { types }: Condition): readonly Way[] {
  const texts = useTexts(exploreTexts)
  const wording = useWording()
  const typeName = useTypeName()
  const format = useFormat()
  const chips: readonly Chip[] = chipsOf(expression).slice(0, COUNTED_MAX)
  return [
    ...chips.map((chip, at) => ({
      words: sentenceOf(chip, wording),
      changes: { filter: textOfFilter(withoutCondition(expression, at)) },
    })),
    ...(types.length === 0
      ? []
      : [{ words: `${texts.type}: ${format.list(types.map(typeName), 'or')}`, changes: { types: [] } }]),
  ]
}
