import { fileURLToPath } from 'node:url'

/** The folder with the built console. */
export function consoleFolder(): string {
  // The bundle has it beside itself, a checkout in the folder of the console.
  const path = import.meta.url.endsWith('.ts') ? '../../console/dist' : './console'
  return fileURLToPath(new URL(path, import.meta.url))
}
