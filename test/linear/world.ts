import { setTimeout as pause } from 'node:timers/promises'
import type { Change, TagStore } from '../../src/store/store.ts'
import { Random } from '../support/random.ts'
import { Client, logIn, Recorder, registerImages } from './clients.ts'
import { type Logged, violationsOf } from './history.ts'

const CLIENTS = 16
const IMAGES = 12
/** Images that nobody writes: of so many matches, a facet counts the resources of each value instead of their tags. */
const UNTOUCHED = 1100
const LOG_BATCH = 1000

/** What goes wrong while clients work, until it says that it has done enough. */
export type Chaos = (random: Random) => Promise<void>

export type Outcome = {
  readonly operations: number
  readonly unanswered: number
  readonly violations: readonly string[]
  /** Answers that no client should get. */
  readonly odd: readonly string[]
}

/**
 * Lets clients write, read back, count, list and search with facets on all addresses at once while something goes wrong, and says whether one
 * order explains everything that they saw and the log holds.
 */
export async function runWorld(options: {
  readonly urls: readonly string[]
  readonly seed: number
  /** Calls that must have been answered before it is over, whatever chaos does. */
  readonly operationsMin: number
  readonly chaos: Chaos
  /** Opens what is left in the end. */
  readonly openLog: () => Promise<Pick<TagStore, 'changesSince'> & { close(): unknown }>
}): Promise<Outcome> {
  const { urls, seed, operationsMin, chaos, openLog } = options
  const recorder = new Recorder()
  const session = await logIn(urls[0] as string)
  const { images, revision } = await registerImages(urls[0] as string, session, IMAGES + UNTOUCHED)
  let isChaosOver = false
  const isOver = () => isChaosOver && recorder.answered >= operationsMin
  const clients = Array.from({ length: CLIENTS }, (_, number) => {
    const random = new Random(seed * 1000 + number)
    return new Client(number, { urls, session, images: images.slice(0, IMAGES), recorder, random }).run(isOver)
  })
  try {
    await chaos(new Random(seed))
  } finally {
    isChaosOver = true
    await Promise.all(clients)
  }
  const store = await openLog()
  try {
    const log = await readLog(store, session.project, revision)
    return {
      operations: recorder.answered,
      unanswered: recorder.refused,
      violations: violationsOf({ operations: recorder.operations, images, revision, log }),
      odd: recorder.odd,
    }
  } finally {
    await store.close()
  }
}

async function readLog(store: Pick<TagStore, 'changesSince'>, project: string, revision: number): Promise<Logged[]> {
  const log: Logged[] = []
  for (let at = revision; ; ) {
    const changes = await store.changesSince(project, at, LOG_BATCH)
    log.push(...changes.map(toLogged))
    if (changes.length === 0) return log
    at = (changes.at(-1) as Change).revision
  }
}

function toLogged({ revision, id, after }: Change): Logged {
  return { revision, image: id, tags: Object.fromEntries((after?.tags ?? []).map(({ key, value }) => [key, value])) }
}

/** Kills one of some things after the other, with pauses between, so many times. `kill` waits until it is replaced. */
export function killing(times: number, count: number, kill: (victim: number, random: Random) => Promise<void>): Chaos {
  return async (random) => {
    const underWay = new Map<number, Promise<void>>()
    for (let i = 0; i < times; i++) {
      await pause(150 + random.below(500))
      const victim = random.below(count)
      // One that is still coming back is not killed before it was there.
      await underWay.get(victim)
      underWay.set(victim, kill(victim, random))
    }
    await Promise.all(underWay.values())
  }
}
