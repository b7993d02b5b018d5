import type { Project } from '../../iam/accounts.ts'

/** Projects as a list shows them; `query` is what was asked, so that links to other pages ask the same. */
export function projectListView(
  projects: readonly Project[],
  url: string,
  query: Readonly<Record<string, string | number | boolean | undefined>>,
  { page, hasNext }: { readonly page: number; readonly hasNext: boolean },
) {
  const linkTo = (number: number) => {
    const asked = new URLSearchParams()
    for (const [name, value] of Object.entries({ ...query, page: number })) {
      if (value !== undefined) asked.set(name, String(value))
    }
    return `${url}?${asked}`
  }
  return {
    links: {
      self: Object.keys(query).length === 0 ? url : linkTo(page),
      previous: page > 1 ? linkTo(page - 1) : null,
      next: hasNext ? linkTo(page + 1) : null,
    },
    projects: projects.map(({ id, name, domainId, enabled, description }) => ({
      ...{ id, name, domain_id: domainId, parent_id: domainId, is_domain: false, enabled, description },
      links: { self: `${url.replace(/\/auth\/projects$/, '/projects')}/${id}` },
    })),
  }
}
