import { useId, useState } from 'react'
import { Link } from 'react-aria-components'
import { useHref } from '../hrefs.ts'
import { useWhyNot } from '../session/permissions.ts'
import { useProject } from '../session/project.ts'
import { useFormat } from '../text/format.ts'
import { useTypeName } from '../text/resource-types.ts'
import { useTexts } from '../text/texts.ts'
import { Button } from '../ui/button.tsx'
import { Select } from '../ui/choice.tsx'
import { CopyAs } from '../ui/copy-as.tsx'
import { Badge, TagValue } from '../ui/marks.tsx'
import { ErrorNotice } from '../ui/states.tsx'
import { Time } from '../ui/time.tsx'
import { rehearseCommand } from './commands.ts'
import { enforcesNothing, type PolicyDocument } from './document.ts'
import { editorTexts } from './editor-texts.ts'
import { type RehearsalAnswer, useRehearsal } from './queries.ts'
import { AGES, type Age } from './search.ts'
import { policiesTexts } from './texts.ts'

const AGE_DEFAULT: Age = '30d'
/** Actors that the sentence names. */
const ACTORS_NAMED = 3

/** What a policy would have refused, in one sentence, with the writes. It runs when somebody asks for it. */
export function Rehearsal({
  document,
  age,
  onAge,
  isNarrow = false,
}: {
  /** Undefined: the text is no policy. */
  readonly document: PolicyDocument | undefined
  /** The time that was asked for, which stands in the address. */
  readonly age: Age | undefined
  readonly onAge: (age: Age) => void
  readonly isNarrow?: boolean
}) {
  const texts = useTexts(editorTexts)
  const whyNot = useWhyNot()
  const project = useProject()
  const [chosen, setChosen] = useState<Age>(age ?? AGE_DEFAULT)
  // A draft that changes meanwhile is rehearsed only when that is asked for again.
  const [asked, setAsked] = useState(age === undefined ? undefined : document)
  const rehearsal = useRehearsal(asked, asked === undefined ? undefined : (age ?? chosen))
  const isOld = asked !== undefined && document !== undefined && JSON.stringify(asked) !== JSON.stringify(document)
  const start = () => {
    const isSame = asked !== undefined && !isOld && chosen === age
    setAsked(document)
    onAge(chosen)
    if (isSame) void rehearsal.refetch()
  }
  const ages = AGES.map((id) => ({ id, label: texts[`age${id}`] }))
  return (
    <section
      aria-label={texts.rehearsal}
      className="flex flex-col gap-2 rounded-card border border-line bg-surface p-3"
    >
      <div className="flex flex-wrap items-center gap-2">
        <h3 className="text-small font-semibold">{texts.rehearsal}</h3>
        <span className="ml-auto flex items-center gap-2">
          {document !== undefined && !isNarrow && (
            <CopyAs
              call={{
                method: 'POST',
                path: `/tagwerk/v1/${project.id}/policies/rehearse`,
                body: { policy: document, since: `-${chosen}` },
              }}
              command={rehearseCommand(document, chosen, project.name)}
            />
          )}
          <Select label={texts.since} isLabelHidden options={ages} value={chosen} onChange={setChosen} />
          <Button
            size="control"
            onPress={start}
            isPending={rehearsal.isFetching}
            why={whyNot('tagwerk:history:get') ?? (document === undefined ? texts.invalidJson : undefined)}
          >
            {texts.rehearse}
          </Button>
        </span>
      </div>
      {asked === undefined && <p className="text-small text-ink-3">{texts.rehearsalAbout}</p>}
      {rehearsal.isError && <ErrorNotice error={rehearsal.error} />}
      {rehearsal.data !== undefined && <Outcome answer={rehearsal.data} isNarrow={isNarrow} />}
      {rehearsal.data?.would_refuse === 0 && asked !== undefined && enforcesNothing(asked) && (
        <p className="text-small text-ink-3">{texts.enforcesNothing}</p>
      )}
      {isOld && <p className="text-small text-warn">{texts.rehearsalOld}</p>}
    </section>
  )
}

