import { OwnerQueue, type Work } from './owner-queue.ts'
import { TimeShare } from './time-share.ts'

/** How long waiting work runs in one event-loop tick, and an owner's work that begins in it. */
export const TURN_MS = 1
/**
 * The same for an owner with much work while several owners send requests. A request of another owner waits for the rest
 * of that time, so it is a part of everybody's latency while anybody has much work.
 */
export const SHARED_TURN_MS = 0.5
/** While several owners send requests, owners with little work have priority, except in one of so many turns: it is round robin. */
const ANY_TURN_EVERY = 4
/** An owner has much work when it has used this much of its burst. */
const MUCH_MS = 5
/** After a pause, the bulk work of an owner gets this much time at once: enough for a small import. */
const BULK_BURST_MS = 8
/** The same for all waiting work of an owner: enough for most requests that take long, but not for one after the other. */
const BURST_MS = 50
/** Estimated time of a request that is not measured here: parsing, authentication, continuations after reads, the response. */
const REQUEST_MS = 0.1
/** For how long the event loop is shared after a request of another owner, or user, than the one before. */
const SHARED_MS = 5000
/** How often waiting work is resumed in one tick at most. */
const GROUPS_PER_TICK_MAX = 8

/** The event loop as the turns see it. */
export type Loop = {
  readonly nowMs: () => number
  /** Calls a function in the next tick. The microtasks of one call are done before the next call. */
  readonly onNextTick: (call: () => void) => void
  /** Calls a function after a time, in milliseconds. */
  readonly onLater: (call: () => void, ms: number) => void
}

/** The work of one owner that waits. */
type Owner = {
  readonly queue: OwnerQueue
  /** How much longer than its turns its work took. The owner is passed over for as many turns, while others wait. */
  debtMs: number
  readonly all: TimeShare
  readonly bulk: TimeShare
}

/** The shares of the time that the waiting work of one owner, and its bulk work, get, above 0 and at most 1. */
export type Shares = { readonly all: number; readonly bulk: number }

/**
 * Shares the event loop between owners, such as projects. Work that begins while its owner has had no time in this tick
 * runs at once; all other work waits. Waiting work gets one turn per tick, over all owners, and owners take turns round
 * robin. So this scheduling delays an owner with little work by one turn at most.
 *
 * While several users send requests, the bulk work of one owner gets a share of the time only, and rests between its
 * turns: what it leaves to garbage collections and threads on the same core stops all owners, and no turn can be shorter.
 * While they do so in several projects, all waiting work of one owner gets a share only, after a burst.
 */
export class Turns {
  readonly #loop: Loop
  /** In the order of their turns. An owner stays when its queue is empty until its shares have caught up. */
  readonly #owners = new Map<unknown, Owner>()
  /** When the time of each owner ends that had some in this tick. */
  readonly #ends = new Map<unknown, number>()
  #waiting = 0
  #sharedTurns = 0
  #isArmed = false
  #startedAtMs = 0
  /** Estimated time of the requests resumed in this tick that is not measured. */
  #unmeasuredMs = 0
  #resumed:
    | { readonly id: unknown; readonly owner: Owner; readonly work: Work | undefined; readonly atMs: number }
    | undefined
  /** The request that began at once last, until something else begins. */
  #begun: { readonly owner: Owner; readonly atMs: number } | undefined
  /** When the next timer fires that ends a rest. */
  #wakesAtMs = Number.POSITIVE_INFINITY
  #lastOwner: unknown
  #sharedAtMs = Number.NEGATIVE_INFINITY
  #lastUser: unknown
  #usersSharedAtMs = Number.NEGATIVE_INFINITY
  #hasArrivals = false
  #wasLeftToArrivals = false
  /** True until one group was resumed in a tick that is not left to arrivals: other work may take all of its time. */
  #owesTurn = false

  constructor(loop: Loop) {
    this.#loop = loop
  }

  /** What one owner gets while others send requests. */
  shares: Shares = { all: 1, bulk: 1 }

  /** True while requests of several owners arrive. */
  get isShared(): boolean {
    return this.#loop.nowMs() - this.#sharedAtMs < SHARED_MS
  }

  /** True while requests of several users arrive. */
  get isSharedByUsers(): boolean {
    return this.#loop.nowMs() - this.#usersSharedAtMs < SHARED_MS
  }

  /** A request arrived, of an owner that is not known yet: it goes before waiting work, in every second tick at least. */
  arrived(): void {
    this.#hasArrivals = true
    this.#measureBegun()
  }

