import { useState } from 'react'
import { useHref } from '../hrefs.ts'
import { useFormat } from '../text/format.ts'
import { useTypeName } from '../text/resource-types.ts'
import { useTexts } from '../text/texts.ts'
import { Button, ButtonLink } from '../ui/button.tsx'
import { Drawer } from '../ui/drawer.tsx'
import { TagValue } from '../ui/marks.tsx'
import { ErrorNotice, LoadingLine } from '../ui/states.tsx'
import {
  type Board,
  type BoardRow,
  type Cell,
  compliantFilter,
  isEnforced,
  isRequired,
  keyFilter,
} from './board-model.ts'
import { FixDialog } from './fix-dialog.tsx'
import { PoliciesOfKey } from './policies-of-key.tsx'
import { type Rule, useCompliance, useProblemCounts } from './queries.ts'
import { PROBLEMS, type Problem } from './search.ts'
import { policiesTexts } from './texts.ts'
import { useSpellings } from './use-spellings.ts'

type Props = {
  readonly board: Board
  readonly row: BoardRow
  readonly cell: Cell
  readonly onClose: () => void
}

/** What stands behind a cell: who complies, who does not and how that is put right, and the policy. */
export function CellPanel({ board, row, cell, onClose }: Props) {
  const texts = useTexts(policiesTexts)
  const typeName = useTypeName()
  const name = cell.type === undefined ? texts.everyType : typeName(cell.type)
  const { key, rule } = row
  const heading = (
    <h2 className="text-lead font-semibold wrap-anywhere">
      <span className="font-mono">{key}</span> <span className="font-normal text-ink-3">{texts.on}</span> {name}
    </h2>
  )
  return (
    <Drawer label={texts.cellLabel(key, name)} heading={heading} onClose={onClose}>
      <div className="flex flex-col gap-4 px-4 py-3">
        {rule === undefined ? (
          <Unruled keyName={key} cell={cell} />
        ) : (
          <>
            <Counts board={board} rule={rule} cell={cell} />
            <RuleFacts rule={rule} type={cell.type} />
          </>
        )}
        <PoliciesOfKey keyName={key} />
      </div>
    </Drawer>
  )
}

/** A key that no policy names: who has it. */
function Unruled({ keyName, cell: { type, resources, tagged } }: { readonly keyName: string; readonly cell: Cell }) {
  const texts = useTexts(policiesTexts)
  const href = useHref()
  return (
    <table className="text-body">
      <tbody>
        <CountRow dot="bg-good" name={texts.hasKey} count={tagged}>
          <ListLink name={texts.hasKey} href={href('explore', { filter: keyFilter(keyName, true, type) })} />
        </CountRow>
        <CountRow dot="bg-control" name={texts.lacksKey} count={resources - tagged}>
          <ListLink name={texts.lacksKey} href={href('explore', { filter: keyFilter(keyName, false, type) })} />
        </CountRow>
      </tbody>
    </table>
  )
}

const DOTS: Readonly<Record<Problem, string>> = {
  missing: 'bg-bad',
  'wrong-value': 'bg-warn',
  'wrong-case': 'bg-plot-1',
}