function Outcome({ answer, isNarrow }: { readonly answer: RehearsalAnswer; readonly isNarrow: boolean }) {
  const texts = useTexts(editorTexts)
  const format = useFormat()
  const [isOpen, setOpen] = useState(false)
  const listId = useId()
  return (
    <>
      <p role="status" className="text-body">
        <Sentence answer={answer} />
      </p>
      {answer.partial && <p className="text-small text-warn">{texts.partial(format.number(answer.to))}</p>}
      {answer.samples.length > 0 && (
        <>
          <span>
            <Button size="small" onPress={() => setOpen(!isOpen)} aria-expanded={isOpen}>
              {isOpen ? texts.hideWrites : texts.seeWrites}
            </Button>
          </span>
          {isOpen && (
            <div id={listId}>
              {isNarrow ? <SampleList answer={answer} /> : <SampleTable answer={answer} />}
              {answer.would_refuse > answer.samples.length && (
                <p className="pt-1 text-small text-ink-3">{texts.firstWrites(format.number(answer.samples.length))}</p>
              )}
            </div>
          )}
        </>
      )}
    </>
  )
}

function Sentence({ answer: { writes, would_refuse, by_actor } }: { readonly answer: RehearsalAnswer }) {
  const texts = useTexts(editorTexts)
  const format = useFormat()
  const counts = [format.number(writes), format.number(would_refuse)] as const
  if (writes === 0) return texts.noWrites
  if (would_refuse === 0) return texts.noneRefused(counts[0])
  const named = by_actor.slice(0, ACTORS_NAMED)
  const rest = by_actor.slice(ACTORS_NAMED).reduce((sum, each) => sum + each.writes, 0)
  const parts = named.map(({ actor, writes: count }) => texts.byActor(format.number(count), actor.name ?? actor.id))
  if (rest > 0) parts.push(texts.byOthers(format.number(rest)))
  return texts.sentence(...counts, format.list(parts, 'and'))
}

type Sample = RehearsalAnswer['samples'][number]

function useSampleLink() {
  const href = useHref()
  return ({ resource_type, resource_id }: Sample) => href('explore', { r: `${resource_type}/${resource_id}` })
}

function SampleTable({ answer: { samples } }: { readonly answer: RehearsalAnswer }) {
  const texts = useTexts(editorTexts)
  const words = useTexts(policiesTexts)
  const typeName = useTypeName()
  const link = useSampleLink()
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls has to be reached by keyboard
    <section className="max-h-96 overflow-auto" tabIndex={0} aria-label={texts.refusedWrites}>
      <table className="w-full text-small">
        <thead className="sticky top-0 bg-surface text-left text-ink-2">
          <tr>
            {[texts.when, texts.actor, words.resource, texts.tag, words.problem].map((name) => (
              <th key={name} scope="col" className="border-b border-line py-1 pr-4 font-medium">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {samples.map((sample) => (
            <tr key={`${sample.revision} ${sample.key} ${sample.problem}`} className="border-b border-line">
              <td className="py-1 pr-4 whitespace-nowrap tabular-nums">
                <Time at={sample.at} />
              </td>
              <td className="pr-4">{sample.actor.name ?? sample.actor.id}</td>
              <td className="pr-4">
                <SampleLink href={link(sample)}>{sample.resource_id}</SampleLink>{' '}
                <span className="text-ink-3">{typeName(sample.resource_type)}</span>
              </td>
              <td className="pr-4">
                <SampleTag sample={sample} />
              </td>
              <td>
                <Badge tone="bad">{words[sample.problem]}</Badge>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

/** The same in a narrow panel. */
function SampleList({ answer: { samples } }: { readonly answer: RehearsalAnswer }) {
  const texts = useTexts(editorTexts)
  const words = useTexts(policiesTexts)
  const link = useSampleLink()
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls has to be reached by keyboard
    <section className="max-h-72 overflow-auto" tabIndex={0} aria-label={texts.refusedWrites}>
      <ul>
        {samples.map((sample) => (
          <li
            key={`${sample.revision} ${sample.key} ${sample.problem}`}
            className="border-t border-line py-1.5 text-small"
          >
            <p className="truncate">
              <SampleLink href={link(sample)}>{sample.resource_id}</SampleLink>
            </p>
            <p className="truncate">
              <SampleTag sample={sample} /> <Badge tone="bad">{words[sample.problem]}</Badge>
            </p>
            <p className="truncate text-ink-3">
              <Time at={sample.at} /> · {sample.actor.name ?? sample.actor.id}
            </p>
          </li>
        ))}
      </ul>
    </section>
  )
}

function SampleLink({ href, children }: { readonly href: string; readonly children: string }) {
  return (
    <Link
      href={href}
      className="rounded-mark font-mono text-accent underline-offset-2 focus-ring data-hovered:underline"
    >
      {children}
    </Link>
  )
}

function SampleTag({ sample: { key, value } }: { readonly sample: Sample }) {
  return (
    <span className="font-mono wrap-anywhere">
      {key}
      {value !== null && (
        <>
          {' = '}
          <TagValue value={value} />
        </>
      )}
    </span>
  )
}
