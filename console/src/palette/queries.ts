import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { printExpression } from '../../../src/core/expression/print-expression.ts'
import { search, useProjectKeys } from '../explore/queries.ts'
import { useProject } from '../session/project.ts'

const RESOURCES = 6
/** Keys whose values can be found: as many as a search counts at once. */
const KEYS = 10
const VALUES = 200
const STALE_MS = 60_000
const WAIT_MS = 150

/** The resources whose name has a text, or whose id is the text. */
export function useFoundResources(text: string) {
  const { id } = useProject()
  const settled = useSettled(text)
  const { data, isFetching } = useQuery({
    queryKey: ['project', id, 'palette', settled],
    queryFn: ({ signal }) => {
      const filter = printExpression({
        kind: 'or',
        operands: [
          { kind: 'name-text', method: 'containsFold', text: settled },
          { kind: 'member-in', member: 'id', values: [settled] },
        ],
      })
      return search(id, { filter, limit: RESOURCES }, signal)
    },
    enabled: settled !== '',
    placeholderData: keepPreviousData,
    staleTime: STALE_MS,
  })
  const isAsked = text !== '' && settled === text && !isFetching
  return { resources: text === '' ? [] : (data?.resources ?? []), isAsked }
}

/** The keys of the project and the most used values of the most used keys. */
export function useFoundTags() {
  const { id } = useProject()
  const keys = useProjectKeys(undefined).data?.keys ?? []
  const top = keys.slice(0, KEYS).map(({ key }) => key)
  const { data } = useQuery({
    queryKey: ['project', id, 'palette-values', top],
    queryFn: ({ signal }) => search(id, { limit: 0, facets: top.map((key) => ({ key, limit: VALUES })) }, signal),
    enabled: top.length > 0,
    staleTime: STALE_MS,
  })
  const values = (data?.facets ?? []).flatMap(({ key = '', values: list = [] }) =>
    list.map(({ value, count }) => ({ key, value, count })),
  )
  return { keys, values }
}

/** A text once it has not changed for a moment. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), WAIT_MS)
    return () => clearTimeout(timer)
  }, [text])
  return settled
}
