import type { CommandGroup } from '../command.ts'
import { policyCheck } from './policy-check.ts'
import { policyCommands } from './policy-commands.ts'
import { policyRehearse } from './policy-rehearse.ts'

/** Commands on tag policies. */
export const policyGroup: CommandGroup = {
  name: 'policy',
  summary: 'Tag policies: which keys and values resources may and must have.',
  commands: [...policyCommands, policyCheck, policyRehearse],
}
