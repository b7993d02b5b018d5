import { ApiError } from '../error-answer.ts'

/** What the service does not have, or the caller may not read. The rest of a report is still worth having. */
const ABSENT = ['action-forbidden', 'route-not-found']

/** Null if a call of the service is not there, or not allowed. */
export async function unlessAbsent<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read()
  } catch (error) {
    if (error instanceof ApiError && error.code !== undefined && ABSENT.includes(error.code)) return null
    throw error
  }
}
