import { useProject } from '../session/project.ts'
import { useFormat } from '../text/format.ts'
import { useTexts } from '../text/texts.ts'
import { Segments, Select } from '../ui/choice.tsx'
import { CopyAs, shellQuoted } from '../ui/copy-as.tsx'
import type { CleanUpSearch } from './search.ts'
import { cleanUpTexts } from './texts.ts'

type Props = {
  readonly search: CleanUpSearch
  /** The key whose values are compared. */
  readonly compared: string | undefined
  /** Undefined until they are there. */
  readonly keys: readonly { readonly key: string }[] | undefined
  readonly count: number | undefined
  readonly onChange: (changes: Partial<CleanUpSearch>) => void
}

/** The head of Clean-up: what is compared. */
export function CleanUpHead({ search, compared, keys, count, onChange }: Props) {
  const texts = useTexts(cleanUpTexts)
  const format = useFormat()
  const groups = format.number(count ?? 0)
  return (
    <header className="flex min-h-14 shrink-0 flex-wrap items-center justify-between gap-2 border-b border-line bg-surface px-4 py-2">
      <div>
        <h1 className="text-title font-semibold">{texts.title}</h1>
        <p role="status" className="min-h-4 text-small text-ink-2">
          {count !== undefined &&
            (compared === undefined ? texts.aboutKeys(groups) : texts.aboutValues(groups, compared))}
        </p>
      </div>
      <div className="flex flex-wrap items-center gap-2">
        <Copy search={search} compared={compared} />
        {search.of === 'values' && compared !== undefined && keys !== undefined && (
          <Select
            label={texts.key}
            isLabelHidden
            options={optionsOf(keys, compared)}
            value={compared}
            onChange={(key) => onChange({ key })}
          />
        )}
        <Segments
          label={texts.compare}
          options={[
            { id: 'keys', label: texts.keys },
            { id: 'values', label: texts.values },
          ]}
          value={search.of}
          onChange={(of) => onChange({ of, key: undefined })}
        />
      </div>
    </header>
  )
}

function optionsOf(keys: NonNullable<Props['keys']>, compared: string) {
  const options = keys.map(({ key }) => ({ id: key, label: key }))
  return options.some(({ id }) => id === compared) ? options : [{ id: compared, label: compared }, ...options]
}

function Copy({ search: { kind }, compared }: Pick<Props, 'search' | 'compared'>) {
  const { id } = useProject()
  const query = new URLSearchParams()
  if (compared !== undefined) query.set('key', compared)
  if (kind === 'ignored') query.set('ignored', 'true')
  else query.set('kind', kind)
  const words = ['tagwerk near-duplicates', kind === 'ignored' ? '--ignored' : `--kind ${kind}`]
  if (compared !== undefined) words.push(`--key ${shellQuoted(compared)}`)
  return (
    <CopyAs call={{ method: 'GET', path: `/tagwerk/v1/${id}/near-duplicates?${query}` }} command={words.join(' ')} />
  )
}
