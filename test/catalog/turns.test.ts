import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Work } from '../../src/catalog/owner-queue.ts'
import { SHARED_TURN_MS, TURN_MS, Turns } from '../../src/catalog/turns.ts'

/** An event loop with a clock that only work moves. */
class FakeLoop {
  nowMs = 0
  ticks = 0
  #next: (() => void)[] = []
  readonly #later: { readonly call: () => void; readonly atMs: number }[] = []
  readonly turns = new Turns({
    nowMs: () => this.nowMs,
    onNextTick: (call) => void this.#next.push(call),
    onLater: (call, ms) => void this.#later.push({ call, atMs: this.nowMs + ms }),
  })

  /** True when the next thing to do is a timer. */
  get isIdle(): boolean {
    return this.#next.length === 0
  }

  /** Moves the clock, and calls the timers that are due. */
  pass(ms: number): void {
    this.nowMs += ms
    for (const { call } of this.#later.filter(({ atMs }) => atMs <= this.nowMs)) call()
    this.#later.splice(0, this.#later.length, ...this.#later.filter(({ atMs }) => atMs > this.nowMs))
  }

  /** Runs one tick. Like in Node, the microtasks of a call are done before the next call. */
  async tick(): Promise<void> {
    this.ticks++
    for (const call of this.#next.splice(0)) {
      call()
      for (let i = 0; i < 10; i++) await Promise.resolve()
    }
  }

  /** A request that has no time of its own in this tick, and takes a time when it has begun. */
  async request(owner: string, ms: number, onTurn: () => void): Promise<void> {
    this.turns.endOf(owner)
    await this.turns.begin(owner)
    onTurn()
    this.nowMs += ms
  }

  /** Runs ticks until work is done. */
  async until(work: Promise<unknown>): Promise<void> {
    let isDone = false
    void work.then(() => (isDone = true))
    for (let i = 0; i < 10; i++) await Promise.resolve()
    while (!isDone && this.ticks < 100_000) await this.tick()
    expect(isDone).toBe(true)
  }

  /** Work that waits for some turns, and takes a time in each. */
  async work(
    owner: string,
    turns: number,
    ms: number,
    onTurn: () => void = () => undefined,
    { isBulk = false, isCommon = false } = {},
  ): Promise<void> {
    const work = new Work()
    work.isBulk = isBulk
    work.isCommon = isCommon
    for (let i = 0; i < turns; i++) {
      await this.turns.wait(owner, work)
      work.add(ms)
      onTurn()
      this.nowMs += ms
    }
  }
}

describe('turns', () => {
  it('work begins at once when its owner had no time in this tick, and waits when it had some', async () => {
    const { turns } = new FakeLoop()
    expect(turns.begin('a')).toBeUndefined()
    expect(turns.begin('b')).toBeUndefined()
    expect(turns.begin('a')).toBeInstanceOf(Promise)
  })

  it('the next tick has time for an owner again', async () => {
    const loop = new FakeLoop()
    expect(loop.turns.begin('a')).toBeUndefined()
    await loop.tick()
    expect(loop.turns.begin('a')).toBeUndefined()
  })

  it('work waits behind other work of its owner', async () => {
    const loop = new FakeLoop()
    const order: number[] = []
    const all = [1, 2, 3].map((i) => loop.work('a', 1, TURN_MS, () => order.push(i)))
    await loop.tick()
    expect(order).toEqual([1])
    expect(loop.turns.begin('a')).toBeInstanceOf(Promise)
    await loop.until(Promise.all(all))
    expect(order).toEqual([1, 2, 3])
  })

  it('owners take turns, one turn per tick, so that one with much work delays another by one turn', async () => {
    const loop = new FakeLoop()
    const order: string[] = []
    const owners = ['much', 'much', 'much', 'much', 'little', 'little']
    const all = owners.map((owner) => loop.work(owner, 1, TURN_MS, () => order.push(`${owner} ${loop.ticks}`)))
    await loop.until(Promise.all(all))
    expect(order).toEqual(['much 1', 'little 2', 'much 3', 'little 4', 'much 5', 'much 6'])
  })

  it('requests of one owner begin in growing groups within one turn', async () => {
    const loop = new FakeLoop()
    const perTick: number[] = []
    const all = Array.from({ length: 200 }, () =>
      loop.request('a', TURN_MS / 128, () => (perTick[loop.ticks] = (perTick[loop.ticks] ?? 0) + 1)),
    )
    await loop.until(Promise.all(all))
    // From the second tick on: 1 + 2 + 4 + 8 + 8 + 8 + 8 + 8, then 8 times 8.
    expect(perTick.slice(2)).toEqual([47, 64, 64, 25])
  })

  it('groups shrink when requests take longer, so that only the first ticks exceed a turn', async () => {
    const loop = new FakeLoop()
    const tookMs: number[] = []
    const all = Array.from({ length: 47 + 64 }, (_, i) =>
      loop.request('a', i < 47 ? TURN_MS / 128 : TURN_MS, () => {
        tookMs[loop.ticks] = (tookMs[loop.ticks] ?? 0) + (i < 47 ? 0 : TURN_MS)
      }),
    )
    await loop.until(Promise.all(all))
    expect(tookMs.slice(2, 9)).toEqual([0, 8, 4, 2, 1, 1, 1])
    expect(Math.max(...tookMs.slice(6))).toBe(1)
  })

  it.each([
    ['one owner sends requests', ['slow']],
    ['several owners send requests', ['slow', 'fast', 'slow']],
  ])(
    'an owner whose work takes longer than a turn is passed over, so that owners get equal time: %s',
    async (_, senders) => {
      const loop = new FakeLoop()
      for (const owner of senders) void loop.turns.begin(owner)
      const spentMs = { slow: 0, fast: 0 }
      const forever = (owner: 'slow' | 'fast', ms: number) =>
        loop.work(
          owner,
          1000,
          ms,
          () => {
            spentMs[owner] += ms
          },
          { isCommon: true },
        )
      void forever('slow', 5 * TURN_MS)
      void forever('fast', TURN_MS)
      for (let i = 0; i < 300; i++) await loop.tick()
      expect(spentMs.slow / spentMs.fast).toBeGreaterThan(0.8)
      expect(spentMs.slow / spentMs.fast).toBeLessThan(1.25)
    },
  )

  it('requests that arrive go before waiting work, but not in two ticks in a row', async () => {
    const loop = new FakeLoop()
    const resumedIn: number[] = []
    const all = loop.work('a', 3, TURN_MS, () => resumedIn.push(loop.ticks))
    for (let i = 0; i < 6; i++) {
      loop.turns.arrived()
      await loop.tick()
    }
    await all
    expect(resumedIn).toEqual([2, 4, 6])
  })

  it('waiting work gets a turn although other work takes all the time of every tick', async () => {
    let nowMs = 0
    const calls: (() => void)[] = []
    // Every look at the clock finds that much time has passed since the last one.
    const turns = new Turns({
      nowMs: () => (nowMs += 1000),
      onNextTick: (call) => void calls.push(call),
      onLater: () => undefined,
    })
    let resumed = 0
    for (let i = 0; i < 3; i++) void turns.wait('a', new Work()).then(() => resumed++)
    for (let tick = 0; tick < 3; tick++) {
      turns.arrived()
      for (const call of calls.splice(0)) call()
      for (let i = 0; i < 10; i++) await Promise.resolve()
    }
    expect(resumed).toBeGreaterThan(0)
  })

  it('the event loop is shared for some seconds after a request of another owner than the one before', async () => {
    const loop = new FakeLoop()
    for (const owner of ['a', 'a']) loop.turns.begin(owner)
    expect(loop.turns.isShared).toBe(false)
    loop.turns.begin('b')
    loop.nowMs += 4999
    expect(loop.turns.isShared).toBe(true)
    loop.nowMs++
    expect(loop.turns.isShared).toBe(false)
  })

  it('the bulk work of an owner gets its share of the time while other users send requests, and all of it otherwise', async () => {
    for (const [share, isShared, expected] of [
      [0.25, true, 0.25],
      [0.5, true, 0.5],
      [1, true, 1],
      [0.25, false, 1],
    ] as const) {
      const loop = new FakeLoop()
      loop.turns.shares = { all: 1, bulk: share }
      let spentMs = 0
      void loop.work('flood', 100_000, SHARED_TURN_MS, () => (spentMs += SHARED_TURN_MS), { isBulk: true })
      while (loop.nowMs < 500) {
        for (const owner of isShared ? ['quiet', 'other'] : ['flood']) void loop.turns.begin(owner)
        for (let i = 0; i < 20 && !loop.isIdle; i++) await loop.tick()
        if (loop.isIdle) loop.pass(1)
      }
      expect(spentMs / loop.nowMs).toBeGreaterThan(expected - 0.03)
      expect(spentMs / loop.nowMs).toBeLessThanOrEqual(expected + 0.03)
    }
  })

  it('the bulk work of a user who is alone gets all of the time, in whichever projects', async () => {
    const loop = new FakeLoop()
    loop.turns.shares = { all: 1, bulk: 0.01 }
    for (const owner of ['domain', 'project', 'domain']) void loop.turns.begin(owner, 'user')
    const startedMs = loop.nowMs
    await loop.until(loop.work('domain', 100, SHARED_TURN_MS, () => undefined, { isBulk: true }))
    expect(loop.nowMs - startedMs).toBe(100 * SHARED_TURN_MS)
  })

  it('the requests of an owner do not wait while its bulk work rests', async () => {
    const loop = new FakeLoop()
    loop.turns.shares = { all: 1, bulk: 0.01 }
    for (const owner of ['quiet', 'flood', 'quiet']) void loop.turns.begin(owner)
    let exported = 0
    void loop.work('flood', 1000, SHARED_TURN_MS, () => exported++, { isBulk: true })
    while (!loop.isIdle) await loop.tick()
    const [restingAtMs, before] = [loop.nowMs, exported]
    for (let i = 0; i < 20; i++) await loop.until(loop.request('flood', SHARED_TURN_MS, () => undefined))
    expect(exported).toBe(before)
    expect(loop.nowMs).toBe(restingAtMs + 20 * SHARED_TURN_MS)
  })

  it('nothing is scheduled while all work rests, until a timer', async () => {
    const loop = new FakeLoop()
    loop.turns.shares = { all: 1, bulk: 0.1 }
    for (const owner of ['quiet', 'flood', 'quiet']) void loop.turns.begin(owner)
    const all = loop.work('flood', 40, SHARED_TURN_MS, () => undefined, { isBulk: true })
    let [isDone, rests] = [false, 0]
    void all.then(() => (isDone = true))
    while (!isDone && rests < 1000) {
      await loop.tick()
      if (!loop.isIdle || isDone) continue
      rests++
      loop.pass(1)
    }
    // What exceeds the burst of 8 ms takes ten times as long.
    expect(rests).toBeGreaterThan(90)
    expect(rests).toBeLessThan(130)
  })

  it('the waiting work of an owner gets its share of the time while other users send requests in other projects, and all of it otherwise', async () => {
    const others = [
      ['quiet', 'quiet user'],
      ['other', 'other user'],
    ] as const
    for (const [arriving, isCommon, expected] of [
      [others, false, 0.25],
      [others, true, 1],
      // The same project, and the same user.
      [others.map(([, user]) => ['flood', user] as const), false, 1],
      [others.map(([owner]) => [owner, 'user'] as const), false, 1],
    ] as const) {
      const loop = new FakeLoop()
      loop.turns.shares = { all: 0.25, bulk: 1 }
      let spentMs = 0
      void loop.work('flood', 100_000, SHARED_TURN_MS, () => (spentMs += SHARED_TURN_MS), { isCommon })
      while (loop.nowMs < 1000) {
        for (const [owner, user] of arriving) void loop.turns.begin(owner, user)
        for (let i = 0; i < 20 && !loop.isIdle; i++) await loop.tick()
        if (loop.isIdle) loop.pass(1)
      }
      // The burst is 50 ms.
      const share = (spentMs - 50 * (1 - expected)) / loop.nowMs
      expect(share).toBeGreaterThan(expected - 0.04)
      expect(share).toBeLessThanOrEqual(expected + 0.04)
    }
  })

  it('requests of an owner that come one after the other have its share together', async () => {
    const loop = new FakeLoop()
    loop.turns.shares = { all: 0.25, bulk: 1 }
    let [spentMs, isDone] = [0, true]
    while (loop.nowMs < 1000) {
      for (const owner of ['quiet', 'other']) void loop.turns.begin(owner)
      if (isDone) {
        isDone = false
        void loop.work('flood', 4, SHARED_TURN_MS, () => (spentMs += SHARED_TURN_MS)).then(() => (isDone = true))
      }
      for (let i = 0; i < 20 && !loop.isIdle; i++) await loop.tick()
      if (loop.isIdle) loop.pass(1)
    }
    expect(spentMs).toBeGreaterThan(250)
    expect(spentMs).toBeLessThan(320)
  })

  it('requests that begin at once count for their owner, until the next request arrives', async () => {
    const loop = new FakeLoop()
    loop.turns.shares = { all: 0.25, bulk: 1 }
    const waited = { flood: 0, quiet: 0 }
    for (let i = 0; i < 100; i++) {
      for (const [owner, ms] of [
        ['quiet', 0.1],
        ['flood', 1],
      ] as const) {
        loop.turns.arrived()
        if (loop.turns.begin(owner) === undefined) loop.nowMs += ms
        else waited[owner]++
      }
      loop.turns.arrived()
      await loop.tick()
    }
    // The burst of 50 ms, and a quarter of the time until then.
    expect(100 - waited.flood).toBeGreaterThan(50)
    expect(100 - waited.flood).toBeLessThan(80)
    expect(waited.quiet).toBe(0)
  })

  it('a request begins at once while only bulk work of its owner rests, and waits while all its work rests', async () => {
    for (const [shares, isWaiting] of [
      [{ all: 1, bulk: 0.01 }, false],
      [{ all: 0.01, bulk: 1 }, true],
    ] as const) {
      const loop = new FakeLoop()
      loop.turns.shares = shares
      for (const owner of ['quiet', 'flood', 'quiet']) void loop.turns.begin(owner)
      await loop.until(loop.work('flood', 1, 60, () => undefined, { isBulk: true }))
      while (!loop.isIdle) await loop.tick()
      expect(loop.turns.begin('flood') !== undefined).toBe(isWaiting)
    }
  })

  it('while several owners send requests, a tick resumes few of one owner, because each brings the next one', async () => {
    for (const isShared of [false, true]) {
      const loop = new FakeLoop()
      for (const owner of isShared ? ['quiet', 'flood', 'quiet'] : ['flood']) void loop.turns.begin(owner)
      const perTick: number[] = []
      const all = Array.from({ length: 200 }, () =>
        loop.request('flood', TURN_MS / 128, () => (perTick[loop.ticks] = (perTick[loop.ticks] ?? 0) + 1)),
      )
      await loop.until(Promise.all(all))
      const most = Math.max(...perTick.filter((count) => count > 0))
      if (isShared) expect(most).toBeLessThanOrEqual(12)
      else expect(most).toBe(64)
    }
  })

  it('the work that has the present turn is known until the next one', async () => {
    const loop = new FakeLoop()
    const work = new Work()
    expect(loop.turns.workOf('a')).toBeUndefined()
    const seen: unknown[] = []
    const waiting = loop.turns.wait('a', work).then(() => seen.push(loop.turns.workOf('a'), loop.turns.workOf('b')))
    await loop.until(waiting)
    expect(seen).toEqual([work, undefined])
    await loop.tick()
    expect(loop.turns.workOf('a')).toBeUndefined()
  })

  it('an owner with little work waits for one turn of each other owner at most, however much these have', async () => {
    const floods = fc.array(
      fc.record({ count: fc.integer({ min: 1, max: 30 }), ms: fc.double({ min: 0.01, max: 3, noNaN: true }) }),
      {
        minLength: 1,
        maxLength: 5,
      },
    )
    await fc.assert(
      fc.asyncProperty(floods, fc.integer({ min: 0, max: 20 }), async (each, ticksBefore) => {
        const loop = new FakeLoop()
        for (const [i, { count, ms }] of each.entries()) {
          for (let n = 0; n < count; n++) void loop.work(`flood-${i}`, 20, ms * TURN_MS)
        }
        for (let i = 0; i < ticksBefore; i++) await loop.tick()
        // At once, when it has none of its own work.
        expect(loop.turns.begin('quiet')).toBeUndefined()
        const startMs = loop.nowMs
        let waitedMs = Number.POSITIVE_INFINITY
        await loop.until(loop.turns.wait('quiet', new Work()).then(() => (waitedMs = loop.nowMs - startMs)))
        // A turn ends after the group that exceeds it: less than half a turn when it grew, or one piece of work.
        const longest = each.map(({ ms }) => 1 + Math.max(ms, 1 / 2))
        expect(waitedMs).toBeLessThanOrEqual(longest.reduce((sum, ms) => sum + ms, 0) * TURN_MS + 1e-6)
      }),
    )
  })
})
