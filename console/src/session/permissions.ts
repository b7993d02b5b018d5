import { useQuery } from '@tanstack/react-query'
import { answerOf, api } from '../api/client.ts'
import { useTexts } from '../text/texts.ts'
import { useProject } from './project.ts'
import { sessionTexts } from './texts.ts'

/** Says why the user may not do something: undefined if it may. `whose`: what it is done to, the user's own or others' too. */
export type WhyNot = (action: string, whose?: 'own' | 'others') => string | undefined

/**
 * Gives the function that says why an action is refused in the present project, such as `tagwerk:plans:apply`. Until the answer is
 * there everything seems allowed; the service decides in any case.
 */
export function useWhyNot(): WhyNot {
  const { id } = useProject()
  const { data } = useQuery({
    queryKey: ['permissions', id],
    queryFn: ({ signal }) =>
      answerOf(api.GET('/tagwerk/v1/{project_id}/permissions', { params: { path: { project_id: id } }, signal })),
    staleTime: STALE_MS,
  })
  return useWords(data?.actions)
}

/** The same for actions in the domain, such as `tagwerk:policies:update` of its policies. */
export function useWhyNotInDomain(): WhyNot {
  return useWords(useDomainPermissions().data?.actions)
}

/** Whether it is known what the user may do in the domain, so that nothing is asked for that is refused. */
export function useKnowsDomainPermissions(): boolean {
  return !useDomainPermissions().isPending
}

function useDomainPermissions() {
  return useQuery({
    queryKey: ['permissions', 'domain'],
    queryFn: ({ signal }) => answerOf(api.GET('/tagwerk/v1/domain/permissions', { signal })),
    staleTime: STALE_MS,
  })
}

const STALE_MS = 60_000

function useWords(actions: Readonly<Record<string, string>> | undefined): WhyNot {
  const texts = useTexts(sessionTexts)
  return (action, whose = 'own') => {
    const permission = actions?.[action] ?? 'allowed'
    if (permission === 'allowed') return undefined
    if (permission === 'own') return whose === 'own' ? undefined : texts.ownOnly(action)
    return permission === 'denied' ? texts.denied(action) : texts.notGranted(action)
  }
}
