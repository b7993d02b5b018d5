import { useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { pathOf, useHref } from '../hrefs.ts'
import { oneOf } from '../router-search.ts'
import { useWhyNotInDomain } from '../session/permissions.ts'
import { useProject } from '../session/project.ts'
import { useTitle } from '../shell/title.ts'
import { useTexts } from '../text/texts.ts'
import { Button } from '../ui/button.tsx'
import { Select } from '../ui/choice.tsx'
import { CopyAs } from '../ui/copy-as.tsx'
import { TextField } from '../ui/fields.tsx'
import { Loading } from '../ui/states.tsx'
import { putCommand } from './commands.ts'
import { ConvertDialog } from './convert-dialog.tsx'
import { type PolicyDocument, printDocument } from './document.ts'
import { Editor } from './editor.tsx'
import { editorTexts } from './editor-texts.ts'
import { useWhyNotAt } from './policy.tsx'
import { BackLink } from './problems.tsx'
import { useCoverage, usePolicyList, usePutPolicy } from './queries.ts'
import { type Age, LEVELS, type Level, readSearch } from './search.ts'
import { policyFor, TEMPLATES, type Template, templateOf } from './templates.ts'
import { policiesTexts } from './texts.ts'
import { useDraft } from './use-draft.ts'

const NAME = /^[0-9A-Za-z][0-9A-Za-z_.-]{0,63}$/
/** Words that stand in the place of a name in the addresses of the API. */
const RESERVED = ['effective', 'convert', 'rehearse']

/** A policy to be made. The types of the project go into templates, so they are awaited. */
export function NewPolicy() {
  const { title } = { title: useTexts(editorTexts).newTitle }
  const coverage = useCoverage()
  useTitle(title)
  if (coverage.isPending) return <Loading />
  const types = (coverage.data?.now.types ?? []).filter(({ resources }) => resources > 0)
  return <NewEditor types={types.map(({ resource_type }) => resource_type)} />
}

function NewEditor({ types }: { readonly types: readonly string[] }) {
  const texts = useTexts(editorTexts)
  const words = useTexts(policiesTexts)
  const href = useHref()
  const search = useSearch({ strict: false }) as Readonly<Record<string, unknown>>
  const { key, level: startLevel } = readSearch(search)
  const [level, setLevel] = useState<Level>(startLevel)
  const [template, setTemplate] = useState<Template>(
    oneOf(search.template, TEMPLATES) ?? (key === undefined ? 'values' : 'blank'),
  )
  const [name, setName] = useState('')
  const [isTried, setTried] = useState(false)
  const [isConverting, setConverting] = useState(false)
  const [age, setAge] = useState<Age>()
  const whyNot = useWhyNotAt(level)
  const put = usePutPolicy()
  const draft = useDraft(printDocument(key === undefined ? templateOf(template, types) : policyFor(key)))
  const nameError = useNameError(level, name)
  const start = (document: PolicyDocument) => draft.setDocument(document)
  const submit = () => {
    setTried(true)
    if (nameError !== undefined || draft.document === undefined) return
    const onSuccess = () => {
      draft.keep()
      href.open(pathOf('policies', level, name))
    }
    put.mutate({ level, name, policy: draft.document }, { onSuccess })
  }
  const templates = { values: texts.templateValues, required: texts.templateRequired, blank: texts.templateBlank }
  return (
    <>
      <header className="flex flex-wrap items-center gap-x-4 gap-y-2 bg-surface px-4 pt-2">
        <div>
          <BackLink href={href('policies', { tab: 'policies' })}>{words.back}</BackLink>
          <h1 className="text-title font-semibold">{texts.newTitle}</h1>
        </div>
        <div className="ml-auto flex items-center gap-2">
          {draft.document !== undefined && nameError === undefined && (
            <CopyPut document={draft.document} level={level} name={name} />
          )}
          <Button onPress={() => setConverting(true)}>{texts.fromConfig}</Button>
          <Button
            variant="solid"
            isPending={put.isPending}
            why={whyNot('tagwerk:policies:update') ?? (draft.document === undefined ? texts.invalidJson : undefined)}
            onPress={submit}
          >
            {texts.put}
          </Button>
        </div>
      </header>
      <div className="flex flex-wrap items-start gap-4 border-b border-line bg-surface px-4 py-2">
        <div className="w-64">
          <TextField
            label={texts.name}
            description={texts.nameHint}
            isMono
            isRequired
            value={name}
            onChange={setName}
            error={isTried ? nameError : undefined}
          />
        </div>
        <Levels level={level} onChange={setLevel} />
        <Select
          label={texts.template}
          options={TEMPLATES.map((id) => ({ id, label: templates[id] }))}
          value={template}
          onChange={(next) => {
            setTemplate(next)
            start(templateOf(next, types))
          }}
        />
      </div>
      <Editor draft={draft} failure={put.error} age={age} onAge={setAge} />
      {isConverting && <ConvertDialog onClose={() => setConverting(false)} onConverted={start} />}
    </>
  )
}

function CopyPut({
  document,
  level,
  name,
}: {
  readonly document: PolicyDocument
  readonly level: Level
  readonly name: string
}) {
  const { id, name: project } = useProject()
  const path = level === 'domain' ? '/tagwerk/v1/domain/policies' : `/tagwerk/v1/${id}/policies`
  return (
    <CopyAs
      call={{ method: 'PUT', path: `${path}/${name}`, body: document }}
      command={putCommand(document, level, name, project)}
    />
  )
}

function Levels({ level, onChange }: { readonly level: Level; readonly onChange: (level: Level) => void }) {
  const texts = useTexts(editorTexts)
  const project = useProject()
  const whyNotInDomain = useWhyNotInDomain()
  const why = whyNotInDomain('tagwerk:policies:update')
  const labels = { project: texts.levelProject(project.name), domain: texts.levelDomain }
  return (
    <div>
      <Select
        label={texts.level}
        options={LEVELS.map((id) => ({ id, label: labels[id] }))}
        value={level}
        onChange={onChange}
      />
      {level === 'domain' && why !== undefined && <p className="pt-1 text-small text-bad">{why}</p>}
    </div>
  )
}

/** What is wrong with the name of a new policy. */
function useNameError(level: Level, name: string): string | undefined {
  const texts = useTexts(editorTexts)
  const list = usePolicyList(level)
  if (!NAME.test(name)) return texts.nameInvalid
  if (RESERVED.includes(name)) return texts.nameReserved
  return list.data?.policies.some((each) => each.name === name) ? texts.nameTaken : undefined
}
