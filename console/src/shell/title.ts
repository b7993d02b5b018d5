import { useEffect } from 'react'
import { useProject } from '../session/project.ts'

/** Names the page in the title of the window. */
export function useTitle(page: string): void {
  const { name } = useProject()
  useEffect(() => {
    document.title = `${page} · ${name} · Tagwerk`
  }, [page, name])
}
