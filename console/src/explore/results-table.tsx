import { memo, type ReactNode, useMemo } from 'react'
import { useFormat } from '../text/format.ts'
import { useTypeName } from '../text/resource-types.ts'
import { useTexts } from '../text/texts.ts'
import { DataTable, type TableColumn } from '../ui/data-table.tsx'
import { Meter, TagValue } from '../ui/marks.tsx'
import { ResourceName } from '../ui/resource-name.tsx'
import type { TableSelection } from '../ui/table-selection.ts'
import { idOf, type Resource } from './queries.ts'
import type { Choice } from './selection.ts'
import { exploreTexts } from './texts.ts'
import { TypeIcon } from './type-icon.tsx'

type Props = {
  readonly resources: readonly Resource[]
  /** Keys that stand as columns, each with its share of the matches. */
  readonly columns: readonly { readonly key: string; readonly share: number }[]
  readonly openId: string | undefined
  readonly onOpen: (id: string) => void
  readonly choice: Choice
  readonly onChoice: (choice: Choice) => void
  readonly onLoadMore: (() => void) | undefined
  readonly isLoadingMore: boolean
  readonly empty: ReactNode
}

/** The matches as a table. */
export const ResultsTable = memo(function ResultsTable(props: Props) {
  const { resources, columns, choice, onChoice, onOpen, ...rest } = props
  const texts = useTexts(exploreTexts)
  const tableColumns = useTableColumns(columns)
  const change = (selected: TableSelection) => {
    // The box in the head stands for the rows that are loaded; all matches are chosen by a button of their own.
    const ids = selected === 'all' ? resources.map(idOf) : selected
    onChoice({ kind: 'some', ids: new Set(ids) })
  }
  return (
    <DataTable
      label={texts.title}
      columns={tableColumns}
      items={resources}
      idOf={idOf}
      nameOf={({ resource_name: name, resource_id: id }) => name || id}
      onOpen={(resource) => onOpen(idOf(resource))}
      selection={{ selected: choice.kind === 'all' ? 'all' : choice.ids, onChange: change }}
      {...rest}
    />
  )
})

function useTableColumns(keys: Props['columns']): readonly TableColumn<Resource>[] {
  const texts = useTexts(exploreTexts)
  const format = useFormat()
  const typeName = useTypeName()
  // The table draws its rows again when the columns are others, not when the array is.
  const sign = JSON.stringify(keys)
  // biome-ignore lint/correctness/useExhaustiveDependencies: `sign` stands for the keys, and the texts for the language
  return useMemo(
    () => [
      {
        id: 'name',
        name: texts.name,
        cell: ({ resource_name: name, resource_id: id }) => <ResourceName name={name} id={id} />,
        title: ({ resource_name: name, resource_id: id }) => name || id,
        width: '3fr',
        minWidth: 200,
        isRowHeader: true,
      },
      {
        id: 'type',
        name: texts.type,
        cell: ({ resource_type: type }) => (
          <span className="flex min-w-0 items-center gap-1.5">
            <TypeIcon type={type} />
            <span className="truncate">{typeName(type)}</span>
          </span>
        ),
        title: ({ resource_type: type }) => typeName(type),
        width: 136,
      },
      ...keys.map(({ key, share }): TableColumn<Resource> => {
        const tagOf = ({ tags }: Resource) => tags.find((tag) => tag.key === key)?.value
        return {
          // Keys are free texts: the prefix keeps them apart from the other columns.
          id: `tag:${key}`,
          name: key,
          head: <KeyHead name={key} share={share} words={format.percent(share)} />,
          cell: (resource) => <TagValue value={tagOf(resource)} />,
          title: tagOf,
          width: '2fr',
          minWidth: 96,
        }
      }),
      {
        id: 'tags',
        name: texts.tags,
        cell: ({ tags }) => format.number(tags.length),
        width: 64,
        isNumber: true,
      },
    ],
    [sign, texts, format],
  )
}

/** The head of a key's column, with the line of its coverage below. */
function KeyHead({ name, share, words }: { readonly name: string; readonly share: number; readonly words: string }) {
  return (
    <span className="relative flex h-full min-w-0 grow items-center" title={`${name}: ${words}`}>
      <span className="truncate font-mono font-normal">{name}</span>
      <Meter share={share} className="absolute bottom-0 left-0 w-full" />
    </span>
  )
}
