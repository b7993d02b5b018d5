const LEVEL_CHARACTERS = 5

type Parsed = {
  readonly level: string
  readonly time: string
  readonly pid: number
  readonly msg?: string
  readonly err?: { readonly stack?: string; readonly message?: string }
} & Readonly<Record<string, unknown>>

/**
 * Renders a JSON line of the log for people: time, level, process, message, members. The stack of an error follows in
 * lines of its own, which are indented, so that no text of a request can pass for a line of the log.
 */
export function toTextLine(json: string): string {
  const { level, time, pid, hostname: _hostname, msg, err, ...members } = JSON.parse(json) as Parsed
  const shown = Object.entries(members).map(([name, value]) => `${name}=${toText(value)}`)
  const head = [time, level.toUpperCase().padEnd(LEVEL_CHARACTERS), `[${pid}]`]
  const line = [...head, ...(msg === undefined ? [] : [msg]), ...shown].join(' ')
  const trace = err?.stack ?? err?.message
  return trace === undefined ? `${line}\n` : `${line}\n${trace.replace(/^/gm, '    ')}\n`
}

/** A text without blanks and quotes as it is, anything else as JSON. */
function toText(value: unknown): string {
  return typeof value === 'string' && /^[\w.:/@%+-]+$/.test(value) ? value : JSON.stringify(value)
}
