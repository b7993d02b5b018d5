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
      // These run in processes and threads of their own, which coverage does not follow; the crash, command and worker
      // tests run them for real.
      exclude: [
        'src/main.ts',
        'src/store/sqlite/writer-thread.ts',
        'src/service/worker.ts',
        'src/service/worker-main.ts',
      ],
      reporter: ['text', 'json-summary'],
      thresholds: { branches: 90, 'src/core/**': { branches: 100 } },
    },
  },
})
