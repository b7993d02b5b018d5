import { useSearch } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { GridList, ListLayout, Virtualizer } from 'react-aria-components'
import { useHref } from '../hrefs.ts'
import { useWhyNot } from '../session/permissions.ts'
import { useTitle } from '../shell/title.ts'
import { useLanguage } from '../text/language.ts'
import { useTexts } from '../text/texts.ts'
import { Button } from '../ui/button.tsx'
import { EmptyState, ErrorNotice, Loading, LoadingLine } from '../ui/states.tsx'
import type { Correction, NearGroup } from './choice.ts'
import { CleanUpHead } from './clean-up-head.tsx'
import { GroupCard } from './group-card.tsx'
import { Kinds } from './kinds.tsx'
import { PlanSide } from './plan-side.tsx'
import { useIgnore, useKeys, useNearDuplicates } from './queries.ts'
import { type CleanUpSearch, fromCleanUpSearch, KINDS, type Kind, toCleanUpSearch } from './search.ts'
import { cleanUpTexts } from './texts.ts'

/** Keys, or values of a key, that are probably spellings of the same, and the plan that makes them one. */
export function CleanUp() {
  const texts = useTexts(cleanUpTexts)
  const href = useHref()
  const search = toCleanUpSearch(useSearch({ strict: false }))
  const keys = useKeys(search.of === 'values')
  const key = search.of === 'values' ? (search.key ?? keys.data?.[0]?.key) : undefined
  const isReady = search.of === 'keys' || key !== undefined
  const found = useNearDuplicates(key, false, isReady)
  const ignored = useNearDuplicates(key, true, isReady)
  useTitle(texts.title)
  const change = (changes: Partial<CleanUpSearch>) =>
    href.open('clean-up', fromCleanUpSearch({ ...search, ...changes }))
  const failed = [found, ignored, keys].find((each) => each.isError)
  const groups = found.data?.groups
  return (
    <>
      <CleanUpHead search={search} compared={key} keys={keys.data} count={groups?.length} onChange={change} />
      {failed?.isError && <ErrorNotice error={failed.error} onRetry={() => void failed.refetch()} />}
      {keys.data?.length === 0 && <EmptyState title={texts.noKeys}>{texts.noKeysHint}</EmptyState>}
      {isReady && groups === undefined && failed === undefined && <Loading />}
      <LoadingLine isLoading={found.isFetching} />
      {groups !== undefined && (
        <Groups
          // Another key has other groups, and another choice.
          key={key ?? ''}
          groups={groups}
          ignored={ignored.data?.groups ?? []}
          of={search.of}
          kind={search.kind}
          onKind={(kind) => change({ kind })}
        />
      )}
    </>
  )
}

type GroupsProps = {
  readonly groups: readonly NearGroup[]
  readonly ignored: readonly NearGroup[]
  readonly of: 'keys' | 'values'
  readonly kind: Kind
  readonly onKind: (kind: Kind) => void
}

/** What the user has decided about groups, by their ids; what it has not is as the service proposes. */
type Decisions = Readonly<Record<string, { readonly isChosen?: boolean; readonly kept?: string }>>

function Groups({ groups, ignored, of, kind, onKind }: GroupsProps) {
  const [decisions, setDecisions] = useState<Decisions>({})
  const decide = (changes: Decisions) =>
    setDecisions((before) => ({
      ...before,
      ...Object.fromEntries(Object.entries(changes).map(([id, each]) => [id, { ...before[id], ...each }])),
    }))
  const isChosen = ({ id, proposed }: NearGroup) => decisions[id]?.isChosen ?? proposed
  const keptOf = ({ id, canonical }: NearGroup) => decisions[id]?.kept ?? canonical
  const shown = kind === 'ignored' ? ignored : groups.filter((group) => group.kind === kind)
  const corrections = groups.filter(isChosen).map((group): Correction => ({ group, kept: keptOf(group) }))
  const counts = Object.fromEntries(
    KINDS.map((each) => [each, groups.filter((group) => group.kind === each).length]),
  ) as Record<Kind, number>
  return (
    <div className="flex min-h-0 grow flex-col overflow-auto min-[56rem]:flex-row min-[56rem]:overflow-hidden">
      <Kinds counts={{ ...counts, ignored: ignored.length }} value={kind} onChange={onKind} />
      <div className="flex min-h-112 min-w-0 grow flex-col bg-surface min-[56rem]:min-h-0">
        <KindHead
          kind={kind}
          isEmpty={shown.length === 0}
          onChooseAll={(chosen) => decide(Object.fromEntries(shown.map(({ id }) => [id, { isChosen: chosen }])))}
        />
        {shown.length === 0 ? (
          <NoGroups kind={kind} />
        ) : (
          <Cards
            groups={shown}
            chosen={shown.filter(isChosen).map(({ id }) => id)}
            onChoose={(ids) => decide(Object.fromEntries(shown.map(({ id }) => [id, { isChosen: ids.has(id) }])))}
            keptOf={keptOf}
            onKeep={(id, kept) => decide({ [id]: { kept } })}
            isIgnored={kind === 'ignored'}
          />
        )}
      </div>
      <PlanSide corrections={corrections} of={of} />
    </div>
  )
}