function Counts({ board, rule, cell }: { readonly board: Board; readonly rule: Rule; readonly cell: Cell }) {
  const texts = useTexts(policiesTexts)
  const href = useHref()
  const { type } = cell
  const key = rule.tag_key
  const [fixed, setFixed] = useState<Problem>()
  const compliance = useCompliance(true)
  const any = useProblemCounts({ key, type }, undefined)
  const ofKey = compliance.data?.keys.find((each) => each.key === key)
  const counts = type === undefined ? ofKey : ofKey?.types.find(({ resource_type }) => resource_type === type)
  const types = board.types.map((each) => each.type)
  const spellings = useSpellings(key, type, (counts?.['wrong-case'] ?? 0) > 0)
  const failed = [compliance, any].find(({ isError }) => isError)
  if (failed !== undefined) return <ErrorNotice error={failed.error} onRetry={() => void failed.refetch()} />
  const isOver = PROBLEMS.reduce((sum, problem) => sum + (counts?.[problem] ?? 0), 0) > (any.data?.total_count ?? 0)
  return (
    <div>
      <LoadingLine isLoading={any.data === undefined || compliance.data === undefined} />
      <table className="w-full text-body">
        <tbody>
          <CountRow dot="bg-good" name={texts.compliant} count={any.data && cell.resources - any.data.total_count}>
            {spellings !== undefined && cell.resources > (any.data?.total_count ?? 0) && (
              <ListLink
                name={texts.compliant}
                href={href('explore', { filter: compliantFilter(rule, { types, type, spellings }) })}
              />
            )}
          </CountRow>
          {PROBLEMS.map((problem) => {
            const count = compliance.data && (counts?.[problem] ?? 0)
            return (
              <CountRow key={problem} dot={DOTS[problem]} name={texts[problem]} count={count}>
                {count !== undefined && count > 0 && (
                  <>
                    <ListLink name={texts[problem]} href={href('policies/problems', { key, type, problem })} />
                    <Button
                      variant="quiet"
                      size="small"
                      label={texts.fixOf(texts[problem])}
                      onPress={() => setFixed(problem)}
                    >
                      {texts.fix}
                    </Button>
                  </>
                )}
              </CountRow>
            )
          })}
        </tbody>
      </table>
      {isOver && any.data !== undefined && <p className="pt-1 text-small text-ink-3">{texts.mayOverlap}</p>}
      {fixed !== undefined && (
        <FixDialog rule={rule} problem={fixed} type={type} types={types} onClose={() => setFixed(undefined)} />
      )}
    </div>
  )
}

function CountRow({
  dot,
  name,
  count,
  children,
}: {
  readonly dot: string
  readonly name: string
  readonly count: number | undefined
  readonly children?: React.ReactNode
}) {
  const format = useFormat()
  return (
    <tr className="h-8">
      <th scope="row" className="text-left font-normal">
        <span className="flex items-center gap-2">
          <span className={`size-2 shrink-0 rounded-full ${dot}`} aria-hidden="true" />
          {name}
        </span>
      </th>
      <td className="px-2 text-right font-mono tabular-nums">{count === undefined ? '…' : format.number(count)}</td>
      <td className="w-28">
        <span className="flex items-center justify-start gap-1">{children}</span>
      </td>
    </tr>
  )
}

function ListLink({ name, href }: { readonly name: string; readonly href: string }) {
  const texts = useTexts(policiesTexts)
  return (
    <ButtonLink variant="quiet" size="small" href={href} label={texts.listOf(name)}>
      {texts.list}
    </ButtonLink>
  )
}

/** What the rules demand for the key, and of this type. */
function RuleFacts({ rule, type }: { readonly rule: Rule; readonly type: string | undefined }) {
  const texts = useTexts(policiesTexts)
  const word = (is: boolean) => (is ? texts.yes : texts.no)
  const facts: readonly (readonly [name: string, content: React.ReactNode])[] = [
    [texts.allowedValues, <AllowedValues key="values" values={rule.tag_value} />],
    [texts.isEnforced, word(isEnforced(rule, type))],
    [texts.isRequired, word(isRequired(rule, type))],
    ...(rule.required_on_create ? [[texts.requiredOnCreate, texts.yes] as const] : []),
  ]
  return (
    <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 border-t border-line pt-3 text-small">
      {facts.map(([name, content]) => (
        <div key={name} className="col-span-2 grid grid-cols-subgrid">
          <dt className="text-ink-3">{name}</dt>
          <dd className="min-w-0">{content}</dd>
        </div>
      ))}
    </dl>
  )
}

/** The values of a rule; a `*` stands for any text. */
export function AllowedValues({ values }: { readonly values: readonly string[] | undefined }) {
  const texts = useTexts(policiesTexts)
  if (values === undefined) return <span className="text-ink-3">{texts.anyValue}</span>
  return (
    <span className="flex flex-wrap gap-x-1.5 gap-y-0.5">
      {values.map((value) => (
        <span key={value} className="rounded-mark bg-hover px-1 wrap-anywhere">
          <TagValue value={value} />
        </span>
      ))}
    </span>
  )
}
