import { mouse } from './support/hands.ts'
import { storyTest, tellMainStory } from './support/main-story.ts'

const it = storyTest()

it('the main story: log in, filter, read blame, compare, clean up, enforce a policy, and see it refuse a write', async ({
  page,
  now,
  problems,
}) => {
  // The write that the policy refuses.
  problems.allow(/status of 400/)
  await tellMainStory(page, now, 'en', mouse)
})
