import { Minus, Pencil, Plus } from 'lucide-react'
import { type ReactNode, useMemo } from 'react'
import { KeyMarks } from '../changes/effect.tsx'
import { ActorName } from '../changes/origin.tsx'
import { useTypeName } from '../text/resource-types.ts'
import { useTexts } from '../text/texts.ts'
import { DataTable, type TableColumn } from '../ui/data-table.tsx'
import { ResourceName } from '../ui/resource-name.tsx'
import type { Difference, Movement } from './difference.ts'
import { keyChangesOf } from './key-changes.ts'
import { compareTexts } from './texts.ts'

const SIGNS = {
  entered: { icon: Plus, look: 'text-good' },
  left: { icon: Minus, look: 'text-bad' },
  changed: { icon: Pencil, look: 'text-warn' },
} as const

/** The sign of a movement; its word is hidden. */
export function MovementSign({ movement }: { readonly movement: Movement }) {
  const texts = useTexts(compareTexts)
  const { icon: Icon, look } = SIGNS[movement]
  const word = { entered: texts.enteredWord, left: texts.leftWord, changed: texts.changedWord }[movement]
  return (
    <span className={look} title={word}>
      <Icon className="size-4" aria-hidden="true" />
      <span className="sr-only">{word}</span>
    </span>
  )
}

export function idOf({ resource_type: type, resource_id: id }: Difference): string {
  return `${type}/${id}`
}

/** The resources that differ, each with the marks of its keys. */
export function DifferenceTable({
  rows,
  openId,
  onOpen,
  empty,
}: {
  readonly rows: readonly Difference[]
  readonly openId: string | undefined
  readonly onOpen: (row: Difference) => void
  readonly empty: ReactNode
}) {
  const texts = useTexts(compareTexts)
  const columns = useColumns()
  return (
    <DataTable
      label={texts.title}
      columns={columns}
      items={rows}
      idOf={idOf}
      nameOf={({ resource_name: name, resource_id: id }) => name || id}
      onOpen={onOpen}
      openId={openId}
      empty={empty}
    />
  )
}

function useColumns(): readonly TableColumn<Difference>[] {
  const texts = useTexts(compareTexts)
  const typeName = useTypeName()
  // biome-ignore lint/correctness/useExhaustiveDependencies: the names of types follow the language, as the texts do
  return useMemo(
    () => [
      {
        id: 'movement',
        name: texts.movementColumn,
        head: <span className="sr-only">{texts.movementColumn}</span>,
        cell: ({ movement }) => <MovementSign movement={movement} />,
        width: 40,
        minWidth: 40,
      },
      {
        id: 'name',
        name: texts.name,
        cell: ({ resource_name: name, resource_id: id }) => <ResourceName name={name} id={id} />,
        title: ({ resource_name: name, resource_id: id }) => name || id,
        width: '3fr',
        minWidth: 180,
        isRowHeader: true,
      },
      { id: 'type', name: texts.type, cell: ({ resource_type: type }) => typeName(type), width: '1fr', minWidth: 130 },
      {
        id: 'keys',
        name: texts.keys,
        cell: (row) => <Marks row={row} />,
        title: wordsOf,
        width: '5fr',
        minWidth: 200,
      },
      {
        id: 'actors',
        name: texts.actors,
        cell: ({ actors: [first, ...others] }) => (
          <span className="text-ink-2">
            {first !== undefined && <ActorName actor={first} />}
            {others.length > 0 && ` +${others.length}`}
          </span>
        ),
        title: ({ actors }) => actors.map(({ name, id }) => name ?? id).join(', '),
        width: '1fr',
        minWidth: 90,
      },
    ],
    [texts],
  )
}

/** Marks beyond these do not fit in a row. */
const MARKS_MAX = 6

function Marks({ row }: { readonly row: Difference }) {
  const texts = useTexts(compareTexts)
  const changes = keyChangesOf(row)
  const isRenamed = row.from !== null && row.to !== null && row.from.resource_name !== row.to.resource_name
  const isNothing = changes.length === 0 && !isRenamed && row.movement === 'changed'
  return (
    <span className="flex items-center gap-3 *:shrink-0">
      {isRenamed && <span className="text-small text-ink-2">{texts.nameDiffers}</span>}
      {isNothing && <span className="text-small text-ink-2">{texts.detailDiffers}</span>}
      {changes.slice(0, MARKS_MAX).map((change) => (
        <KeyMarks key={change.key} change={change} />
      ))}
      {changes.length > MARKS_MAX && <span className="text-small text-ink-3">+{changes.length - MARKS_MAX}</span>}
    </span>
  )
}

function wordsOf(row: Difference): string {
  return keyChangesOf(row)
    .map(({ key, before, after }) => `${key}: ${before ?? '–'} → ${after ?? '–'}`)
    .join('\n')
}
