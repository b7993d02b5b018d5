import { Plus } from 'lucide-react'
import { useHref } from '../hrefs.ts'
import { useProject } from '../session/project.ts'
import { useTitle } from '../shell/title.ts'
import { useFormat } from '../text/format.ts'
import { useTexts } from '../text/texts.ts'
import { ButtonLink } from '../ui/button.tsx'
import { CopyAs, shellQuoted } from '../ui/copy-as.tsx'
import { ErrorNotice, Loading } from '../ui/states.tsx'
import { Tabs } from '../ui/tabs.tsx'
import { BoardTab } from './board.tsx'
import { boardOf } from './board-model.ts'
import { PolicyList } from './policy-list.tsx'
import { useCoverage, useEffectiveRules, usePolicyList } from './queries.ts'
import { RulesTab } from './rules.tsx'
import { type Tab, usePoliciesSearch } from './search.ts'
import { policiesTexts } from './texts.ts'

/** Policies: the board, the stored policies, and what they demand together. */
export function Policies() {
  const texts = useTexts(policiesTexts)
  const format = useFormat()
  const href = useHref()
  const { search, change } = usePoliciesSearch()
  const coverage = useCoverage()
  const effective = useEffectiveRules()
  const lists = [usePolicyList('domain'), usePolicyList('project')]
  useTitle(texts.title)
  const failed = [coverage, effective].find(({ isError, data }) => isError && data === undefined)
  if (failed !== undefined) return <ErrorNotice error={failed.error} onRetry={() => void failed.refetch()} />
  if (coverage.data === undefined || effective.data === undefined) return <Loading />
  const { rules } = effective.data
  const board = boardOf(coverage.data, rules)
  const count = lists.reduce((sum, { data }) => sum + (data?.policies.length ?? 0), 0)
  return (
    <>
      <header className="flex flex-wrap items-center gap-x-4 gap-y-1 bg-surface px-4 pt-2">
        <div>
          <h1 className="text-title font-semibold">{texts.title}</h1>
          <p className="text-small text-ink-2 tabular-nums">
            {texts.summary(format.number(board.rows.length), format.number(board.types.length))}
          </p>
        </div>
        <div className="ml-auto flex items-center gap-2">
          <CopyTab tab={search.tab} />
          <ButtonLink variant="solid" href={href('policies/new')}>
            <Plus className="size-4" aria-hidden="true" />
            {texts.newPolicy}
          </ButtonLink>
        </div>
      </header>
      <div className="flex min-h-0 grow flex-col bg-surface">
        <Tabs<Tab>
          label={texts.title}
          value={search.tab}
          onChange={(tab) => change({ tab })}
          tabs={[
            {
              id: 'board',
              label: texts.board,
              content: <BoardTab board={board} revision={coverage.data.revision} coverage={coverage} />,
            },
            { id: 'policies', label: texts.policies, count: format.number(count), content: <PolicyList /> },
            {
              id: 'rules',
              label: texts.rules,
              count: format.number(rules.length),
              content: <RulesTab effective={effective.data} />,
            },
          ]}
        />
      </div>
    </>
  )
}

/** The call and the command behind each tab. */
function CopyTab({ tab }: { readonly tab: Tab }) {
  const { id, name } = useProject()
  const project = `--project ${shellQuoted(name)}`
  const base = `/tagwerk/v1/${id}`
  switch (tab) {
    case 'board':
      return <CopyAs call={{ method: 'GET', path: `${base}/coverage` }} command={`tagwerk coverage ${project}`} />
    case 'policies':
      return <CopyAs call={{ method: 'GET', path: `${base}/policies` }} command={`tagwerk policy list ${project}`} />
    case 'rules':
      return (
        <CopyAs
          call={{ method: 'GET', path: `${base}/policies/effective` }}
          command={`tagwerk policy show ${project}`}
        />
      )
  }
}
