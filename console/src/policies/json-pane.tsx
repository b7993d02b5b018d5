import { CircleX, TriangleAlert } from 'lucide-react'
import { type RefObject, useMemo } from 'react'
import { FieldError, Label, Text, TextArea, TextField } from 'react-aria-components'
import { useFormat } from '../text/format.ts'
import { useTexts } from '../text/texts.ts'
import { Button } from '../ui/button.tsx'
import type { Remark } from './editor.tsx'
import { editorTexts } from './editor-texts.ts'
import { lineAt, placeOf, placesOf } from './json-lines.ts'
import type { Draft } from './use-draft.ts'

/** The policy as text, and the remarks of the service, each with its line. */
export function JsonPane({
  draft: { text, document, fault, setText },
  remarks,
  field,
}: {
  readonly draft: Draft
  readonly remarks: readonly Remark[]
  readonly field: RefObject<HTMLTextAreaElement | null>
}) {
  const texts = useTexts(editorTexts)
  const places = useMemo(() => (document === undefined ? undefined : placesOf(text)), [document, text])
  const words = fault === undefined ? undefined : faultWords(fault, texts)
  const goTo = (at: number) => {
    const end = text.indexOf('\n', at)
    field.current?.focus()
    field.current?.setSelectionRange(at, end < 0 ? text.length : end)
  }
  return (
    <>
      <TextField
        value={text}
        onChange={setText}
        isInvalid={words !== undefined}
        validationBehavior="aria"
        className="flex flex-col gap-1"
      >
        <Label className="text-small font-medium text-ink-2">{texts.jsonLabel}</Label>
        <TextArea
          ref={field}
          rows={Math.min(32, Math.max(12, text.split('\n').length + 1))}
          spellCheck={false}
          className="w-full resize-y rounded-control border border-control bg-surface px-2 py-1.5 font-mono text-small text-ink focus-ring data-invalid:border-bad"
        />
        <FieldError className="text-small text-bad">{words}</FieldError>
        <Text slot="description" className="text-small text-ink-3">
          {texts.jsonAbout}
        </Text>
      </TextField>
      {remarks.length > 0 && (
        <ul aria-label={texts.problem} className="flex flex-col gap-1">
          {remarks.map((remark) => (
            <RemarkLine
              key={`${remark.field} ${remark.message}`}
              remark={remark}
              text={text}
              at={places && placeOf(places, remark.field)}
              onGo={goTo}
            />
          ))}
        </ul>
      )}
    </>
  )
}

/** What keeps a text from being a JSON object. */
export function faultWords(fault: string, texts: { readonly notObject: string; readonly invalidJson: string }): string {
  return fault === 'not-object' ? texts.notObject : `${texts.invalidJson} ${fault}`
}

function RemarkLine({
  remark: { isError, field, message },
  text,
  at,
  onGo,
}: {
  readonly remark: Remark
  readonly text: string
  readonly at: number | undefined
  readonly onGo: (at: number) => void
}) {
  const texts = useTexts(editorTexts)
  const format = useFormat()
  const Icon = isError ? CircleX : TriangleAlert
  const line = at === undefined ? undefined : format.number(lineAt(text, at))
  return (
    <li
      role={isError ? 'alert' : 'listitem'}
      className={`flex items-start gap-2 rounded-control px-2 py-1 text-small ${isError ? 'bg-bad-tint text-bad' : 'bg-warn-tint text-warn'}`}
    >
      <Icon className="mt-px size-3.5 shrink-0" aria-hidden="true" />
      <span className="min-w-0 grow wrap-anywhere">
        {!message.includes(field) && <span className="font-mono">{field}: </span>}
        {message}
      </span>
      {at !== undefined && line !== undefined && (
        <Button size="small" variant="outline" label={texts.goToLine(line)} onPress={() => onGo(at)}>
          {texts.atLine(line)}
        </Button>
      )}
    </li>
  )
}
