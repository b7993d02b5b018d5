import { DomainError, type Facts } from '../../core/errors.ts'
import type { Route } from '../route.ts'
import type { TagwerkErrorCode } from './error-codes.ts'

/** The code for a record that does not exist, by the name of its id. */
const NOT_FOUND: Readonly<Record<string, TagwerkErrorCode>> = {
  user_id: 'user-not-found',
  project_id: 'project-not-found',
  role_id: 'role-not-found',
  access_key: 'access-key-not-found',
}

/** The bodies of the account service have their members in an object of this name; those of this API have not. */
const ENVELOPE = /^(user|project|role|credential)\./

const FIELDS: Readonly<Record<string, string>> = {
  'custom policies of the user there': 'custom roles of the user there',
}

/** Gives a route whose errors about accounts name fields and records as this API does. */
export function inOwnWords(route: Route): Route {
  const handle: Route['handle'] = async (call) => {
    try {
      return await route.handle(call)
    } catch (error) {
      throw error instanceof DomainError ? translated(error) : error
    }
  }
  return { ...route, handle }
}

function translated({ code, facts }: DomainError<string>): DomainError<string> {
  const { field } = facts
  if (field === undefined) return new DomainError<string>(code, facts)
  const own = FIELDS[field] ?? field.replace(ENVELOPE, '')
  const ownCode = code === 'resource-not-found' ? (NOT_FOUND[own] ?? code) : code
  const ownFacts: Facts = { ...facts, field: own }
  return new DomainError<string>(ownCode, ownFacts)
}
