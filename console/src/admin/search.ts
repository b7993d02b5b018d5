import { useRouterState, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useHref } from '../hrefs.ts'
import { oneOf, textOf } from '../router-search.ts'

export const SECTIONS = ['projects', 'users', 'roles', 'access-keys', 'limits', 'faults', 'account-log'] as const
export type Section = (typeof SECTIONS)[number]

export const DRAWER_TABS = ['settings', 'roles', 'password'] as const
export type DrawerTab = (typeof DRAWER_TABS)[number]

/** What the address of a page of Admin says. */
export type AdminSearch = {
  /** Id of the record in the drawer. */
  readonly open: string | undefined
  /** The drawer makes a new record, or changes what is set for all. */
  readonly form: 'new' | undefined
  readonly tab: DrawerTab
  /** Text that names have to contain. */
  readonly find: string
  /** The user whose access keys are shown. */
  readonly user: string | undefined
  /** The project whose limits are shown. */
  readonly of: string | undefined
}

export function toAdminSearch(search: Readonly<Record<string, unknown>>): AdminSearch {
  return {
    open: textOf(search.open),
    form: oneOf(search.form, ['new'] as const),
    tab: oneOf(search.tab, DRAWER_TABS) ?? 'settings',
    find: textOf(search.find) ?? '',
    user: textOf(search.user),
    of: textOf(search.of),
  }
}

/** The query of an address; what is the default is left out. */
export function fromAdminSearch({ open, form, tab, find, user, of }: AdminSearch) {
  return {
    open,
    form,
    tab: tab === 'settings' ? undefined : tab,
    find: find === '' ? undefined : find,
    user,
    of,
  }
}

/** What a page of Admin is asked to show, and the functions that change it. */
export function useAdminSearch(section: Section) {
  const href = useHref()
  const found = useSearch({ strict: false })
  return useMemo(() => {
    const search = toAdminSearch(found)
    const change = (changes: Partial<AdminSearch>) =>
      href.open(`admin/${section}`, fromAdminSearch({ ...search, ...changes }))
    return {
      ...search,
      change,
      openRecord: (id: string, tab: DrawerTab = 'settings') => change({ open: id, form: undefined, tab }),
      openForm: () => change({ open: undefined, form: 'new', tab: 'settings' }),
      close: () => change({ open: undefined, form: undefined, tab: 'settings' }),
    }
  }, [href, section, found])
}

/** The page of Admin that is shown. */
export function useSection(): Section | undefined {
  const path = useRouterState({ select: ({ location }) => location.pathname })
  const [, , , section] = path.split('/')
  return SECTIONS.find((each) => each === section)
}
