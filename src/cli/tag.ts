import { CLIENT_SETTINGS } from '../config/table.ts'
import { type Call, defineCommand, EXIT, UsageError } from './command.ts'
import { writeLine } from './io.ts'
import { logInToProject, PROJECT_HELP } from './project.ts'

type Tag = { readonly key: string; readonly value: string }

/** Adds tags to an image. */
export const tag = defineCommand({
  usage: 'tag <image-id> <key=value...>',
  summary: 'Add tags to an image.',
  details: [
    'If the image already has a key, its value is replaced. A key without "=" gets the empty value.',
    'Works for images only. Use "import" to tag database instances.',
    PROJECT_HELP,
  ].join('\n'),
  settings: CLIENT_SETTINGS,
  examples: [
    [
      'tagwerk tag 6ad1d4b2-3b2a-4f7e-9d0c-1f2e3d4c5b6a env=prod team=storage',
      'Adds two tags, with one API call each.',
    ],
  ],
  run: runTag,
})

async function runTag({ io, args, sources }: Call<unknown>): Promise<number> {
  const [id = '', ...texts] = args
  const tags = texts.map(toTag)
  const client = await logInToProject(sources)
  const path = `/v2/${client.projectId}/images/${encodeURIComponent(id)}/tags`
  for (const [done, tag] of tags.entries()) {
    try {
      await client.send({ method: 'POST', path, body: { tag } })
    } catch (error) {
      const progress = done === 0 ? 'no tag was set' : `${done} of ${tags.length} tags were set before this error`
      throw new Error(`${tag.key}=${tag.value}: ${(error as Error).message}; ${progress}`)
    }
  }
  await writeLine(io.stdout, `Set ${tags.length} ${tags.length === 1 ? 'tag' : 'tags'} on ${id}.`)
  return EXIT.ok
}

/** Parses `KEY=VALUE`, split at the first `=`. */
function toTag(text: string): Tag {
  const at = text.indexOf('=')
  const key = at === -1 ? text : text.slice(0, at)
  if (key.trim() === '') throw new UsageError(`"${text}" has no key: write KEY=VALUE, or KEY for the empty value`)
  return { key, value: at === -1 ? '' : text.slice(at + 1) }
}
