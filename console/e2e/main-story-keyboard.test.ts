import { keyboard } from './support/hands.ts'
import { storyTest, tellMainStory } from './support/main-story.ts'

const it = storyTest()

it('the main story is told by keyboard alone', async ({ page, now, problems }) => {
  // The write that the policy refuses.
  problems.allow(/status of 400/)
  await tellMainStory(page, now, 'en', keyboard)
})
