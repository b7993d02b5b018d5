import { shellQuoted } from '../ui/shell-quoted.ts'
import type { PolicyDocument } from './document.ts'
import type { Age, Level } from './search.ts'

/** The options of the command line that say whose policies are meant. */
export function whereOf(level: Level, project: string): string {
  return level === 'domain' ? '--all-projects' : `--project ${shellQuoted(project)}`
}

/** The command that rehearses a policy, with the policy behind it. */
export function rehearseCommand(policy: PolicyDocument, age: Age, project: string): string {
  return withInput(`tagwerk policy rehearse - --since ${age} ${whereOf('project', project)}`, policy)
}

/** The command that puts a policy in force. */
export function putCommand(policy: PolicyDocument, level: Level, name: string, project: string): string {
  return withInput(`tagwerk policy put ${shellQuoted(name)} - ${whereOf(level, project)}`, policy)
}

/** JSON has no line breaks outside of its escapes, so no line of it ends the input. */
function withInput(command: string, policy: PolicyDocument): string {
  return `${command} <<'END'\n${JSON.stringify(policy)}\nEND`
}
