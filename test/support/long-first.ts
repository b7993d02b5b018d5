import { relative } from 'node:path'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Files that take ten seconds and more. */
const LONG =
  /^test\/(api\/as-of|crash\/|linear\/|fuzz\/|real\/|estate\/|http\/fuzz|service\/(stalled-log|workers|first-start|postgres)|package|readme|cli\/completion)/

/**
 * Begins with the files that take long. Vitest knows durations from an earlier run only: on a new clone it goes by the size of
 * files, and a short file that runs for a minute would come last, while every other core is idle.
 */
export class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    const isLong = ({ moduleId }: TestSpecification) => LONG.test(relative(this.ctx.config.root, moduleId))
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))]
  }
}
