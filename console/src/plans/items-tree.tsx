import { ChevronRight } from 'lucide-react'
import { useMemo } from 'react'
import { Button, Collection, ListLayout, Tree, TreeItem, TreeItemContent, Virtualizer } from 'react-aria-components'
import { useHref } from '../hrefs.ts'
import { useFormat } from '../text/format.ts'
import { useLanguage } from '../text/language.ts'
import { useTypeName } from '../text/resource-types.ts'
import { useTexts } from '../text/texts.ts'
import { groupItems, type ItemGroup, linesOf, type Renames } from './diff.ts'
import { DiffLines, diffText } from './diff-lines.tsx'
import type { PlanItem } from './plan-types.ts'
import { useResourceFacts } from './resource-facts.ts'
import type { PlanView } from './search.ts'
import { plansTexts } from './texts.ts'

type Props = {
  readonly label: string
  readonly items: readonly PlanItem[]
  readonly renames: Renames
  readonly view: PlanView
}

/** What a plan does, by the same change or resource by resource: one stop of Tab, arrow keys inside. */
export function ItemsTree({ label, items, renames, view }: Props) {
  const language = useLanguage()
  const groups = useMemo(() => groupItems(items, renames), [items, renames])
  const dependencies = [language, view, renames]
  return (
    <div data-results className="min-h-0 grow overflow-auto bg-surface">
      <Virtualizer layout={ListLayout} layoutOptions={{ estimatedRowSize: 72 }}>
        <Tree aria-label={label} className="outline-none">
          {view === 'groups' ? (
            <Collection items={groups} dependencies={dependencies}>
              {(group) => <GroupRow group={group} />}
            </Collection>
          ) : (
            <Collection items={items.map((item) => ({ item, id: idOf(item) }))} dependencies={dependencies}>
              {({ item }) => <ResourceRow item={item} renames={renames} />}
            </Collection>
          )}
        </Tree>
      </Virtualizer>
    </div>
  )
}

const ROW = 'group/row border-b border-line px-4 py-2 focus-ring-inside data-hovered:bg-hover'

function idOf({ resource_type, resource_id }: PlanItem): string {
  return `${resource_type}/${resource_id}`
}

function GroupRow({ group }: { readonly group: ItemGroup }) {
  const texts = useTexts(plansTexts)
  const format = useFormat()
  const { id, items, lines, code } = group
  const count = texts.resourcesOf(format.number(items.length), items.length === 1)
  return (
    <TreeItem
      id={id}
      textValue={`${count}: ${code === undefined ? '' : `${wordsOfCode(code, texts)} `}${diffText(lines)}`}
      className={ROW}
    >
      <TreeItemContent>
        {({ isExpanded }) => (
          <div className="flex items-start gap-2">
            <Button
              slot="chevron"
              className="-ml-1 flex size-5 shrink-0 items-center justify-center rounded-mark focus-ring"
            >
              <ChevronRight
                className={`size-4 text-ink-3 transition-transform ${isExpanded ? 'rotate-90' : ''}`}
                aria-hidden="true"
              />
            </Button>
            <div className="flex min-w-0 grow flex-col gap-1">
              <span className="flex flex-wrap items-baseline gap-2">
                <span className="font-medium tabular-nums">{count}</span>
                {code !== undefined && <span className="text-ink-2">{wordsOfCode(code, texts)}</span>}
              </span>
              {lines.length > 0 && <DiffLines lines={lines} />}
            </div>
          </div>
        )}
      </TreeItemContent>
      <Collection items={items.map((item) => ({ item, id: `${id} ${idOf(item)}` }))}>
        {(child) => (
          <MemberRow id={child.id} item={child.item} stays={lines.find(({ kind }) => kind === 'stays')?.key} />
        )}
      </Collection>
    </TreeItem>
  )
}

/** A resource below its group. `stays`: the key that it keeps, whose value may differ from the others'. */
function MemberRow({
  id,
  item,
  stays,
}: {
  readonly id: string
  readonly item: PlanItem
  readonly stays: string | undefined
}) {
  const href = useHref()
  return (
    <TreeItem
      id={id}
      textValue={item.resource_id}
      href={href('explore', { r: idOf(item) })}
      className="border-b border-line py-1 pr-4 pl-10 focus-ring-inside data-hovered:bg-hover"
    >
      <TreeItemContent>
        <ResourceName item={item} stays={stays} />
      </TreeItemContent>
    </TreeItem>
  )
}

function ResourceRow({ item, renames }: { readonly item: PlanItem; readonly renames: Renames }) {
  const texts = useTexts(plansTexts)
  const href = useHref()
  return (
    <TreeItem id={idOf(item)} textValue={item.resource_id} href={href('explore', { r: idOf(item) })} className={ROW}>
      <TreeItemContent>
        <div className="flex min-w-0 flex-col gap-1">
          <ResourceName item={item} />
          {item.error_code !== undefined && <span className="text-warn">{wordsOfCode(item.error_code, texts)}</span>}
          <ResourceLines item={item} renames={renames} />
        </div>
      </TreeItemContent>
    </TreeItem>
  )
}

function ResourceLines({ item, renames }: { readonly item: PlanItem; readonly renames: Renames }) {
  const facts = useResourceFacts(item.resource_type, item.resource_id)
  const lines = linesOf(item, renames)
  return lines.length === 0 ? null : <DiffLines lines={lines} tags={facts?.tags} />
}

function ResourceName({ item, stays }: { readonly item: PlanItem; readonly stays?: string | undefined }) {
  const texts = useTexts(plansTexts)
  const typeName = useTypeName()
  const { resource_type: type, resource_id: id } = item
  const facts = useResourceFacts(type, id)
  const kept = stays === undefined ? undefined : facts?.tags.get(stays)
  return (
    <span className="flex min-w-0 flex-wrap items-baseline gap-x-2">
      <span className={`wrap-anywhere ${facts?.name ? 'font-medium' : 'font-mono text-small'}`}>
        {facts?.name || id}
      </span>
      <span className="text-small text-ink-3">{typeName(type)}</span>
      {facts?.name && <span className="font-mono text-small text-ink-3 wrap-anywhere">{id}</span>}
      {facts === null && <span className="text-small text-bad">{texts.gone}</span>}
      {kept !== undefined && (
        <span className="font-mono text-small text-ink-3">
          {stays} = {kept}
        </span>
      )}
    </span>
  )
}

/** Why an item is refused or in conflict; a code without words of its own as it is. */
export function wordsOfCode(code: string, texts: Readonly<Record<string, unknown>>): string {
  const words = texts[code]
  return typeof words === 'string' ? words : code
}
