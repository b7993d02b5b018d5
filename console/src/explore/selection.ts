import { useCallback, useState } from 'react'

/** The rows that are chosen: some by id, or all that match, wherever they are. */
export type Choice = { readonly kind: 'some'; readonly ids: ReadonlySet<string> } | { readonly kind: 'all' }

export const NOTHING: Choice = { kind: 'some', ids: new Set() }

/** The choice of rows. It ends when the rows are those of another query. */
export function useChoice(query: string): { readonly choice: Choice; readonly setChoice: (choice: Choice) => void } {
  const [state, setState] = useState<{ readonly query: string; readonly choice: Choice }>({ query, choice: NOTHING })
  const setChoice = useCallback((choice: Choice) => setState({ query, choice }), [query])
  return { choice: state.query === query ? state.choice : NOTHING, setChoice }
}

/** The number of chosen resources. */
export function sizeOf(choice: Choice, total: number): number {
  return choice.kind === 'all' ? total : choice.ids.size
}
