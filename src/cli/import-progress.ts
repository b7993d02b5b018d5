import { SingleBar } from 'cli-progress'
import type { Output } from './io.ts'

/** A progress bar of an import, on terminals only. */
export type Progress = { update(bytes: number, resources: number): void; stop(): void }

const NO_PROGRESS: Progress = { update: () => undefined, stop: () => undefined }
const WITH_END = '{bar} {percentage}% | {resources} resources | {duration_formatted}, {eta_formatted} to go'
const WITHOUT_END = '{resources} resources | {duration_formatted}'

/** Starts to show progress towards a number of bytes; `bytesTotal` is undefined when the end is not known. */
export function showProgress(stream: Output, bytesTotal: number | undefined): Progress {
  if (stream.isTTY !== true) return NO_PROGRESS
  const bar = new SingleBar({
    stream,
    format: bytesTotal === undefined ? WITHOUT_END : WITH_END,
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
