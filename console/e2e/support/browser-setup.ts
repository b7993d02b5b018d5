import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type BrowserServer, chromium } from 'playwright-core'
import type { TestProject } from 'vitest/node'
import { findChromium } from './chromium.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where tests ask for the address of a browser. */
    readonly browserAt: string
  }
}

const BUILD = join(import.meta.dirname, '../../../tools/console.ts')

/** One browser for a whole run, started when the first test asks for it, after the console is built. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  let browser: Promise<BrowserServer> | undefined
  const http = createServer((_request, response) => {
    browser ??= startBrowser()
    browser.then(
      (started) => response.end(started.wsEndpoint()),
      (error) => response.writeHead(500).end(String(error)),
    )
  }).listen(0, '127.0.0.1')
  await once(http, 'listening')
  project.provide('browserAt', `http://127.0.0.1:${(http.address() as AddressInfo).port}`)
  return async () => {
    http.close()
    http.closeAllConnections()
    await browser?.then((started) => started.close()).catch(() => undefined)
  }
}

async function startBrowser(): Promise<BrowserServer> {
  const executablePath = findChromium(process.env.TAGWERK_TEST_CHROMIUM)
  if (executablePath === undefined) throw new Error('there is no Chromium for the tests in a browser')
  await promisify(execFile)(process.execPath, [BUILD])
  return chromium.launchServer({
    executablePath,
    args: [
      // Without a processor for graphics the browser would imitate one, which takes most of the time of a test.
      '--disable-gpu',
      // The pages of a test file share a process, which compiles the scripts of the console once.
      '--process-per-site',
    ],
    ignoreDefaultArgs: ['--enable-unsafe-swiftshader'],
  })
}
