/** The lines of a stream of text. Leaving the loop early ends the answer. */
export async function* linesOf(stream: unknown): AsyncGenerator<string> {
  if (!(stream instanceof ReadableStream)) return
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ''
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      const lines = (rest + value).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) if (line !== '') yield line
    }
    if (rest !== '') yield rest
  } finally {
    await reader.cancel()
  }
}
