import { Plus, X } from 'lucide-react'
import { useState } from 'react'
import { foldKeyCase } from '../../../src/core/policy/tag-policy.ts'
import { useTypeName } from '../text/resource-types.ts'
import { useTexts } from '../text/texts.ts'
import { Button } from '../ui/button.tsx'
import { Checkbox } from '../ui/choice.tsx'
import { TextField } from '../ui/fields.tsx'
import { Menu } from '../ui/menu.tsx'
import {
  blocksOf,
  LISTS,
  type ListName,
  type PolicyBlock,
  type PolicyDocument,
  withBlock,
  withList,
  withoutBlock,
  withRequiredOnCreate,
  withSpelling,
} from './document.ts'
import type { Remark } from './editor.tsx'
import { editorTexts } from './editor-texts.ts'
import { pathOf } from './json-lines.ts'
import { LinesField } from './lines-field.tsx'
import { useCoverage } from './queries.ts'
import type { Draft } from './use-draft.ts'

/** The keys of a policy as fields. What only the JSON can say is named and kept. */
export function PolicyForm({ draft, remarks }: { readonly draft: Draft; readonly remarks: readonly Remark[] }) {
  const texts = useTexts(editorTexts)
  const { document, setDocument } = draft
  const blocks = document && blocksOf(document)
  if (document === undefined || blocks === undefined) {
    const [title, hint] =
      document === undefined ? [texts.invalidJson, texts.formNeedsJson] : [undefined, texts.formCannotShow]
    return (
      <p className="text-body text-ink-2">
        {title} {hint}
      </p>
    )
  }
  return (
    <>
      {blocks.map((block, at) => (
        <BlockFields
          // A block keeps its fields while its key is spelled anew.
          // biome-ignore lint/suspicious/noArrayIndexKey: the name changes while it is typed
          key={at}
          block={block}
          document={document}
          remarks={remarks}
          onChange={setDocument}
        />
      ))}
      <AddKey keys={blocks.map(({ name }) => name)} onAdd={(key) => setDocument(withBlock(document, key))} />
    </>
  )
}

type BlockProps = {
  readonly block: PolicyBlock
  readonly document: PolicyDocument
  readonly remarks: readonly Remark[]
  readonly onChange: (document: PolicyDocument) => void
}

function BlockFields({ block, document, remarks, onChange }: BlockProps) {
  const texts = useTexts(editorTexts)
  const { name } = block
  const path = pathOf('tags', name)
  const errorAt = (member: string) =>
    remarks.find(({ field, isError }) => isError && field.startsWith(`${path}.${member}`))?.message
  const list = (which: ListName, label: string, hint: string) => (
    <LinesField
      label={label}
      description={hint}
      items={block[which]}
      onChange={(items) => onChange(withList(document, name, which, items))}
      error={errorAt(LISTS[which])}
      action={
        which === 'values' ? undefined : (
          <AddType block={block} list={which} onAdd={(items) => onChange(withList(document, name, which, items))} />
        )
      }
    />
  )
  return (
    <section
      aria-label={block.spelling ?? name}
      className="flex flex-col gap-3 rounded-card border border-line bg-surface p-3"
    >
      <div className="flex items-start gap-3">
        <div className="grow">
          <TextField
            label={texts.spelling}
            description={texts.spellingHint}
            isMono
            value={block.spelling ?? name}
            onChange={(spelling) => onChange(withSpelling(document, name, spelling))}
            error={errorAt('tag_key')}
          />
        </div>
        <Button
          variant="quiet"
          size="icon"
          label={texts.removeKey(name)}
          onPress={() => onChange(withoutBlock(document, name))}
        >
          <X className="size-4" aria-hidden="true" />
        </Button>
      </div>
      {list('values', texts.values, texts.valuesHint)}
      <div className="grid gap-3 beside:grid-cols-2">
        {list('enforcedFor', texts.enforcedFor, texts.enforcedHint)}
        {list('requiredFor', texts.requiredFor, texts.requiredHint)}
      </div>
      <Checkbox
        isSelected={block.requiredOnCreate}
        onChange={(isRequired) => onChange(withRequiredOnCreate(document, name, isRequired))}
        className="text-body"
      >
        {texts.requiredOnCreate}
      </Checkbox>
      {block.others.length > 0 && <p className="text-small text-ink-3">{texts.onlyInJson(block.others.join(', '))}</p>}
    </section>
  )
}

/** Adds a type that the project has. */
function AddType({
  block,
  list,
  onAdd,
}: {
  readonly block: PolicyBlock
  readonly list: ListName
  readonly onAdd: (items: readonly string[]) => void
}) {
  const texts = useTexts(editorTexts)
  const typeName = useTypeName()
  const types = (useCoverage().data?.now.types ?? []).map(({ resource_type }) => resource_type)
  const items = block[list]
  const left = types.filter((type) => !items.includes(type))
  if (left.length === 0) return null
  return (
    <Menu
      label={`${texts.addType}: ${list === 'enforcedFor' ? texts.enforcedFor : texts.requiredFor}`}
      button={
        <>
          <Plus className="size-3.5" aria-hidden="true" />
          {texts.addType}
        </>
      }
      entries={left.map((type) => ({ id: type, label: typeName(type), onAction: () => onAdd([...items, type]) }))}
      isArrowHidden
    />
  )
}

function AddKey({ keys, onAdd }: { readonly keys: readonly string[]; readonly onAdd: (key: string) => void }) {
  const texts = useTexts(editorTexts)
  const [key, setKey] = useState('')
  const [isTried, setTried] = useState(false)
  const isThere = keys.some((each) => foldKeyCase(each) === foldKeyCase(key))
  const error = key.trim() === '' ? texts.keyMissing : isThere ? texts.keyThere : undefined
  const submit = (event: React.FormEvent) => {
    event.preventDefault()
    setTried(error !== undefined)
    if (error !== undefined) return
    onAdd(key)
    setKey('')
  }
  return (
    <form onSubmit={submit} className="flex items-end gap-2">
      <div className="w-64">
        <TextField label={texts.newKey} isMono value={key} onChange={setKey} error={isTried ? error : undefined} />
      </div>
      <Button type="submit">
        <Plus className="size-4" aria-hidden="true" />
        {texts.addKey}
      </Button>
    </form>
  )
}
