import { SingleBar } from 'cli-progress'
import type { Output } from './io.ts'

/** The progress of an import. Shown on a terminal only. */
export type Progress = { update(bytes: number, resources: number): void; stop(): void }

const NO_PROGRESS: Progress = { update: () => undefined, stop: () => undefined }
const FORMAT_WITH_TOTAL = '{bar} {percentage}% | {resources} resources | {duration_formatted}, {eta_formatted} left'
const FORMAT_WITHOUT_TOTAL = '{resources} resources | {duration_formatted}'

/** Starts a progress bar. `bytesTotal` is undefined if the size is unknown; then only counts are shown. */
export function showProgress(stream: Output, bytesTotal: number | undefined): Progress {
  if (stream.isTTY !== true) return NO_PROGRESS
  const bar = new SingleBar({
    stream,
    format: bytesTotal === undefined ? FORMAT_WITHOUT_TOTAL : FORMAT_WITH_TOTAL,
    barCompleteChar: '=',
    barIncompleteChar: ' ',
    hideCursor: false,
    clearOnComplete: true,
  })
  bar.start(bytesTotal ?? 0, 0, { resources: 0 })
  return {
    update: (bytes, resources) => bar.update(bytes, { resources }),
    stop: () => bar.stop(),
  }
}
