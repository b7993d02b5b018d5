import { Clock } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { useFormat } from '../text/format.ts'
import { useTexts } from '../text/texts.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { exploreTexts } from './texts.ts'

const HOUR_MS = 3_600_000
const AGES = [
  ['hourAgo', HOUR_MS],
  ['dayAgo', 24 * HOUR_MS],
  ['weekAgo', 7 * 24 * HOUR_MS],
  ['monthAgo', 30 * 24 * HOUR_MS],
] as const

/** Chooses the moment that the page is as of. */
export function AsOfButton({
  asOf,
  onChange,
}: {
  readonly asOf: string | undefined
  readonly onChange: (asOf: string) => void
}) {
  const texts = useTexts(exploreTexts)
  const [isOpen, setOpen] = useState(false)
  const choose = (time: number) => {
    setOpen(false)
    onChange(new Date(time).toISOString())
  }
  return (
    <>
      <Button variant="quiet" aria-haspopup="dialog" onPress={() => setOpen(true)}>
        <Clock className="size-4" aria-hidden="true" />
        {asOf === undefined ? texts.now : texts.moment}
      </Button>
      <Dialog title={texts.asOfTitle} isOpen={isOpen} onClose={() => setOpen(false)} width="w-[27rem]">
        <div className="flex flex-wrap gap-2">
          {AGES.map(([name, age]) => (
            <Button key={name} size="small" onPress={() => choose(Date.now() - age)}>
              {texts[name]}
            </Button>
          ))}
        </div>
        <TimeForm asOf={asOf} onChange={choose} />
      </Dialog>
    </>
  )
}

function TimeForm({
  asOf,
  onChange,
}: {
  readonly asOf: string | undefined
  readonly onChange: (time: number) => void
}) {
  const texts = useTexts(exploreTexts)
  const [text, setText] = useState(() => localOf(asOf?.includes('T') ? Date.parse(asOf) : Date.now()))
  const [isInvalid, setInvalid] = useState(false)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    // The field gives a time without a zone: that of the browser.
    const time = new Date(text).getTime()
    const isPast = time <= Date.now()
    setInvalid(!isPast)
    if (isPast) onChange(time)
  }
  return (
    <form onSubmit={submit} noValidate className="flex flex-col gap-1">
      <label className="flex flex-col gap-1 text-small font-medium text-ink-2">
        {texts.time}
        <span className="flex gap-2">
          <input
            type="datetime-local"
            step={1}
            value={text}
            max={localOf(Date.now())}
            aria-invalid={isInvalid}
            aria-describedby={isInvalid ? 'as-of-error' : undefined}
            onChange={(event) => setText(event.target.value)}
            className="h-7 grow rounded-control border border-control bg-surface px-2 text-body text-ink"
          />
          <Button type="submit" variant="solid">
            {texts.show}
          </Button>
        </span>
      </label>
      {isInvalid && (
        <p id="as-of-error" role="alert" className="text-small text-bad">
          {texts.timeInvalid}
        </p>
      )}
    </form>
  )
}

/** A time as the field of the browser takes it, in the browser's zone. */
function localOf(time: number): string {
  const date = new Date(time)
  return new Date(time - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 19)
}

/** Says that the page is as of an earlier moment. */
export function PastBanner({
  asOf,
  revision,
  onBack,
}: {
  readonly asOf: string
  readonly revision: number | undefined
  readonly onBack: () => void
}) {
  const texts = useTexts(exploreTexts)
  const format = useFormat()
  const isTime = asOf.includes('T') || asOf.includes('-')
  return (
    <p
      role="status"
      className="flex min-h-9 shrink-0 flex-wrap items-center gap-x-3 border-b border-line bg-past-tint px-3 py-1 text-body text-past"
    >
      <Clock className="size-4 shrink-0" aria-hidden="true" />
      <span>
        {texts.youLookAt}{' '}
        <strong className="font-semibold" title={isTime ? format.dateTimeUtc(asOf) : undefined}>
          {isTime ? format.dateTime(asOf) : texts.revision(format.number(Number(asOf)))}
        </strong>
        {isTime && revision !== undefined && `, ${texts.revision(format.number(revision))}`}, {texts.readOnly}
      </span>
      <Button size="small" onPress={onBack}>
        {texts.backToNow}
      </Button>
    </p>
  )
}
