/** A text that completes a word, and what it means. */
export type Candidate = { readonly text: string; readonly description?: string }
