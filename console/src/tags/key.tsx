import { useParams, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { filterOf } from '../clean-up/choice.ts'
import { pathOf, useHref } from '../hrefs.ts'
import { useTitle } from '../shell/title.ts'
import { useTexts } from '../text/texts.ts'
import { ButtonLink } from '../ui/button.tsx'
import { EmptyState, ErrorNotice, Loading, LoadingLine } from '../ui/states.tsx'
import { KeyAbout } from './key-about.tsx'
import { KeyHead } from './key-head.tsx'
import { MapForm } from './map-form.tsx'
import { useMostUsed } from './queries.ts'
import { RenameForm } from './rename-form.tsx'
import { fromRowId } from './row-id.ts'
import { fromKeySearch, type KeySearch, toKeySearch } from './search.ts'
import { tagsTexts } from './texts.ts'
import { Trend } from './trend.tsx'
import { Values } from './values.tsx'

/** One key: its values, what it is near to, the rule about it, and plans for it. */
export function KeyPage() {
  const { key = '' } = useParams({ strict: false })
  useTitle(key)
  return <OneKey key={key} of={key} />
}

function OneKey({ of }: { readonly of: string }) {
  const texts = useTexts(tagsTexts)
  const href = useHref()
  const search = toKeySearch(useSearch({ strict: false }))
  const found = useMostUsed(of)
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set())
  const change = (changes: Partial<KeySearch>) =>
    href.open(pathOf('tags', of), fromKeySearch({ ...search, ...changes }))
  const close = () => change({ form: undefined })
  const { data } = found
  if (data === undefined) {
    return found.isError ? <ErrorNotice error={found.error} onRetry={() => void found.refetch()} /> : <Loading />
  }
  if (data.resources === 0) {
    return (
      <EmptyState title={texts.unknownKey(of)}>
        <ButtonLink href={href('tags')}>{texts.back}</ButtonLink>
      </EmptyState>
    )
  }
  const values = [...chosen].map(fromRowId)
  return (
    <>
      <KeyHead
        of={of}
        counts={data}
        filter={filterOf(undefined, of)}
        hasChosen={values.length > 0}
        onForm={(form) => change({ form })}
      />
      <LoadingLine isLoading={found.isFetching} />
      <div className="relative flex min-h-0 grow flex-col overflow-auto min-[56rem]:flex-row min-[56rem]:overflow-hidden">
        <div className="flex min-h-112 min-w-0 grow flex-col bg-surface min-[56rem]:min-h-0">
          <Trend of={of} />
          <Values
            of={of}
            mostUsed={data}
            order={search.order}
            onOrder={(order) => change({ order })}
            chosen={chosen}
            onChoose={setChosen}
          />
        </div>
        {search.form === undefined && <KeyAbout of={of} />}
        {search.form === 'rename' && <RenameForm of={of} onClose={close} />}
        {search.form === 'map' && <MapForm of={of} values={values} onClose={close} />}
      </div>
    </>
  )
}
