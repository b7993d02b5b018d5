import type { ReactNode } from 'react'
import {
  Cell,
  Collection,
  Column,
  ResizableTableContainer,
  Row,
  type Selection,
  Table,
  TableBody,
  TableHeader,
  TableLayout,
  TableLoadMoreItem,
  Virtualizer,
} from 'react-aria-components'
import { useLanguage } from '../text/language.ts'
import { usePreferences } from '../text/preferences.ts'
import { useTexts } from '../text/texts.ts'
import { Checkbox } from './choice.tsx'
import { uiTexts } from './texts.ts'

export type TableColumn<T> = {
  readonly id: string
  /** What stands in the head; `name` is its plain text. */
  readonly name: string
  readonly head?: ReactNode
  readonly cell: (item: T) => ReactNode
  /** The whole text of a cell that may be cut, shown as its title. */
  readonly title?: (item: T) => string | undefined
  /** CSS pixels, or a share of what is left, such as `2fr`. */
  readonly width: number | `${number}fr`
  readonly minWidth?: number
  readonly isRowHeader?: boolean
  /** Numbers stand at the right. */
  readonly isNumber?: boolean
}

type Props<T> = {
  readonly label: string
  readonly columns: readonly TableColumn<T>[]
  readonly items: readonly T[]
  readonly idOf: (item: T) => string
  /** Words for a row, for typing ahead and for its check box. */
  readonly nameOf: (item: T) => string
  /** Enter or a click. */
  readonly onOpen?: ((item: T) => void) | undefined
  /** The row whose details are shown. */
  readonly openId?: string | undefined
  readonly selection?: {
    readonly selected: Selection
    readonly onChange: (selected: Selection) => void
  }
  /** Asks for the next page, when the end comes near. */
  readonly onLoadMore?: (() => void) | undefined
  readonly isLoadingMore?: boolean
  /** What stands in place of rows. */
  readonly empty?: ReactNode
  /** What cells read besides their item; a row is drawn again when one of these changes. */
  readonly dependencies?: readonly unknown[]
}

const HEAD_PX = 32
const ROW_PX = { dense: 30, comfortable: 36 }
const BOX_PX = 40

const CELL = 'flex h-full items-center overflow-hidden px-2 text-body focus-ring-inside'

/** A table of any number of rows, of which only those in sight are in the page. */
export function DataTable<T extends object>(props: Props<T>) {
  const { label, columns, items, idOf, onOpen, selection, onLoadMore, isLoadingMore = false, empty } = props
  const texts = useTexts(uiTexts)
  const language = useLanguage()
  const { density } = usePreferences()
  const byId = new Map(items.map((item) => [idOf(item), item]))
  // Cached rows are drawn again only for these: without the language, rows would keep that of before.
  const dependencies = [columns, language, props.openId, ...(props.dependencies ?? [])]
  return (
    // The sticky head of the virtual table has a z-index of its own, which must not reach over a drawer.
    <ResizableTableContainer data-results className="isolate min-h-0 grow overflow-auto bg-surface">
      <Virtualizer layout={TableLayout} layoutOptions={{ rowHeight: ROW_PX[density], headingHeight: HEAD_PX }}>
        <Table
          aria-label={label}
          selectionMode={selection === undefined ? 'none' : 'multiple'}
          selectionBehavior="toggle"
          {...(selection && { selectedKeys: selection.selected, onSelectionChange: selection.onChange })}
          onRowAction={(key) => {
            const item = byId.get(String(key))
            if (item !== undefined) onOpen?.(item)
          }}
          className="min-w-full focus-ring-inside"
        >
          <TableHeader className="bg-surface">
            {selection !== undefined && (
              <Column
                id="selection"
                width={BOX_PX}
                minWidth={BOX_PX}
                className="flex h-8 items-center border-b border-line pl-3"
              >
                <Checkbox slot="selection" />
              </Column>
            )}
            {columns.map((column) => (
              <HeadCell key={column.id} column={column} />
            ))}
          </TableHeader>
          <TableBody dependencies={dependencies} renderEmptyState={() => <div className="w-full">{empty}</div>}>
            <Collection items={items} dependencies={dependencies}>
              {/* The id is what the collection knows a row by: without it, a row would take the place of another. */}
              {(item) => <DataRow {...props} id={idOf(item)} item={item} />}
            </Collection>
            {onLoadMore !== undefined && (
              <TableLoadMoreItem
                onLoadMore={onLoadMore}
                isLoading={isLoadingMore}
                className="flex items-center px-4 text-small text-ink-3"
              >
                {texts.loading}
              </TableLoadMoreItem>
            )}
          </TableBody>
        </Table>
      </Virtualizer>
    </ResizableTableContainer>
  )
}

function HeadCell<T>({ column }: { readonly column: TableColumn<T> }) {
  return (
    <Column
      id={column.id}
      textValue={column.name}
      width={column.width}
      minWidth={column.minWidth ?? 64}
      isRowHeader={column.isRowHeader ?? false}
      className={`flex h-8 items-center overflow-hidden border-b border-line px-2 text-small font-medium text-ink-2 focus-ring-inside ${column.isNumber ? 'justify-end' : ''}`}
    >
      {column.head ?? <span className="truncate">{column.name}</span>}
    </Column>
  )
}

function DataRow<T extends object>({
  id,
  item,
  columns,
  nameOf,
  onOpen,
  openId,
  selection,
}: Props<T> & { readonly id: string; readonly item: T }) {
  return (
    <Row
      id={id}
      textValue={nameOf(item)}
      data-open={id === openId || undefined}
      className={`h-full border-b border-line focus-ring-inside data-hovered:bg-hover data-selected:bg-tint data-open:shadow-[inset_2px_0_var(--color-accent)] ${onOpen ? 'cursor-pointer' : ''}`}
    >
      {selection !== undefined && (
        <Cell className={`${CELL} pl-3`}>
          <Checkbox slot="selection" />
        </Cell>
      )}
      {columns.map((column) => (
        <Cell key={column.id} className={`${CELL} ${column.isNumber ? 'justify-end tabular-nums' : ''}`}>
          <span className="truncate" title={column.title?.(item)}>
            {column.cell(item)}
          </span>
        </Cell>
      ))}
    </Row>
  )
}
