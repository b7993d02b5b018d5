import { readFileSync } from 'node:fs'

/** The version of this program, from its `package.json`. */
export function readVersion(): string {
  // The bundle lies one folder below package.json, this source file two.
  const path = import.meta.url.endsWith('.ts') ? '../../package.json' : '../package.json'
  return (JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as { version: string }).version
}
