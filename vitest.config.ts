import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { LongFirst } from './test/support/long-first.ts'

// Threads and processes that tests start take stripped and compiled modules from here instead of making them again.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, 'node_modules/.cache/tagwerk-tests')

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'console/e2e/**/*.test.ts'],
    globalSetup: [
      'test/support/postgres-setup.ts',
      'test/support/program-setup.ts',
      'console/e2e/support/browser-setup.ts',
    ],
    // Every core: the tests mostly wait for services that they start.
    maxWorkers: availableParallelism(),
    // Test files of one worker share its modules: loading them takes longer than most files run.
    isolate: false,
    sequence: { sequencer: LongFirst },
    // For what never ends; a slow machine under load takes several times as long as a quiet one.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 60_000 } },
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      // These run in processes and threads of their own, which coverage does not follow; the crash, command and worker
      // tests run them for real.
      exclude: [
        'src/main.ts',
        'src/store/sqlite/writer-thread.ts',
        'src/service/worker-process.ts',
        'src/service/worker-main.ts',
      ],
      reporter: ['text', 'json-summary'],
      thresholds: { branches: 90, 'src/core/**': { branches: 100 } },
    },
  },
})
