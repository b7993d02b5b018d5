import { Check, ChevronRight, X } from 'lucide-react'
import { Button as AriaButton, Disclosure, DisclosurePanel, Heading } from 'react-aria-components'
import { ApiError } from '../api/client.ts'
import { useProject } from '../session/project.ts'
import { useTexts } from '../text/texts.ts'
import { CopyAs, shellQuoted } from '../ui/copy-as.tsx'
import { ErrorNotice } from '../ui/states.tsx'
import { type ExplainedPart, useExplanation } from './queries.ts'
import type { ResourceId } from './resource-id.ts'
import { resourceTexts } from './texts.ts'

/** Says part by part why a resource matches the filter of the screen, or why not. */
export function Why({
  id,
  filter,
  asOf,
}: {
  readonly id: ResourceId
  readonly filter: string
  readonly asOf: string | undefined
}) {
  const texts = useTexts(resourceTexts)
  const project = useProject()
  const { data, error, refetch } = useExplanation(id, filter, asOf)
  // The query bar says what is wrong with a filter that is being written.
  if (error instanceof ApiError && error.code === 'filter-invalid') return null
  if (error !== null) return <ErrorNotice error={error} onRetry={() => void refetch()} />
  if (data === undefined) return null
  const path = `/tagwerk/v1/${project.id}/resources/${encodeURIComponent(id.type)}/${encodeURIComponent(id.id)}/explain`
  const command = `tagwerk search ${shellQuoted(filter)} --why ${shellQuoted(id.id)} --type ${shellQuoted(id.type)} --project ${shellQuoted(project.name)}`
  return (
    <Disclosure className="group border-t border-line">
      <Heading level={3}>
        <AriaButton
          slot="trigger"
          className="flex w-full items-center gap-1.5 px-4 py-2 text-left text-body font-medium text-ink-2 focus-ring-inside data-hovered:bg-hover"
        >
          <ChevronRight className="size-4 text-ink-3 group-data-expanded:rotate-90" aria-hidden="true" />
          {data.matches ? texts.whyIn : texts.whyNotIn}
        </AriaButton>
      </Heading>
      <DisclosurePanel>
        <div className="flex flex-col gap-2 px-4 pb-3">
          <p className="text-small text-ink-2">{data.matches ? texts.matches : texts.matchesNot}</p>
          <ul className="flex flex-col gap-1.5">
            <PartOf part={data.tree} />
          </ul>
          <span>
            <CopyAs
              call={{ method: 'GET', path: `${path}?filter=${encodeURIComponent(filter)}` }}
              command={asOf === undefined ? command : undefined}
            />
          </span>
        </div>
      </DisclosurePanel>
    </Disclosure>
  )
}

function PartOf({ part }: { readonly part: ExplainedPart }) {
  const texts = useTexts(resourceTexts)
  const words = { and: texts.allOf, or: texts.anyOf, not: texts.not, test: undefined }[part.op]
  return (
    <li className="flex flex-col gap-1.5">
      <div className="flex items-start gap-1.5">
        <HoldMark holds={part.holds} />
        <div className="min-w-0 text-small">
          {words === undefined ? (
            <span className="font-mono wrap-anywhere">{part.text}</span>
          ) : (
            <span className="font-medium">{words}</span>
          )}
          <Actual part={part} />
        </div>
      </div>
      {part.children.length > 0 && (
        <ul className="ml-1.5 flex flex-col gap-1.5 border-l border-line pl-3.5">
          {part.children.map((child) => (
            <PartOf key={child.text} part={child} />
          ))}
        </ul>
      )}
    </li>
  )
}

function HoldMark({ holds }: { readonly holds: boolean }) {
  const texts = useTexts(resourceTexts)
  const Icon = holds ? Check : X
  return (
    <span className={`mt-0.5 shrink-0 ${holds ? 'text-good' : 'text-bad'}`}>
      <Icon className="size-3.5" strokeWidth={2.5} aria-hidden="true" />
      <span className="sr-only">{holds ? texts.holds : texts.holdsNot}</span>
    </span>
  )
}

/** What the resource has in place of what a failed test asks for. */
function Actual({ part: { actual, near } }: { readonly part: ExplainedPart }) {
  const texts = useTexts(resourceTexts)
  if (near !== undefined) {
    return (
      <p className="text-warn wrap-anywhere">
        {texts.near} <span className="font-mono">{`${near.key}=${near.value}`}</span>. {texts.nearHint}
      </p>
    )
  }
  if (actual === undefined) return null
  if (actual === null) return <p className="text-ink-2">{texts.hasNoTag}</p>
  return (
    <p className="text-ink-2 wrap-anywhere">
      {texts.has} <span className="font-mono">{String(actual)}</span>
    </p>
  )
}
