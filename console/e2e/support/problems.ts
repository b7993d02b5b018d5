import type { BrowserContext, ConsoleMessage, WebError } from 'playwright-core'

/** What went wrong on the pages of a test that nobody asked for. */
export class Problems {
  readonly #found: string[] = []
  readonly #allowed: RegExp[] = []

  /** Lets the test go on in spite of problems of a kind. They have to occur: an allowance for nothing fails the test. */
  allow(pattern: RegExp): void {
    this.#allowed.push(pattern)
  }

  /**
   * Collects errors on the console, uncaught ones, and violations of the content security policy, on every page of a context.
   * Gives the function that ends it.
   */
  async watch(context: BrowserContext): Promise<() => Promise<void>> {
    const onConsole = (message: ConsoleMessage) => {
      if (message.type() === 'error') this.#add(`console: ${message.text()} (${message.location().url})`)
    }
    const onError = (error: WebError) => this.#add(`uncaught: ${error.error().stack ?? error.error()}`)
    context.on('console', onConsole).on('weberror', onError)
    const binding = await context.exposeBinding('reportViolation', (_source, text: string) =>
      this.#add(`policy: ${text}`),
    )
    const script = await context.addInitScript(() => {
      const { reportViolation } = window as unknown as { reportViolation: (text: string) => void }
      document.addEventListener(
        'securitypolicyviolation',
        ({ violatedDirective, blockedURI, sourceFile, lineNumber }) =>
          reportViolation(`${violatedDirective} forbids ${blockedURI} (${sourceFile}:${lineNumber})`),
      )
    })
    return async () => {
      context.off('console', onConsole).off('weberror', onError)
      await script.dispose()
      await binding.dispose()
    }
  }

  /** Gives the problems that are not allowed, and the allowances that nothing made use of. */
  unexpected(): readonly string[] {
    const unused = this.#allowed.filter((pattern) => !this.#found.some((text) => pattern.test(text)))
    return [
      ...this.#found.filter((text) => !this.#allowed.some((pattern) => pattern.test(text))),
      ...unused.map((pattern) => `nothing matches the allowed ${pattern}`),
    ]
  }

  #add(text: string): void {
    if (!EXPECTED.some((pattern) => pattern.test(text))) this.#found.push(text)
  }
}

/**
 * A browser logs every answer that is an error: also the one that tells the console that nobody is logged in, and that for the
 * icon of a page that is not the console's and names none.
 */
const EXPECTED = [
  /^console: .*status of 401.*\/tagwerk\/v1\/session\)$/,
  /^console: .*status of 404.*\/favicon\.ico\)$/,
]
