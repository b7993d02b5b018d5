import { type FormEvent, type ReactNode, useState } from 'react'
import { useTexts } from '../text/texts.ts'
import { Button } from '../ui/button.tsx'
import { CopyButton } from '../ui/copy-as.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Drawer } from '../ui/drawer.tsx'
import { TextField } from '../ui/fields.tsx'
import { EmptyState, ErrorNotice } from '../ui/states.tsx'
import { uiTexts } from '../ui/texts.ts'
import { adminTexts } from './texts.ts'

/** The drawer of a record or of a form. */
export function RecordDrawer({
  kind,
  title,
  id,
  copyLabel,
  onClose,
  children,
}: {
  /** Such as `User`. */
  readonly kind: string
  readonly title: string
  /** Shown with a button that copies it. */
  readonly id?: string | undefined
  readonly copyLabel?: string
  readonly onClose: () => void
  readonly children: ReactNode
}) {
  const { copy } = useTexts(uiTexts)
  return (
    <Drawer
      label={`${kind} ${title}`}
      onClose={onClose}
      heading={
        <>
          <p className="text-small text-ink-3">{kind}</p>
          <h2 className="text-lead font-semibold wrap-anywhere">{title}</h2>
          {id !== undefined && (
            <p className="flex items-center gap-1 font-mono text-small text-ink-2">
              <span className="wrap-anywhere">{id}</span>
              <CopyButton text={id} label={copyLabel ?? `${copy} ${id}`} />
            </p>
          )}
        </>
      }
    >
      {children}
    </Drawer>
  )
}

/** The drawer of a record that the list does not have. */
export function UnknownDrawer({ kind, onClose }: { readonly kind: string; readonly onClose: () => void }) {
  const texts = useTexts(adminTexts)
  return (
    <RecordDrawer kind={kind} title="" onClose={onClose}>
      <EmptyState title={texts.unknown} />
    </RecordDrawer>
  )
}

/** A form with its fields, the error of the service and the button that sends it. */
export function DrawerForm({
  submit,
  why,
  whyNotYet,
  isPending,
  error,
  done,
  onSubmit,
  children,
}: {
  /** Words of the button. */
  readonly submit: string
  /** Why the user may not send it. */
  readonly why?: string | undefined
  /** Why there is nothing to send yet. */
  readonly whyNotYet?: string | undefined
  readonly isPending: boolean
  /** An error that no field shows. */
  readonly error?: unknown
  /** Message after success. */
  readonly done?: string | undefined
  readonly onSubmit: () => void
  readonly children: ReactNode
}) {
  const send = (event: FormEvent) => {
    event.preventDefault()
    if (why === undefined && whyNotYet === undefined && !isPending) onSubmit()
  }
  return (
    <form onSubmit={send} noValidate className="flex flex-col gap-4 p-4">
      {children}
      {error !== undefined && error !== null && <ErrorNotice error={error} />}
      <div className="flex items-center gap-3">
        <Button type="submit" variant="solid" why={why ?? whyNotYet} isPending={isPending}>
          {submit}
        </Button>
        <span role="status" className="text-small text-good">
          {done}
        </span>
      </div>
      {why !== undefined && <p className="text-small text-ink-2">{why}</p>}
    </form>
  )
}

/** A part of a drawer below a line, such as what disables or deletes a record. */
export function DrawerSection({ title, children }: { readonly title?: string; readonly children: ReactNode }) {
  return (
    <section className="flex flex-col items-start gap-2 border-t border-line p-4">
      {title !== undefined && <h3 className="text-body font-semibold">{title}</h3>}
      {children}
    </section>
  )
}

/** Asks for the name of a record before it is deleted. */
export function DeleteButton({
  name,
  title,
  hint,
  why,
  isPending,
  error,
  onDelete,
}: {
  /** The name of the record, which the user has to type. */
  readonly name: string
  readonly title: string
  readonly hint: string
  readonly why: string | undefined
  readonly isPending: boolean
  readonly error: unknown
  readonly onDelete: () => void
}) {
  const texts = useTexts(adminTexts)
  const { cancel } = useTexts(uiTexts)
  const [isAsking, setAsking] = useState(false)
  const [typed, setTyped] = useState('')
  const whyNotYet = typed === name ? undefined : texts.typeFirst(name)
  const send = (event: FormEvent) => {
    event.preventDefault()
    if (whyNotYet === undefined && !isPending) onDelete()
  }
  return (
    <>
      <Button
        variant="bad"
        why={why}
        onPress={() => {
          setTyped('')
          setAsking(true)
        }}
      >
        {texts.remove}
      </Button>
      {why !== undefined && <p className="text-small text-ink-2">{why}</p>}
      <Dialog title={title} isOpen={isAsking} onClose={() => setAsking(false)}>
        <form onSubmit={send} className="flex flex-col gap-4">
          <p>{hint}</p>
          <TextField
            label={texts.typeToDelete(name)}
            value={typed}
            onChange={setTyped}
            autoComplete="off"
            isMono
            autoFocus
          />
          {error !== undefined && error !== null && <ErrorNotice error={error} />}
          <div className="flex justify-end gap-2">
            <Button variant="quiet" onPress={() => setAsking(false)}>
              {cancel}
            </Button>
            <Button variant="bad" type="submit" why={whyNotYet} isPending={isPending}>
              {texts.remove}
            </Button>
          </div>
        </form>
      </Dialog>
    </>
  )
}

/** Enables or disables a record. */
export function EnableButton({
  isEnabled,
  hint,
  why,
  isPending,
  error,
  onChange,
}: {
  readonly isEnabled: boolean
  /** What disabling does. */
  readonly hint: string
  readonly why: string | undefined
  readonly isPending: boolean
  readonly error: unknown
  readonly onChange: (isEnabled: boolean) => void
}) {
  const texts = useTexts(adminTexts)
  return (
    <>
      <Button why={why} isPending={isPending} onPress={() => onChange(!isEnabled)}>
        {isEnabled ? texts.disable : texts.enable}
      </Button>
      <p className="text-small text-ink-2">{why ?? hint}</p>
      {error !== undefined && error !== null && <ErrorNotice error={error} />}
    </>
  )
}
