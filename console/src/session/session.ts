import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { createContext, useContext } from 'react'
import { ApiError, answerOf, api, sessionEnd } from '../api/client.ts'
import type { operations } from '../api/schema.d.ts'

type SessionAnswer = operations['ShowSession']['responses'][200]['content']['application/json']

/** Who is logged in, and the projects that the user may open. */
export type Session = SessionAnswer
export type Project = Session['projects'][number]

export const SESSION_KEY = ['session'] as const

/** The session of this browser; null without one. */
export function useSessionQuery() {
  return useQuery({
    queryKey: SESSION_KEY,
    queryFn: async ({ signal }): Promise<Session | null> => {
      try {
        return await answerOf(api.GET('/tagwerk/v1/session', { signal }))
      } catch (error) {
        if (error instanceof ApiError && error.status === 401) return null
        throw error
      }
    },
    staleTime: Number.POSITIVE_INFINITY,
  })
}

export type Credentials = { readonly user: string; readonly password: string; readonly domain: string }

/** Logs in, and shows what was asked for before. */
export function useLogIn() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: Credentials): Promise<Session> => answerOf(api.POST('/tagwerk/v1/session', { body })),
    onSuccess: (session) => queries.setQueryData(SESSION_KEY, session),
  })
}

export type PasswordChange = { readonly original: string; readonly password: string }

/** Changes the password of the user, which ends all sessions, and logs in with the new one. */
export function useChangePassword({ user, domain }: Session) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async ({ original, password }: PasswordChange) => {
      sessionEnd.isRenewing = true
      try {
        await answerOf(api.PUT('/tagwerk/v1/session/password', { body: { original_password: original, password } }))
        const body = { user: user.name, password, domain: domain.name }
        // The password is changed already, so a log-in that fails is no failure of the change: the page of the log-in follows.
        const session = await answerOf(api.POST('/tagwerk/v1/session', { body })).catch(() => null)
        queries.setQueryData(SESSION_KEY, session)
      } finally {
        sessionEnd.isRenewing = false
      }
    },
  })
}

/** Ends the session, and forgets everything that it has shown. */
export function useLogOut() {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: () => answerOf(api.DELETE('/tagwerk/v1/session')),
    onSuccess: () => {
      // First, so that the log-in takes the place of the pages: they would ask again for what is forgotten.
      queries.setQueryData(SESSION_KEY, null)
      queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== SESSION_KEY[0] })
    },
  })
}

export const SessionContext = createContext<Session | undefined>(undefined)

/** The session of the user; only below the shell. */
export function useSession(): Session {
  const session = useContext(SessionContext)
  if (session === undefined) throw new Error('there is no session here')
  return session
}
