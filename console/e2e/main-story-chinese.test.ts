import { mouse } from './support/hands.ts'
import { storyTest, tellMainStory } from './support/main-story.ts'

const it = storyTest({ locale: 'zh-CN' })

it('the main story is told in Chinese from the log-in to the refused write', async ({ page, now, problems }) => {
  // The write that the policy refuses.
  problems.allow(/status of 400/)
  await tellMainStory(page, now, 'zh-CN', mouse)
})
