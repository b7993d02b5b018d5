import { useSearch } from '@tanstack/react-router'
import { useEffect, useMemo, useState } from 'react'
import { useNearDuplicates } from '../clean-up/queries.ts'
import { pathOf, useHref } from '../hrefs.ts'
import { useLive, useProject } from '../session/project.ts'
import { useTitle } from '../shell/title.ts'
import { useTexts } from '../text/texts.ts'
import { ButtonLink } from '../ui/button.tsx'
import { Segments } from '../ui/choice.tsx'
import { CopyAs, CopyButton, shellQuoted } from '../ui/copy-as.tsx'
import { DataTable } from '../ui/data-table.tsx'
import { SearchField } from '../ui/fields.tsx'
import { EmptyState, ErrorNotice, Loading, LoadingLine } from '../ui/states.tsx'
import { useKeyColumns } from './key-columns.tsx'
import { useRules, useTrends, useValueCounts } from './queries.ts'
import { fromTagsSearch, type TagsSearch, toTagsSearch } from './search.ts'
import { tagsTexts } from './texts.ts'
import { useKeyList } from './use-key-list.ts'

/** The keys in use. */
export function Tags() {
  const texts = useTexts(tagsTexts)
  const href = useHref()
  const project = useProject()
  const search = toTagsSearch(useSearch({ strict: false }))
  const { keys, pages, isFetching, error, onRetry, onLoadMore, isAll } = useKeyList(search)
  const live = useLive(project).data
  const near = useNearDuplicates(undefined, false).data?.groups
  const facts = {
    resources: live?.resources,
    trends: useTrends(pages),
    valueCounts: useValueCounts(pages),
    rules: useRules().data,
    nearKeys: useMemo(() => new Set(near?.flatMap(({ members }) => members.map(({ key }) => key))), [near]),
  }
  const columns = useKeyColumns(facts)
  useTitle(texts.title)
  return (
    <>
      <TagsHead search={search} />
      {error !== null && <ErrorNotice error={error} onRetry={onRetry} />}
      {keys === undefined && error === null && <Loading />}
      <LoadingLine isLoading={isFetching && keys !== undefined} />
      {!isAll && <p className="border-b border-line px-4 py-1.5 text-small text-ink-2">{texts.manyKeys}</p>}
      {keys?.length === 0 && <NoKeys prefix={search.prefix} resources={live?.resources} />}
      {keys !== undefined && keys.length > 0 && (
        <DataTable
          label={texts.title}
          columns={columns}
          items={keys}
          idOf={({ key }) => key}
          nameOf={({ key }) => key}
          onOpen={({ key }) => href.open(pathOf('tags', key))}
          onLoadMore={onLoadMore}
          isLoadingMore={isFetching}
        />
      )}
    </>
  )
}

const TYPING_MS = 300

function TagsHead({ search }: { readonly search: TagsSearch }) {
  const { prefix, order } = search
  const texts = useTexts(tagsTexts)
  const href = useHref()
  const { id } = useProject()
  const [typed, setTyped] = useState(prefix)
  useEffect(() => setTyped(prefix), [prefix])
  useEffect(() => {
    if (typed === prefix) return
    const timer = setTimeout(() => href.open('tags', fromTagsSearch({ prefix: typed, order })), TYPING_MS)
    return () => clearTimeout(timer)
  }, [typed, prefix, order, href])
  const query = prefix === '' ? '' : `?${new URLSearchParams({ prefix })}`
  const words = ['tagwerk keys', `--sort ${order}`]
  if (prefix !== '') words.push(`--prefix ${shellQuoted(prefix)}`)
  return (
    <header className="flex min-h-14 shrink-0 flex-wrap items-center justify-between gap-2 border-b border-line bg-surface px-4 py-2">
      <div>
        <h1 className="text-title font-semibold">{texts.title}</h1>
        <p className="text-small text-ink-2">{texts.about}</p>
      </div>
      <div className="flex flex-wrap items-center gap-2">
        <CopyAs call={{ method: 'GET', path: `/tagwerk/v1/${id}/tag-keys${query}` }} command={words.join(' ')} />
        <Segments
          label={texts.order}
          options={[
            { id: 'count', label: texts.byCount },
            { id: 'name', label: texts.byName },
          ]}
          value={order}
          onChange={(next) => href.open('tags', fromTagsSearch({ ...search, order: next }))}
        />
        <div className="w-56">
          <SearchField label={texts.search} clearLabel={texts.clear} value={typed} onChange={setTyped} />
        </div>
      </div>
    </header>
  )
}

const IMPORT = 'tagwerk import resources.csv'

function NoKeys({ prefix, resources }: { readonly prefix: string; readonly resources: number | undefined }) {
  const texts = useTexts(tagsTexts)
  const href = useHref()
  if (prefix !== '') return <EmptyState title={texts.noMatch(prefix)}>{texts.noMatchHint}</EmptyState>
  if (resources === 0) {
    return (
      <EmptyState title={texts.noResources}>
        <p>{texts.noResourcesHint}</p>
        <p className="mt-3 inline-flex items-center gap-2 rounded-control border border-line bg-surface py-1 pr-1 pl-3 font-mono">
          {IMPORT}
          <CopyButton text={IMPORT} label={texts.copyCommand} />
        </p>
      </EmptyState>
    )
  }
  return (
    <EmptyState title={texts.noTags}>
      <p>{texts.noTagsHint}</p>
      <p className="mt-4">
        <ButtonLink href={href('explore')}>{texts.toExplore}</ButtonLink>
      </p>
    </EmptyState>
  )
}
