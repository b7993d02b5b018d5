import { type FormEvent, type ReactNode, useState } from 'react'
import { pathOf, useHref } from '../hrefs.ts'
import type { PlanBody } from '../plans/plan-types.ts'
import { useMakePlan } from '../plans/queries.ts'
import { useWhyNot } from '../session/permissions.ts'
import { useTexts } from '../text/texts.ts'
import { Button } from '../ui/button.tsx'
import { Drawer } from '../ui/drawer.tsx'
import { TextField } from '../ui/fields.tsx'
import { ErrorNotice } from '../ui/states.tsx'
import { formTexts } from './texts.ts'

/** A form in a drawer that makes a plan and opens it. `toBody`: undefined if the fields are not right yet. */
export function PlanForm({
  title,
  toBody,
  onClose,
  children,
}: {
  readonly title: string
  readonly toBody: () => Omit<PlanBody, 'note'> | undefined
  readonly onClose: () => void
  readonly children: ReactNode
}) {
  const texts = useTexts(formTexts)
  const href = useHref()
  const whyNot = useWhyNot()
  const [note, setNote] = useState('')
  const make = useMakePlan(({ id }) => href.open(pathOf('plans', id)))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const body = toBody()
    if (body !== undefined) make.mutate({ ...body, ...(note.trim() !== '' && { note: note.trim() }) })
  }
  return (
    <Drawer
      label={title}
      heading={<h2 className="text-lead font-semibold wrap-anywhere">{title}</h2>}
      onClose={onClose}
    >
      <form onSubmit={submit} noValidate className="flex grow flex-col gap-4 p-4">
        {children}
        <TextField label={texts.note} description={texts.noteHint} value={note} onChange={setNote} />
        {make.isError && <ErrorNotice error={make.error} />}
        <div className="mt-auto flex flex-col gap-2">
          <p className="text-small text-ink-3">{texts.hint}</p>
          <Button
            type="submit"
            variant="solid"
            why={whyNot('tagwerk:plans:create')}
            isPending={make.isPending}
            className="justify-center"
          >
            {texts.make}
          </Button>
        </div>
      </form>
    </Drawer>
  )
}
