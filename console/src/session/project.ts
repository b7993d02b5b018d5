import { useQuery } from '@tanstack/react-query'
import { createContext, useContext } from 'react'
import { answerOf, api } from '../api/client.ts'
import type { Project } from './session.ts'

export const ProjectContext = createContext<Project | undefined>(undefined)

/** The project that the page is about; only below its route. */
export function useProject(): Project {
  const project = useContext(ProjectContext)
  if (project === undefined) throw new Error('there is no project here')
  return project
}

/** Interval between two polls of the revision. */
const POLL_MS = 2000

export const liveKey = (project: string) => ['live', project] as const

/** The revision and the size of a project, asked for again every two seconds. */
export function useLive({ id }: Project) {
  return useQuery({
    queryKey: liveKey(id),
    queryFn: async ({ signal }) => {
      const path = { project_id: id }
      const body = { limit: 0 }
      const call = api.POST('/tagwerk/v1/{project_id}/resources/search', { params: { path }, body, signal })
      const { revision, total_count } = await answerOf(call)
      return { revision, resources: total_count }
    },
    refetchInterval: POLL_MS,
    retry: false,
  })
}
