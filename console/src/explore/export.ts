import { useRef, useState } from 'react'
import { cellOf, cellOfValue, csvRow } from '../../../src/core/csv-cells.ts'
import { useProject } from '../session/project.ts'
import { downloadText } from '../ui/download.ts'
import { bodyOf, type Condition, type Resource, search } from './queries.ts'

const PAGE = 1000

export type ExportFormat = 'csv' | 'ndjson'

/** Downloads all matches of a condition, page by page. */
export function useExport() {
  const project = useProject()
  const [state, setState] = useState<{ readonly done: number; readonly total: number }>()
  const [error, setError] = useState<unknown>()
  const abort = useRef<AbortController>(undefined)
  const start = async (condition: Condition, format: ExportFormat) => {
    const controller = new AbortController()
    abort.current?.abort()
    abort.current = controller
    setError(undefined)
    try {
      const resources: Resource[] = []
      for await (const page of pagesOf(project.id, condition, controller.signal)) {
        resources.push(...page.resources)
        setState({ done: resources.length, total: page.total_count })
      }
      save(resources, format, project.name)
    } catch (failure) {
      if (!controller.signal.aborted) setError(failure)
    } finally {
      if (abort.current === controller) setState(undefined)
    }
  }
  const stop = () => {
    abort.current?.abort()
    setState(undefined)
  }
  return { state, error, start, stop }
}

async function* pagesOf(project: string, condition: Condition, signal: AbortSignal) {
  let after: string | undefined
  do {
    const page = await search(
      project,
      { ...bodyOf(condition), limit: PAGE, ...(after === undefined ? {} : { after }) },
      signal,
    )
    yield page
    after = page.next
  } while (after !== undefined)
}

/** Saves resources as a file that an import, and for CSV a plan, reads. */
export function save(resources: readonly Resource[], format: ExportFormat, project: string): void {
  const name = `resources.${format}`
  if (format === 'csv') downloadText(name, csvOf(resources, project), 'text/csv')
  else downloadText(name, linesOf(resources, project), 'application/x-ndjson')
}

const BEFORE = ['resource_type', 'project', 'resource_id', 'resource_name'] as const
const AFTER = ['created_at', 'updated_at', 'resource_detail'] as const
/** Without it, Excel does not read UTF-8. */
const BYTE_ORDER_MARK = '\uFEFF'

/** The columns of `tagwerk export --format csv`. */
export function csvOf(resources: readonly Resource[], project: string): string {
  const keys = [...new Set(resources.flatMap(({ tags }) => tags.map(({ key }) => key)))].sort()
  const head = [...BEFORE, ...keys.map((key) => `tag:${key}`), ...AFTER]
  const rows = resources.map((resource) => {
    const values = new Map(resource.tags.map(({ key, value }) => [key, value]))
    const {
      resource_type: type,
      resource_id: id,
      resource_name: name,
      created_at,
      updated_at,
      resource_detail,
    } = resource
    return [
      ...[type, project, id, name].map(cellOf),
      ...keys.map((key) => cellOfValue(values.get(key))),
      ...[created_at, updated_at, JSON.stringify(resource_detail)].map(cellOf),
    ]
  })
  return BYTE_ORDER_MARK + [head, ...rows].map(csvRow).join('')
}

/** The lines of `tagwerk export`. */
export function linesOf(resources: readonly Resource[], project: string): string {
  return resources.map((resource) => `${JSON.stringify({ project, ...resource })}\n`).join('')
}
