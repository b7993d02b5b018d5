import { useFormat } from '../text/format.ts'
import { useTypeName } from '../text/resource-types.ts'
import { useTexts } from '../text/texts.ts'
import type { Plan } from './plan-types.ts'
import { plansTexts } from './texts.ts'

export type PlanCounts = { readonly changes: number; readonly refused: number; readonly conflicts: number }

/** The numbers of a plan: what it changes, what it leaves alone and why. */
export function countsOf({ summary, applied }: Plan): PlanCounts {
  const skipped = applied?.conflicts ?? 0
  return {
    changes: summary.changes - skipped,
    refused: summary.refused,
    conflicts: summary.conflicts + skipped,
  }
}

/** Larger numbers do not fit in the size of a figure. */
const FIGURE_MAX = 10_000

/** Three figures. `conflicts`: those that a refused call of apply has found. */
export function Figures({
  counts,
  conflicts,
}: {
  readonly counts: PlanCounts
  readonly conflicts: number | undefined
}) {
  const texts = useTexts(plansTexts)
  const format = useFormat()
  const figures = [
    [texts.changes, counts.changes, 'text-ink'],
    [texts.refused, counts.refused, 'text-warn'],
    [texts.conflicts, conflicts ?? counts.conflicts, 'text-bad'],
  ] as const
  return (
    <dl aria-label={texts.figures} className="grid grid-cols-3 gap-2">
      {figures.map(([name, value, look]) => (
        <div key={name} className="flex flex-col-reverse rounded-card border border-line bg-surface px-3 py-2">
          <dt className="text-small text-ink-2">{name}</dt>
          <dd
            className={`${value < FIGURE_MAX ? 'text-figure' : 'text-lead leading-7'} font-semibold tabular-nums ${value === 0 ? 'text-ink-3' : look}`}
          >
            {format.number(value)}
          </dd>
        </div>
      ))}
    </dl>
  )
}

/** On how many resources each key is removed, added and changed. */
export function KeyTable({ plan }: { readonly plan: Plan }) {
  const texts = useTexts(plansTexts)
  const typeName = useTypeName()
  const format = useFormat()
  const { keys, types, more_keys } = plan.summary
  const rows = Object.entries(keys).sort(([a], [b]) => (a < b ? -1 : 1))
  if (rows.length === 0) return null
  return (
    <section aria-label={texts.byKey} className="flex flex-col gap-1">
      <h2 className="text-body font-semibold">{texts.byKey}</h2>
      <table className="w-full text-body">
        <thead>
          <tr className="border-b border-line text-ink-2">
            <th scope="col" className="py-1 text-left font-normal">
              {texts.key}
            </th>
            <SignHead sign="−" name={texts.removed} />
            <SignHead sign="+" name={texts.added} />
            <SignHead sign="~" name={texts.changed} />
          </tr>
        </thead>
        <tbody>
          {rows.map(([key, { added, removed, changed }]) => (
            <tr key={key}>
              <th
                scope="row"
                className="max-w-0 truncate py-0.5 text-left font-mono text-small font-normal"
                title={key}
              >
                {key}
              </th>
              <SignCell value={removed} look="text-bad" />
              <SignCell value={added} look="text-good" />
              <SignCell value={changed} look="text-warn" />
            </tr>
          ))}
        </tbody>
      </table>
      {more_keys > 0 && <p className="text-small text-ink-2">{texts.moreKeys(format.number(more_keys))}</p>}
      <p className="text-small text-ink-3">
        {Object.entries(types)
          .map(([type, count]) => `${typeName(type)} ${format.number(count)}`)
          .join(' · ')}
      </p>
    </section>
  )
}

function SignHead({ sign, name }: { readonly sign: string; readonly name: string }) {
  return (
    <th scope="col" className="w-14 py-1 text-right font-normal">
      <span aria-hidden="true">{sign}</span>
      <span className="sr-only">{name}</span>
    </th>
  )
}

function SignCell({ value, look }: { readonly value: number; readonly look: string }) {
  const format = useFormat()
  return <td className={`text-right tabular-nums ${look}`}>{value === 0 ? '' : format.number(value)}</td>
}
