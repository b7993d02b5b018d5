import { useWhyNotInDomain, type WhyNot } from '../session/permissions.ts'
import { useSession } from '../session/session.ts'
import { useTexts } from '../text/texts.ts'
import { adminTexts } from './texts.ts'

/** The domain whose administrators manage the service and the other domains. It keeps its name. */
const FIRST_DOMAIN = 'default'

/** Gives the function that says why an action that belongs to the first domain is refused. */
export function useWhyNotFirst(): WhyNot {
  const { firstDomainOnly } = useTexts(adminTexts)
  const { domain } = useSession()
  const whyNot = useWhyNotInDomain()
  return (action) => (domain.name === FIRST_DOMAIN ? whyNot(action) : firstDomainOnly)
}