function KindHead({
  kind,
  isEmpty,
  onChooseAll,
}: {
  readonly kind: Kind
  readonly isEmpty: boolean
  readonly onChooseAll: (chosen: boolean) => void
}) {
  const texts = useTexts(cleanUpTexts)
  return (
    <div className="flex min-h-11 flex-wrap items-center gap-x-2 border-b border-line px-4 py-1">
      <p className="text-small text-ink-2">{texts[`${kind}Hint`]}</p>
      {!isEmpty && kind !== 'ignored' && (
        <span className="ml-auto flex gap-1">
          <Button size="small" variant="quiet" onPress={() => onChooseAll(true)}>
            {texts.chooseAll}
          </Button>
          <Button size="small" variant="quiet" onPress={() => onChooseAll(false)}>
            {texts.chooseNone}
          </Button>
        </span>
      )}
    </div>
  )
}

function NoGroups({ kind }: { readonly kind: Kind }) {
  const texts = useTexts(cleanUpTexts)
  if (kind === 'ignored') return <EmptyState title={texts.noneIgnored} />
  return <EmptyState title={texts.none}>{texts.noneHint}</EmptyState>
}

type CardsProps = {
  readonly groups: readonly NearGroup[]
  readonly chosen: readonly string[]
  readonly onChoose: (ids: ReadonlySet<unknown>) => void
  readonly keptOf: (group: NearGroup) => string
  readonly onKeep: (id: string, kept: string) => void
  readonly isIgnored: boolean
}

/** The cards: one stop of Tab, arrows from card to card, Space takes one into the plan, Tab goes into a card. */
function Cards({ groups, chosen, onChoose, keptOf, onKeep, isIgnored }: CardsProps) {
  const texts = useTexts(cleanUpTexts)
  const language = useLanguage()
  const whyNot = useWhyNot()
  const ignore = useIgnore()
  const whyNotIgnore = whyNot('tagwerk:nearDuplicates:update')
  const kept = groups.map(keptOf)
  const signature = JSON.stringify(kept)
  const dependencies = useMemo(() => [language, signature, whyNotIgnore], [language, signature, whyNotIgnore])
  return (
    <>
      {ignore.isError && <ErrorNotice error={ignore.error} />}
      <div data-results className="min-h-0 grow overflow-auto">
        <Virtualizer layout={ListLayout} layoutOptions={{ estimatedRowSize: 96, gap: 8, padding: 12 }}>
          <GridList
            aria-label={texts.groups}
            items={groups}
            dependencies={dependencies}
            selectionMode={isIgnored ? 'none' : 'multiple'}
            selectionBehavior="toggle"
            selectedKeys={chosen}
            onSelectionChange={(keys) => onChoose(keys === 'all' ? new Set(groups.map(({ id }) => id)) : keys)}
            keyboardNavigationBehavior="tab"
            className="outline-none"
          >
            {(group) => (
              <GroupCard
                // A group of values has a member "key", which would be taken for the key of its row.
                id={group.id}
                group={group}
                kept={keptOf(group)}
                onKeep={(text) => onKeep(group.id, text)}
                onIgnore={(ignored) => ignore.mutate({ group, ignored })}
                whyNotIgnore={whyNotIgnore}
              />
            )}
          </GridList>
        </Virtualizer>
      </div>
    </>
  )
}
