import { Plus } from 'lucide-react'
import { type ReactNode, useMemo } from 'react'
import { useTexts } from '../text/texts.ts'
import { Button } from '../ui/button.tsx'
import { DataTable, type TableColumn } from '../ui/data-table.tsx'
import { EmptyState } from '../ui/states.tsx'
import { UnknownDrawer } from './drawer-parts.tsx'
import { AdminPage, type Asked, FindField, ListStates, matching } from './page.tsx'
import { useAdminSearch } from './search.ts'
import { adminTexts } from './texts.ts'

/** A page with all records of a kind: a list to search by name, a drawer for each, and one for a new record. */
export function RecordsPage<T extends { readonly id: string }>({
  section,
  kind,
  about,
  command,
  found,
  why,
  create,
  columns,
  nameOf,
  none,
  drawer,
  newDrawer,
}: {
  readonly section: 'projects' | 'users' | 'roles'
  /** Such as `User`. */
  readonly kind: string
  readonly about: string
  readonly command: string
  readonly found: Asked & { readonly data: readonly T[] | undefined }
  /** Why the user may not see them. */
  readonly why: string | undefined
  /** Words of the main button, and why the user may not press it. */
  readonly create: { readonly words: string; readonly why: string | undefined }
  readonly columns: readonly TableColumn<T>[]
  readonly nameOf: (record: T) => string
  /** What stands in place of a list without records. */
  readonly none: ReactNode
  readonly drawer: (record: T) => ReactNode
  readonly newDrawer: ReactNode
}) {
  const texts = useTexts(adminTexts)
  const { find, open, form, change, openRecord, openForm, close } = useAdminSearch(section)
  const shown = useMemo(() => matching(found.data ?? [], find, nameOf), [found.data, find, nameOf])
  const opened = found.data?.find(({ id }) => id === open)
  const isUnknown = open !== undefined && found.data !== undefined && opened === undefined
  return (
    <AdminPage
      title={texts[section]}
      about={about}
      call={{ method: 'GET', path: `/tagwerk/v1/domain/${section}` }}
      command={command}
      tools={<FindField value={find} onChange={(text) => change({ find: text })} />}
      action={
        <Button variant="solid" why={create.why} onPress={openForm}>
          <Plus className="size-3.5" aria-hidden="true" />
          {create.words}
        </Button>
      }
      drawer={
        form === 'new' ? (
          newDrawer
        ) : isUnknown ? (
          <UnknownDrawer kind={kind} onClose={close} />
        ) : (
          opened !== undefined && drawer(opened)
        )
      }
    >
      <ListStates query={found} why={why}>
        <DataTable
          label={texts[section]}
          columns={columns}
          items={shown}
          idOf={({ id }) => id}
          nameOf={nameOf}
          onOpen={({ id }) => openRecord(id)}
          openId={open}
          empty={found.data?.length === 0 ? none : <EmptyState title={texts.noneFound(find)} />}
        />
      </ListStates>
    </AdminPage>
  )
}
