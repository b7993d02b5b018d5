import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/postgres-setup.ts'],
    // Every core: the tests mostly wait for services that they start.
    maxWorkers: availableParallelism(),
    testTimeout: 30_000,
    hookTimeout: 60_000,
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      // The process entry and the thread entry run in processes of their own, which coverage does not follow; the crash
      // and command tests run them for real.
      exclude: ['src/main.ts', 'src/store/sqlite-worker.ts'],
      reporter: ['text', 'json-summary'],
      thresholds: { branches: 90, 'src/core/**': { branches: 100 } },
    },
  },
})
