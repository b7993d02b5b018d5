import { useInfiniteQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { ChevronLeft } from 'lucide-react'
import { useState } from 'react'
import { Link } from 'react-aria-components'
import { foldKeyCase } from '../../../src/core/policy/tag-policy.ts'
import { answerOf, api } from '../api/client.ts'
import { useHref } from '../hrefs.ts'
import { OpenResource } from '../resource/resource-drawer.tsx'
import { resourceText } from '../resource/resource-id.ts'
import { useOpenResource } from '../resource/search.ts'
import { useProject } from '../session/project.ts'
import { useTitle } from '../shell/title.ts'
import { useFormat } from '../text/format.ts'
import { useTypeName } from '../text/resource-types.ts'
import { useTexts } from '../text/texts.ts'
import { Button, ButtonLink } from '../ui/button.tsx'
import { Segments } from '../ui/choice.tsx'
import { CopyAs, shellQuoted } from '../ui/copy-as.tsx'
import { DataTable, type TableColumn } from '../ui/data-table.tsx'
import { TagValue } from '../ui/marks.tsx'
import { EmptyState, ErrorNotice, Loading, LoadingLine } from '../ui/states.tsx'
import { boardOf, problemFilter, problemsWith } from './board-model.ts'
import { ExportProblems } from './export-problems.tsx'
import { FixDialog } from './fix-dialog.tsx'
import { type ProblemFilter, problemsBody, type Rule, useCoverage, useEffectiveRules } from './queries.ts'
import { PROBLEMS, type Problem, readSearch } from './search.ts'
import { policiesTexts } from './texts.ts'
import { useSpellings } from './use-spellings.ts'

const PAGE = 200

/** The resources that do not comply with the policies that apply: of a key, with one kind of problem or any. */
export function Problems() {
  const texts = useTexts(policiesTexts)
  const href = useHref()
  const format = useFormat()
  const typeName = useTypeName()
  const { key, type, problem } = readSearch(useSearch({ strict: false }))
  const filter: ProblemFilter = { key, type, problem }
  const pages = usePages(filter)
  const typeWords = type === undefined ? texts.everyType : typeName(type)
  const title = texts.problemsOf(key ?? texts.anyKey, typeWords)
  useTitle(`${texts.problems}: ${title}`)
  const [first] = pages.data?.pages ?? []
  const options = [{ id: 'any' as const, label: texts.anyProblem }, ...PROBLEMS.map((id) => ({ id, label: texts[id] }))]
  return (
    <>
      <header className="flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line bg-surface px-4 py-2">
        <div className="min-w-0">
          <BackLink href={href('policies', key === undefined ? {} : { key, type })}>{texts.back}</BackLink>
          <h1 className="text-title font-semibold wrap-anywhere">{title}</h1>
          <p className="text-small text-ink-2 tabular-nums" role="status">
            {first && texts.found(format.number(first.total_count), format.number(first.revision))}
          </p>
        </div>
        <div className="ml-auto flex flex-wrap items-center gap-2">
          <Segments
            label={texts.problem}
            options={options}
            value={problem ?? 'any'}
            onChange={(next) =>
              href.open('policies/problems', { key, type, problem: next === 'any' ? undefined : next })
            }
          />
          <RuleActions filter={filter} />
          {first !== undefined && first.total_count > 0 && <ExportProblems filter={filter} />}
          <CopyProblems filter={filter} />
        </div>
      </header>
      <LoadingLine isLoading={pages.isFetching && !pages.isPending} />
      {pages.isError && <ErrorNotice error={pages.error} onRetry={() => void pages.refetch()} />}
      {pages.isPending ? (
        <Loading />
      ) : (
        <div className="relative flex min-h-0 grow">
          <div className="flex min-w-0 grow flex-col">
            <ProblemTable pages={pages} keyName={key} />
          </div>
          <OpenResource />
        </div>
      )}
    </>
  )
}

/** A link up to the page that this one belongs to. */
export function BackLink({ href, children }: { readonly href: string; readonly children: string }) {
  return (
    <Link
      href={href}
      className="inline-flex items-center gap-0.5 rounded-mark text-small text-ink-2 focus-ring data-hovered:text-ink"
    >
      <ChevronLeft className="size-3.5" aria-hidden="true" />
      {children}
    </Link>
  )
}

function usePages(filter: ProblemFilter) {
  const { id } = useProject()
  return useInfiniteQuery({
    queryKey: ['project', id, 'problems', 'pages', filter],
    queryFn: ({ pageParam: after, signal }) => {
      const params = { path: { project_id: id } }
      const body = { ...problemsBody(filter), limit: PAGE, ...(after !== '' && { after }) }
      return answerOf(api.POST('/tagwerk/v1/{project_id}/compliance/resources', { params, body, signal }))
    },
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
    meta: { isLive: true },
  })
}

const NO_RULES: readonly Rule[] = []

type Pages = ReturnType<typeof usePages>
type Found = NonNullable<Pages['data']>['pages'][number]['resources'][number]

function ProblemTable({ pages, keyName }: { readonly pages: Pages; readonly keyName: string | undefined }) {
  const texts = useTexts(policiesTexts)
  const { resource, open } = useOpenResource()
  const typeName = useTypeName()
  const rules = useEffectiveRules().data?.rules ?? NO_RULES
  const items = pages.data?.pages.flatMap(({ resources }) => resources) ?? []
  const columns: readonly TableColumn<Found>[] = [
    {
      id: 'name',
      name: texts.resource,
      cell: ({ resource_name, resource_id }) => <strong className="font-medium">{resource_name || resource_id}</strong>,
      title: ({ resource_name, resource_id }) => resource_name || resource_id,
      width: '2fr',
      isRowHeader: true,
    },
    { id: 'type', name: texts.type, cell: ({ resource_type }) => typeName(resource_type), width: 160 },
    {
      id: 'problem',
      name: texts.problem,
      cell: ({ resource_type: type, tags }) => (
        <span className="text-small">
          {problemsWith(rules, keyName, type, tags)
            .map(({ key, problem }) =>
              keyName === undefined ? texts.problemWith(key, texts[problem]) : texts[problem],
            )
            .join(', ')}
        </span>
      ),
      width: keyName === undefined ? '2fr' : 180,
    },
    {
      id: 'actual',
      name: keyName === undefined ? texts.keys : texts.actual,
      cell: (found) => <ActualTags found={found} keyName={keyName} />,
      width: '3fr',
    },
  ]
  return (
    <DataTable
      label={texts.problems}
      columns={columns}
      items={items}
      idOf={({ resource_type, resource_id }) => `${resource_type}/${resource_id}`}
      nameOf={({ resource_name, resource_id }) => resource_name || resource_id}
      onOpen={({ resource_type: type, resource_id: id }) => open({ type, id })}
      openId={resource && resourceText(resource)}
      onLoadMore={pages.hasNextPage ? () => void pages.fetchNextPage() : undefined}
      isLoadingMore={pages.isFetchingNextPage}
      empty={<EmptyState title={texts.noProblems} />}
    />
  )
}

/** The tags of a resource that a problem may be with: those of the key in any case, or all. */
function ActualTags({ found: { tags }, keyName }: { readonly found: Found; readonly keyName: string | undefined }) {
  const shown = keyName === undefined ? tags : tags.filter(({ key }) => foldKeyCase(key) === foldKeyCase(keyName))
  if (shown.length === 0) return <TagValue value={undefined} />
  return shown.map(({ key, value }) => (
    <span key={key} className="mr-3 font-mono text-small">
      <span className="text-ink-3">{key} = </span>
      <TagValue value={value} />
    </span>
  ))
}

/** Opens the same resources in Explore, and makes the plan that puts them right. */
function RuleActions({ filter: { key, type, problem } }: { readonly filter: ProblemFilter }) {
  const rules = useEffectiveRules().data?.rules
  const rule = rules?.find(({ tag_key }) => tag_key === key)
  if (rule === undefined || problem === undefined) return null
  return <ActionsFor rule={rule} type={type} problem={problem} />
}

function ActionsFor({
  rule,
  type,
  problem,
}: {
  readonly rule: Rule
  readonly type: string | undefined
  readonly problem: Problem
}) {
  const texts = useTexts(policiesTexts)
  const href = useHref()
  const coverage = useCoverage().data
  const [isFixing, setFixing] = useState(false)
  const spellings = useSpellings(rule.tag_key, type, true)
  if (coverage === undefined || spellings === undefined) return null
  const types = boardOf(coverage, []).types.map((each) => each.type)
  return (
    <>
      <ButtonLink href={href('explore', { filter: problemFilter(rule, problem, { types, type, spellings }) })}>
        {texts.openInExplore}
      </ButtonLink>
      <Button label={texts.fixOf(texts[problem])} onPress={() => setFixing(true)}>
        {texts.fix}
      </Button>
      {isFixing && (
        <FixDialog rule={rule} problem={problem} type={type} types={types} onClose={() => setFixing(false)} />
      )}
    </>
  )
}

function CopyProblems({ filter }: { readonly filter: ProblemFilter }) {
  const { id, name } = useProject()
  const type = filter.type === undefined ? '' : ` --type ${shellQuoted(filter.type)}`
  return (
    <CopyAs
      call={{ method: 'POST', path: `/tagwerk/v1/${id}/compliance/resources`, body: problemsBody(filter) }}
      command={`tagwerk policy check --project ${shellQuoted(name)}${type}`}
    />
  )
}
