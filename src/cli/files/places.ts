/** A record that was refused while its file was read. */
export type RefusedRecord = {
  readonly record: number
  readonly field: string
  readonly rule: string
  readonly message: string
}

/**
 * Where the records of a source stand in its file: the service numbers the records that it receives, and reports name the
 * lines of the file. Takes 8 bytes per record of a file that is converted, and nothing for a file of lines.
 */
export class Places {
  /** True for the items of a JSON array, of which one line of the file can have many. */
  areItems = false
  #isConverted = false
  readonly #lines: number[] = []
  #refused: RefusedRecord[] = []

  /** Adds the next record, which begins at a line of the file. Returns its number. */
  add(line: number): number {
    this.#isConverted = true
    return this.#lines.push(line)
  }

  /** Adds a refusal of a record that was added; its line is sent empty. */
  refuse(refusal: RefusedRecord): void {
    this.#refused.push(refusal)
  }

  /** Gives the line of a record. Both begin with 1; 0 stands for the start of the file. */
  lineOf(record: number): number {
    return this.#isConverted ? (this.#lines[record - 1] ?? 0) : record
  }

  /** Gives the refusals up to a record, each once. */
  takeRefusals(lastRecord: number): readonly RefusedRecord[] {
    if (this.#refused.length === 0) return []
    const taken = this.#refused.filter(({ record }) => record <= lastRecord)
    this.#refused = this.#refused.filter(({ record }) => record > lastRecord)
    return taken
  }
}
