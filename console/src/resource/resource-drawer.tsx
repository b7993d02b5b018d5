import { Clock } from 'lucide-react'
import { ApiError } from '../api/client.ts'
import { useProject } from '../session/project.ts'
import { useFormat } from '../text/format.ts'
import { useTypeName } from '../text/resource-types.ts'
import { useTexts } from '../text/texts.ts'
import { CopyButton } from '../ui/copy-as.tsx'
import { Drawer } from '../ui/drawer.tsx'
import { EmptyState, ErrorNotice, Loading } from '../ui/states.tsx'
import { Tabs } from '../ui/tabs.tsx'
import { type Resource, useResource, useTimeline } from './queries.ts'
import { RawTab } from './raw-tab.tsx'
import { type ResourceId, resourceText } from './resource-id.ts'
import { type ResourceTab, useOpenResource } from './search.ts'
import { TagsTab } from './tags-tab.tsx'
import { resourceTexts } from './texts.ts'
import { TimelineTab } from './timeline-tab.tsx'

type Context = {
  /** The filter of the screen, for "Why is it in my query?"; empty or missing without one. */
  readonly filter?: string | undefined
  /** A revision or a time; undefined for the present. */
  readonly asOf?: string | undefined
}

/** The drawer of the resource that the address names; nothing without one. A screen places it last in a `relative flex` row. */
export function OpenResource(context: Context) {
  const { resource, close } = useOpenResource()
  if (resource === undefined) return null
  return <ResourceDrawer key={resourceText(resource)} id={resource} {...context} onClose={close} />
}

/** A resource with its tags, where each came from, and its whole life. */
export function ResourceDrawer({
  id,
  filter = '',
  asOf,
  onClose,
}: Context & { readonly id: ResourceId; readonly onClose: () => void }) {
  const texts = useTexts(resourceTexts)
  const format = useFormat()
  const { tab, setTab } = useOpenResource()
  const { data, error, isPending, refetch } = useResource(id, asOf)
  const isGone = error instanceof ApiError && error.status === 404
  const isPast = asOf !== undefined
  const timeline = useTimeline(id, isPast ? data?.revision : undefined, !isPast || data !== undefined)
  const changes = timeline.data?.pages.flatMap((page) => page.changes) ?? []
  const name = data?.resource_name ?? changes[0]?.resource_name ?? ''
  const tags = isPending ? (
    <Loading />
  ) : isGone ? (
    <EmptyState title={texts.gone}>{isPast ? texts.gonePastHint : texts.goneHint}</EmptyState>
  ) : data === undefined ? (
    <ErrorNotice error={error} onRetry={() => void refetch()} />
  ) : (
    <TagsTab id={id} resource={data} filter={filter} asOf={asOf} />
  )
  const raw = data === undefined ? tags : <RawTab resource={withoutBlame(data)} />
  const total = `${format.number(changes.length)}${timeline.hasNextPage ? '+' : ''}`
  return (
    <Drawer label={texts.label(name === '' ? id.id : name)} heading={<Head id={id} name={name} />} onClose={onClose}>
      {asOf !== undefined && <PastLine asOf={asOf} revision={data?.revision} />}
      <Tabs<ResourceTab>
        label={texts.views}
        value={tab}
        onChange={setTab}
        tabs={[
          { id: 'tags', label: texts.tags, count: data && format.number(data.tags.length), content: tags },
          {
            id: 'timeline',
            label: texts.timeline,
            count: timeline.data && total,
            content: <TimelineTab id={id} timeline={timeline} changes={changes} isPast={isPast} />,
          },
          { id: 'raw', label: texts.raw, content: raw },
        ]}
      />
    </Drawer>
  )
}

function Head({ id, name }: { readonly id: ResourceId; readonly name: string }) {
  const texts = useTexts(resourceTexts)
  const project = useProject()
  const typeName = useTypeName()
  return (
    <>
      <p className="truncate text-small text-ink-2">
        {typeName(id.type)} · {project.name}
      </p>
      <h2 className="text-lead font-semibold wrap-anywhere">
        {name === '' ? <span className="text-ink-3">{texts.unnamed}</span> : name}
      </h2>
      <div className="flex items-center gap-1">
        <p className="truncate font-mono text-small text-ink-2" title={id.id}>
          {id.id}
        </p>
        <CopyButton text={id.id} label={texts.copyId} />
      </div>
    </>
  )
}

/** Says that the present is not what is shown. */
function PastLine({ asOf, revision }: { readonly asOf: string; readonly revision: number | undefined }) {
  const texts = useTexts(resourceTexts)
  const format = useFormat()
  const number = revision === undefined ? '…' : format.number(revision)
  const isRevision = /^\d+$/.test(asOf)
  return (
    <p className="mt-2 flex items-center gap-1.5 bg-past-tint px-4 py-1.5 text-small text-past">
      <Clock className="size-3.5 shrink-0" aria-hidden="true" />
      {isRevision ? texts.asOfRevision(format.number(Number(asOf))) : texts.asOf(format.dateTime(asOf), number)}
    </p>
  )
}

/** The resource as the API gives it without blame. */
function withoutBlame({ revision, tags, ...resource }: Resource & { readonly revision: number }) {
  return { ...resource, tags: tags.map(({ key, value }) => ({ key, value })) }
}
