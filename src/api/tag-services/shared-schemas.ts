import type { TSchema } from 'typebox'

/** Schemas that the calls of several rows share: a copy for each of hundreds of routes would slow down every start. */
export class SharedSchemas {
  readonly #known = new Map<string, TSchema>()

  /** Gives the schema with a key, which says all that it depends on; makes it once. */
  get<S extends TSchema>(key: string, make: () => S): S {
    const known = this.#known.get(key)
    if (known !== undefined) return known as S
    const schema = make()
    this.#known.set(key, schema)
    return schema
  }
}
