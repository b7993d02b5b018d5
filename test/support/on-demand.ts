import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Something that a run has once, made when the first test asks for it. */
export type OnDemand = {
  /** Where tests of any process ask for its name. */
  readonly url: string
  /** It is made anew for the next test that asks. */
  forget(): void
  close(): Promise<void>
}

/** Lets tests ask for something over HTTP; `make` gives its name, or why there is none. */
export async function provideOnDemand(make: () => Promise<string>): Promise<OnDemand> {
  let made: Promise<string> | undefined
  const http = createServer((_request, response) => {
    made ??= make()
    made.then(
      (name) => response.end(name),
      (error) => response.writeHead(500).end(String(error)),
    )
  }).listen(0, '127.0.0.1')
  await once(http, 'listening')
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    forget: () => (made = undefined),
    close: async () => {
      http.close()
      http.closeAllConnections()
      // A run that ends while it is being made waits for that.
      await made?.catch(() => undefined)
    },
  }
}

/** Asks a run for something that it has once. */
export async function ask(url: string): Promise<string> {
  const response = await fetch(url)
  const text = await response.text()
  if (!response.ok) throw new Error(text)
  return text
}