  /** Gives undefined if work of an owner, asked for by a user, may begin at once, or else a promise of its turn. */
  begin(owner: unknown, user: unknown = owner): Promise<void> | undefined {
    if (owner !== this.#lastOwner) {
      if (this.#lastOwner !== undefined) this.#sharedAtMs = this.#loop.nowMs()
      this.#lastOwner = owner
    }
    if (user !== this.#lastUser) {
      if (this.#lastUser !== undefined) this.#usersSharedAtMs = this.#loop.nowMs()
      this.#lastUser = user
    }
    this.#measureBegun()
    const { isShared } = this
    const nowMs = this.#loop.nowMs()
    const known = this.#owners.get(owner)
    const isWaiting = known !== undefined && (known.queue.length > 0 || this.#restEndMs(known, true) > nowMs)
    if (isShared) this.#ownerOf(owner).all.charge(nowMs, REQUEST_MS, this.shares.all)
    if (isWaiting || this.#ends.has(owner)) return this.#queued(owner, (queue, resume) => queue.addBeginning(resume))
    this.endOf(owner)
    if (isShared) this.#begun = { owner: this.#ownerOf(owner), atMs: nowMs }
    return undefined
  }

  /** When the time of an owner in this tick ends; it begins with the first call. */
  endOf(owner: unknown): number {
    let endMs = this.#ends.get(owner)
    if (endMs === undefined) {
      endMs = this.#loop.nowMs() + this.#turnMs(this.#owners.get(owner))
      this.#ends.set(owner, endMs)
      this.#arm()
    }
    return endMs
  }

  /** Resolves at a turn of the owner, in a later tick. */
  wait(owner: unknown, work: Work): Promise<void> {
    return this.#queued(owner, (queue, resume) => queue.add(resume, work))
  }

  /** The work of an owner that has the present turn, and has not waited again since. */
  workOf(owner: unknown): Work | undefined {
    return this.#resumed?.id === owner ? this.#resumed?.work : undefined
  }

  #queued(id: unknown, add: (queue: OwnerQueue, resume: () => void) => void): Promise<void> {
    return new Promise((resolve) => {
      add(this.#ownerOf(id).queue, resolve)
      this.#waiting++
      this.#arm()
    })
  }

  #ownerOf(id: unknown): Owner {
    let owner = this.#owners.get(id)
    if (owner === undefined) {
      owner = { queue: new OwnerQueue(), debtMs: 0, all: new TimeShare(BURST_MS), bulk: new TimeShare(BULK_BURST_MS) }
      this.#owners.set(id, owner)
    }
    return owner
  }

  /** Schedules the next tick. */
  #arm(): void {
    if (this.#isArmed) return
    this.#isArmed = true
    const { onNextTick } = this.#loop
    onNextTick(() => this.#beginTick())
    if (this.#waiting > 0) for (let i = 0; i < GROUPS_PER_TICK_MAX; i++) onNextTick(() => this.#resumeNext())
    onNextTick(() => this.#endTick())
  }

  #beginTick(): void {
    this.#measureBegun()
    this.#ends.clear()
    this.#startedAtMs = this.#loop.nowMs()
    this.#unmeasuredMs = 0
    // Requests that have arrived continue later in this tick. Waiting work leaves it to them, but not the next one too.
    this.#wasLeftToArrivals = this.#hasArrivals && !this.#wasLeftToArrivals
    if (this.#wasLeftToArrivals) this.#startedAtMs = Number.NEGATIVE_INFINITY
    this.#hasArrivals = false
    this.#owesTurn = !this.#wasLeftToArrivals
  }

  #endTick(): void {
    this.#measure()
    const nowMs = this.#loop.nowMs()
    let [wakesAtMs, hasDebt] = [Number.POSITIVE_INFINITY, false]
    for (const [id, owner] of this.#owners) {
      if (owner.queue.length > 0) {
        wakesAtMs = Math.min(wakesAtMs, this.#restEndMs(owner))
        continue
      }
      owner.debtMs -= TURN_MS
      if (owner.debtMs > 0) hasDebt = true
      else if (owner.all.usedMs(nowMs, 1) + owner.bulk.usedMs(nowMs, 1) === 0) this.#owners.delete(id)
    }
    this.#isArmed = false
    if (hasDebt || this.#ends.size > 0 || wakesAtMs <= nowMs) this.#arm()
    else if (wakesAtMs < Number.POSITIVE_INFINITY) this.#wakeAt(wakesAtMs, nowMs)
  }

  /** Schedules the next tick for the end of a rest, unless one is scheduled before. */
  #wakeAt(atMs: number, nowMs: number): void {
    if (this.#wakesAtMs <= atMs) return
    this.#wakesAtMs = atMs
    this.#loop.onLater(() => {
      if (this.#wakesAtMs === atMs) this.#wakesAtMs = Number.POSITIVE_INFINITY
      this.#arm()
    }, atMs - nowMs)
  }

  /** Until when the waiting work of an owner rests. */
  #restEndMs(owner: Owner, hasUrgent = owner.queue.hasUrgent): number {
    if (!this.isSharedByUsers) return 0
    const { all, bulk } = this.shares
    const ofAllMs = this.isShared ? owner.all.restEndMs(all) : 0
    return hasUrgent ? ofAllMs : Math.max(ofAllMs, owner.bulk.restEndMs(bulk))
  }

  /** Says whether the bulk work of an owner may have a turn. */
  #mayBulk({ bulk }: Owner): boolean {
    return !this.isSharedByUsers || bulk.restEndMs(this.shares.bulk) <= this.#loop.nowMs()
  }

  #turnMs(owner: Owner | undefined): number {
    return this.isShared && owner !== undefined && this.#hasMuch(owner) ? SHARED_TURN_MS : TURN_MS
  }

  #hasMuch({ all }: Owner): boolean {
    return all.usedMs(this.#loop.nowMs(), this.shares.all) > MUCH_MS
  }

  /** Resumes the next group, unless the time of this tick is over. */
  #resumeNext(): void {
    this.#measure()
    if (this.#waiting === 0) return
    const tookMs = this.#loop.nowMs() - this.#startedAtMs + this.#unmeasuredMs
    if (!this.#owesTurn && tookMs >= TURN_MS) return
    const next = this.#nextOwner()
    if (next === undefined || (!this.#owesTurn && tookMs >= this.#turnMs(next[1]))) return
    this.#owesTurn = false
    const [id, owner] = next
    const { resumed, work } = owner.queue.take(this.#mayBulk(owner))
    this.#waiting -= resumed.length
    this.#moveToEnd(id, owner)
    const atMs = this.#loop.nowMs()
    this.#ends.set(id, atMs + this.#turnMs(owner))
    this.#resumed = { id, owner, work, atMs }
    // Their answers bring new requests, all of which the next tick reads and authenticates before anything else.
    if (work === undefined && this.isShared) this.#unmeasuredMs += REQUEST_MS * resumed.length
    for (const resume of resumed) resume()
  }

  /** Gives the owner that has the next turn; undefined when all rest. While shared, owners with little work have priority. */
  #nextOwner(): [unknown, Owner] | undefined {
    const nowMs = this.#loop.nowMs()
    const hasPriority = this.isShared && ++this.#sharedTurns % ANY_TURN_EVERY !== 0
    return (
      (hasPriority ? this.#nextOf((owner) => owner.queue.hasUrgent && !this.#hasMuch(owner)) : undefined) ??
      this.#nextOf((owner) => owner.queue.length > 0 && this.#restEndMs(owner) <= nowMs)
    )
  }

  #nextOf(mayHaveTurn: (owner: Owner) => boolean): [unknown, Owner] | undefined {
    // An owner that is passed over moves to the end, where this loop finds it again.
    for (const [id, owner] of this.#owners) {
      if (!mayHaveTurn(owner)) continue
      const isAlone = owner.queue.length === this.#waiting
      if (owner.debtMs < TURN_MS || isAlone) return [id, owner]
      owner.debtMs -= TURN_MS
      this.#moveToEnd(id, owner)
    }
    return undefined
  }

  #moveToEnd(id: unknown, owner: Owner): void {
    this.#owners.delete(id)
    this.#owners.set(id, owner)
  }

  /** Charges the request that began at once last, for the time until now. */
  #measureBegun(): void {
    if (this.#begun === undefined) return
    const { owner, atMs } = this.#begun
    this.#begun = undefined
    owner.all.charge(atMs, this.#loop.nowMs() - atMs, this.shares.all)
  }

  #measure(): void {
    if (this.#resumed === undefined) return
    const { owner, work, atMs } = this.#resumed
    const tookMs = this.#loop.nowMs() - atMs
    this.#resumed = undefined
    owner.debtMs += Math.max(0, tookMs - TURN_MS)
    if (!work?.isCommon) owner.all.charge(atMs, tookMs, this.shares.all)
    if (work?.isBulk) owner.bulk.charge(atMs, tookMs, this.shares.bulk)
    if (work === undefined) owner.queue.beganIn(tookMs / TURN_MS)
  }
}

/** The turns of this process. */
export const TURNS = new Turns({
  nowMs: () => performance.now(),
  onNextTick: (call) => void setImmediate(call),
  onLater: (call, ms) => void setTimeout(call, ms),
})
