import { useMutation } from '@tanstack/react-query'
import { ArrowDownToLine, ChevronLeft } from 'lucide-react'
import { Link } from 'react-aria-components'
import { useHref } from '../hrefs.ts'
import { useWhyNot } from '../session/permissions.ts'
import { useProject } from '../session/project.ts'
import { useFormat } from '../text/format.ts'
import { useTexts } from '../text/texts.ts'
import { Button, ButtonLink } from '../ui/button.tsx'
import { CopyAs, shellQuoted } from '../ui/copy-as.tsx'
import { downloadCsv } from '../ui/download.ts'
import { ErrorNotice } from '../ui/states.tsx'
import { readAllValues } from './queries.ts'
import type { Form } from './search.ts'
import { tagsTexts } from './texts.ts'

type Props = {
  readonly of: string
  readonly counts: {
    readonly values: readonly unknown[]
    readonly more: number
    readonly resources: number
    readonly all: number
  }
  /** The expression that finds the resources with the key. */
  readonly filter: string
  readonly hasChosen: boolean
  readonly onForm: (form: Form) => void
}

/** The head of a key: its numbers, and what can be done with it. */
export function KeyHead({ of, counts, filter, hasChosen, onForm }: Props) {
  const texts = useTexts(tagsTexts)
  const format = useFormat()
  const href = useHref()
  const { id } = useProject()
  const whyNot = useWhyNot()
  const whyNoPlan = whyNot('tagwerk:plans:create')
  const values = counts.values.length + counts.more
  const share = format.percent(counts.all === 0 ? 0 : counts.resources / counts.all)
  const save = useMutation({
    mutationFn: async () => {
      const all = await readAllValues(id, of)
      downloadCsv(
        `values-${of}.csv`,
        ['value', 'resources'],
        all.map(({ value, count }) => [value, count]),
      )
    },
  })
  const path = `/tagwerk/v1/${id}/tag-values?${new URLSearchParams({ key: of })}`
  return (
    <header className="flex min-h-14 shrink-0 flex-wrap items-center justify-between gap-x-4 gap-y-2 border-b border-line bg-surface px-4 py-2">
      <div className="min-w-0">
        <h1 className="font-mono text-lead font-semibold wrap-anywhere">{of}</h1>
        <p className="flex flex-wrap items-center gap-x-1.5 text-small text-ink-2">
          <Link href={href('tags')} className="inline-flex items-center rounded-mark text-accent focus-ring">
            <ChevronLeft className="size-3.5" aria-hidden="true" />
            {texts.back}
          </Link>
          · {texts.valuesCount(format.number(values), values === 1)}{' '}
          {texts.onResources(format.number(counts.resources), share)}
        </p>
      </div>
      <div className="flex flex-wrap items-center gap-2">
        <CopyAs call={{ method: 'GET', path }} command={`tagwerk values ${shellQuoted(of)}`} />
        <Button variant="quiet" isPending={save.isPending} onPress={() => save.mutate()}>
          <ArrowDownToLine className="size-3.5" aria-hidden="true" />
          {texts.exportCsv}
        </Button>
        <ButtonLink href={href('explore', { filter })}>{texts.explore}</ButtonLink>
        <Button why={whyNoPlan} onPress={() => onForm('rename')}>
          {texts.rename}
        </Button>
        <Button why={whyNoPlan ?? (hasChosen ? undefined : texts.chooseValues)} onPress={() => onForm('map')}>
          {texts.mapValues}
        </Button>
      </div>
      {save.isError && <ErrorNotice error={save.error} />}
    </header>
  )
}
