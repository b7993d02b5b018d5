import { performance } from 'node:perf_hooks'
import type { Logger } from 'pino'

/** Lines of one kind of failure in a second. Attacks come by the thousand, and their lines would hide the others. */
const FAILURES_PER_SECOND_MAX = 50

type Event = { readonly event: string; readonly outcome: 'success' | 'failure' }

type Count = { second: number; lines: number; suppressed: number }

/**
 * Gives the function that writes events to a log. Of failures beyond a limit per second only the number is logged, as
 * `suppressed` of the next line of that kind.
 */
export function securityLog(log: Logger): (event: Event) => void {
  const counts = new Map<string, Count>()
  return (event) => {
    if (event.outcome === 'success') {
      log.info(event, `${event.event} success`)
      return
    }
    const second = Math.floor(performance.now() / 1000)
    const count = counts.get(event.event) ?? { second, lines: 0, suppressed: 0 }
    counts.set(event.event, count)
    if (count.second !== second) Object.assign(count, { second, lines: 0 })
    if (count.lines >= FAILURES_PER_SECOND_MAX) {
      count.suppressed++
      return
    }
    count.lines++
    const { suppressed } = count
    count.suppressed = 0
    log.warn(suppressed === 0 ? event : { ...event, suppressed }, `${event.event} failure`)
  }
}
