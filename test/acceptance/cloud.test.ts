import { describe, expect, it } from 'vitest'
import { cloudOfEnvironment, tagwerkAsCloud } from './cloud.ts'
import { cloudStory } from './cloud-story.ts'

// The same story in a real cloud, if the environment names one, and in a Tagwerk: where the first is green and the second
// is red, Tagwerk is wrong; the other way round, our reading of the vendor's documents is.

const real = cloudOfEnvironment(process.env)
const ALL = { images: true, databases: true, tagService: true }

describe.skipIf(real === undefined)('a real cloud', () => {
  cloudStory(async () => {
    if (real === undefined) throw new Error('the environment names no cloud')
    return real.cloud
  }, real?.services ?? ALL)
})

describe('Tagwerk as a cloud', () => cloudStory(tagwerkAsCloud, ALL))

describe('the variables that name a cloud', () => {
  const of = (names: readonly string[]) =>
    cloudOfEnvironment(Object.fromEntries(names.map((name) => [`TAGWERK_ACCEPTANCE_CLOUD_${name}`, `${name}/`])))
  const who = ['IAM_URL', 'USER', 'PASSWORD', 'DOMAIN', 'PROJECT']

  it('name none when none is set', () => {
    expect(of([])).toBeUndefined()
  })

  it('choose the services for which all is there', () => {
    expect(of([...who, 'IMS_URL', 'IMAGE', 'GAUSSDB_URL'])).toMatchObject({
      services: { images: true, databases: false, tagService: false },
      cloud: { iam: { url: 'IAM_URL', user: 'USER/' }, imsUrl: 'IMS_URL', image: 'IMAGE/' },
    })
    expect(of([...who, 'GAUSSDB_URL', 'INSTANCE'])?.services.databases).toBe(true)
  })

  it('are asked for by name when some are missing', () => {
    expect(() => of(['IMS_URL', ...who.slice(0, 3)])).toThrow(
      'set TAGWERK_ACCEPTANCE_CLOUD_DOMAIN, TAGWERK_ACCEPTANCE_CLOUD_PROJECT too',
    )
    expect(() => of([...who, 'IMS_URL'])).toThrow('TAGWERK_ACCEPTANCE_CLOUD_IMS_URL and TAGWERK_ACCEPTANCE_CLOUD_IMAGE')
  })
})
