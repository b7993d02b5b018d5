import { useProject } from '../session/project.ts'
import { CopyAs, shellQuoted } from '../ui/copy-as.tsx'
import type { ResourceId } from './resource-id.ts'

/** Copies the call or command that gives the tags of a resource with their origin, or its timeline. */
export function CopyResource({
  id: { type, id },
  what,
  asOf,
}: {
  readonly id: ResourceId
  readonly what: 'tags' | 'timeline'
  /** Undefined for the present. */
  readonly asOf?: string | undefined
}) {
  const project = useProject()
  const path = `/tagwerk/v1/${project.id}/resources/${encodeURIComponent(type)}/${encodeURIComponent(id)}`
  const of = `${shellQuoted(id)} --type ${shellQuoted(type)} --project ${shellQuoted(project.name)}`
  if (what === 'timeline') {
    return <CopyAs call={{ method: 'GET', path: `${path}/history` }} command={`tagwerk log ${of}`} />
  }
  const query = asOf === undefined ? '' : `&as_of=${encodeURIComponent(asOf)}`
  // The command knows the present only.
  const command = asOf === undefined ? `tagwerk blame ${of}` : undefined
  return <CopyAs call={{ method: 'GET', path: `${path}?blame=true${query}` }} command={command} />
}
