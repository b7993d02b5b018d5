import type { Command } from 'commander'
import { toVisible } from '../core/visible-text.ts'
import { type Call, defineCommand, EXIT, UsageError } from './command.ts'
import type { Candidate } from './completion/candidate.ts'
import { openQuoteOf, splitLine } from './completion/command-line.ts'
import { complete } from './completion/complete.ts'
import { sourceReader } from './completion/read-source.ts'
import { SCRIPTS, SHELLS, type Shell } from './completion/scripts.ts'
import { writeJson, writeStyled } from './io.ts'

/** Prints the completion script of a shell. */
export const completion = defineCommand<{ readonly json?: true }>({
  usage: 'completion <shell>',
  summary: 'Print the script with which bash, zsh or fish completes command lines of tagwerk.',
  details:
    'Completes commands, options and types. If a service answers within two seconds, also projects, keys and values, inside filter expressions too: it ' +
    'reads TAGWERK_ENDPOINT, TAGWERK_PASSWORD and so on as the command itself would.',
  settings: [],
  examples: [
    [
      'tagwerk completion bash > ~/.local/share/bash-completion/completions/tagwerk',
      'For bash, from the next start on.',
    ],
    ['tagwerk completion zsh > ~/.zfunc/_tagwerk', 'For zsh, if ~/.zfunc is in fpath.'],
    ['tagwerk completion fish > ~/.config/fish/completions/tagwerk.fish', 'For fish.'],
    ['source <(tagwerk completion bash)', 'For this bash only.'],
  ],
  declare: (command) => {
    command.registeredArguments[0]?.choices([...SHELLS])
    return command.option('--json', 'print the script as JSON')
  },
  run: async ({ io, args, options }) => {
    const shell = toShell(args[0])
    if (options.json) await writeJson(io.stdout, { shell, script: SCRIPTS[shell] })
    else await writeStyled(io.stdout, SCRIPTS[shell])
    return EXIT.ok
  },
})

/** Prints the candidates for the last of some words. The scripts call it. */
export const completeCommand = defineCommand({
  usage: 'complete <shell> [words...]',
  summary: 'Print what completes a command line.',
  settings: [],
  examples: [['tagwerk complete fish -- query --ty', 'What can stand in place of "--ty".']],
  isHidden: true,
  // A warning about a variable would be printed for each key that is pressed.
  logsUnknownVariables: true,
  run: printCandidates,
})

async function printCandidates({ io, args, command }: Call<object>): Promise<number> {
  const [name, ...given] = args
  const shell = toShell(name)
  const line = given[0] ?? ''
  const words = shell === 'bash' ? splitLine(line).slice(1) : [...given.slice(0, -1), unquoted(given.at(-1) ?? '')]
  const candidates = await complete(command.parent as Command, words, sourceReader(io.env))
  const texts = candidates.map(({ text, description = '' }) => ({ text: toVisible(text), description }))
  const shown = shell === 'bash' ? forBash(texts, line, words.at(-1) ?? '') : texts
  const lines = shown.map(({ text, description = '' }) => {
    const [summary = ''] = description.split('\n')
    return `${text}\t${toVisible(summary)}\n`
  })
  await writeStyled(io.stdout, lines.join(''))
  // A call to a service that does not answer would keep the process.
  io.exitNow(EXIT.ok)
  return EXIT.ok
}

/** Zsh and fish give the word at the cursor with its quotes, of which the last may be open. */
function unquoted(word: string): string {
  return splitLine(word).at(-1) ?? ''
}

/** The candidates as bash inserts them: from where it begins to complete, with the quotes that are needed there. */
function forBash(candidates: readonly Candidate[], line: string, word: string): readonly Candidate[] {
  const open = openQuoteOf(line)
  const skipped = open === undefined ? brokenAt(word) : open.before.length
  const shown = candidates
    .filter(({ text }) => text.length > skipped)
    .map((each) => ({ ...each, text: inQuotes(each.text.slice(skipped), open?.quote) }))
  const [only] = shown
  // Bash would close the quotes after a single candidate.
  if (open === undefined || only === undefined || shown.length > 1 || !isIncomplete(only.text)) return shown
  return [only, { text: `${only.text}...` }]
}

/** True for a text that no expression ends with. */
function isIncomplete(text: string): boolean {
  return /[.( ]$/.test(text) || text.split('"').length % 2 === 0
}

function inQuotes(text: string, quote: string | undefined): string {
  if (quote === "'") return text.replaceAll("'", "'\\''")
  if (quote === '"') return text.replace(/[\\"$`]/g, '\\$&')
  // Letters of other scripts need no escape.
  return text.replace(/[ -~]/g, (character) => (/[\w.,:/=@%+-]/.test(character) ? character : `\\${character}`))
}

/** Bash takes what follows the last "=" or ":" of a word without quotes as the word to complete. */
function brokenAt(word: string): number {
  return Math.max(word.lastIndexOf('='), word.lastIndexOf(':')) + 1
}

function toShell(text: string | undefined): Shell {
  const shell = SHELLS.find((each) => each === text)
  if (shell === undefined) throw new UsageError(`the shell must be one of ${SHELLS.join(', ')}, not "${text}"`)
  return shell
}
