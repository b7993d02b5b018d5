/** Terms of one page. */
const PAGE_SHIFT = 9
const PAGE_TERMS = 1 << PAGE_SHIFT

/** A number for each term, 0 at first, in pages that are made when they are needed: growing it never copies it. */
export class TermTable<Page extends Uint8Array | Uint32Array> {
  readonly #pages: (Page | undefined)[]
  readonly #newPage: (terms: number) => Page

  /** `termCount`: the number of terms now. */
  constructor(termCount: number, newPage: (terms: number) => Page) {
    this.#pages = Array.from({ length: Math.ceil(termCount / PAGE_TERMS) }, () => undefined)
    this.#newPage = newPage
  }

  get(term: number): number {
    return this.#pages[term >>> PAGE_SHIFT]?.[term & (PAGE_TERMS - 1)] ?? 0
  }

  set(term: number, value: number): void {
    this.#pageOf(term)[term & (PAGE_TERMS - 1)] = value
  }

  /** Adds 1 to the number of a term. */
  raise(term: number): void {
    this.#pageOf(term)[term & (PAGE_TERMS - 1)]!++
  }

  /** Yields the pages that were made: the first term of each, and its numbers. */
  *pages(): Generator<readonly [firstTerm: number, page: Page]> {
    for (const [i, page] of this.#pages.entries()) if (page !== undefined) yield [i << PAGE_SHIFT, page]
  }

  #pageOf(term: number): Page {
    const at = term >>> PAGE_SHIFT
    const known = this.#pages[at]
    if (known !== undefined) return known
    const page = this.#newPage(PAGE_TERMS)
    this.#pages[at] = page
    return page
  }
}
