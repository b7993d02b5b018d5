import { readClientConfig } from '../../config/config.ts'
import type { ConfigSources } from '../../config/setting.ts'
import { CLIENT_SETTINGS } from '../../config/table.ts'
import { ResourceTypes } from '../../core/resource-types.ts'
import { listProjects, logInToDomain, logInToPlace, type Place } from '../project.ts'
import { queryResources } from '../resources.ts'
import { listTagCounts } from '../tag-counts.ts'
import type { Candidate } from './candidate.ts'
import type { ReadSource } from './complete.ts'
import type { SourceName } from './sources.ts'

/** A shell waits for the answer, so a service that is slow counts as not there. */
const TIMEOUT_MS = 2000
/** Candidates that are read: more than anybody looks through. */
const CANDIDATES_MAX = 200

/** Reads candidates from the service, and without it only those that the program knows itself. */
export function sourceReader(env: ConfigSources['env']): ReadSource {
  return async (source, start, options) => {
    const known = source === 'types' ? builtInTypes() : []
    const found = await inTime(() => readFromService(source, start, options, env))
    const texts = new Set(known.map(({ text }) => text))
    return [...known, ...(found ?? []).filter(({ text }) => !texts.has(text))]
  }
}

function builtInTypes(): readonly Candidate[] {
  return ResourceTypes.builtIn.rows.map(({ name, aliases = [] }) => ({
    text: name,
    ...(aliases.length > 0 && { description: `also ${aliases.join(', ')}` }),
  }))
}

/**
 * Undefined when a call takes too long or fails. The reason is not shown: a message in the middle of a command line that is
 * being typed would be worse than no candidates.
 */
async function inTime<T>(run: () => Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), TIMEOUT_MS)
  })
  try {
    return await Promise.race([run(), timeout])
  } catch {
    return undefined
  } finally {
    clearTimeout(timer)
  }
}

async function readFromService(
  source: SourceName,
  start: string,
  options: ReadonlyMap<string, string>,
  env: ConfigSources['env'],
): Promise<readonly Candidate[]> {
  const flags = Object.fromEntries(CLIENT_SETTINGS.map(({ name }) => [name, options.get(`--${name}`)]))
  const sources = { flags, env }
  if (source === 'projects') {
    const projects = await listProjects(await logInToDomain(readClientConfig(sources)))
    return projects.map(({ name }) => ({ text: name }))
  }
  const allProjects = options.has('--all-projects')
  const place = await logInToPlace(sources, allProjects ? { allProjects } : {})
  if (source === 'types') {
    const { counts } = await queryResources(place, undefined, { limit: 0 })
    return Object.entries(counts).map(([text, count]) => ({ text, description: resources(count) }))
  }
  return source === 'keys' ? keysOf(place, start) : tagsOf(place, start)
}

/** Keys, and after a `=` the values of the key. */
async function tagsOf(place: Place, start: string): Promise<readonly Candidate[]> {
  const equals = start.indexOf('=')
  if (equals === -1) return keysOf(place, start)
  const key = start.slice(0, equals)
  const request = { types: undefined, key, prefix: start.slice(equals + 1), limit: CANDIDATES_MAX }
  const { items } = await listTagCounts(place, request)
  return items.map(({ value, total_count }) => ({ text: `${key}=${value}`, description: resources(total_count) }))
}

async function keysOf(place: Place, prefix: string): Promise<readonly Candidate[]> {
  const { items } = await listTagCounts(place, { types: undefined, prefix, limit: CANDIDATES_MAX })
  return items.map(({ key = '', total_count }) => ({ text: key, description: resources(total_count) }))
}

function resources(count: number): string {
  return `${count} ${count === 1 ? 'resource' : 'resources'}`
}
