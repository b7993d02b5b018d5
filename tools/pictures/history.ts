import { dice, estate, type Line, pick } from './estate.ts'
import { ADMIN, type PictureService, type PictureUser } from './service.ts'

/** How far the history reaches back. */
const DAYS = 90
const SEED = 20_260_301
const OWNERS = ['payments', 'platform', 'search', 'storage', 'web', 'data', 'Web'] as const
const PASSWORD = 'Pictures-of-the-console-2'

/** The database whose blame is shown. */
const SHOWN = 'rds-00007'

/** Who looks at the pictures. */
export const VIEWER: PictureUser = { user: 'anna.keller', password: PASSWORD }
const WRITERS: readonly PictureUser[] = ['terraform-ci', 'zhang.min', 'm.silva'].map((user) => ({
  user,
  password: PASSWORD,
}))

/** What the addresses of pictures name. */
export type Facts = { readonly project: string; readonly plan: string; readonly resource: string }

/** Makes ninety days of changes: resources get owners, a plan cleans up, policies come and are enforced. */
export async function makeHistory(service: PictureService): Promise<Facts> {
  const roll = dice(SEED)
  const lines = estate(roll)
  service.setDaysAgo(DAYS)
  const project = await register(service, lines)
  const unowned = lines.filter(
    ({ tags, resource_type }) => resource_type !== 'images' && !tags.some(({ key }) => key === 'owner'),
  )
  // Some are at the limit of their tags already.
  const roomy = lines.filter(({ tags }) => tags.length < 9)
  for (let day = DAYS - 1; day >= 0; day -= 3) {
    service.setDaysAgo(day)
    for (let i = 0; i < 14; i++) {
      const target = unowned.length > 0 && roll(5) > 0 ? unowned.shift() : undefined
      const { resource_type: type, resource_id: id } = target ?? pick(roomy, roll)
      const [key, value] =
        target === undefined
          ? ['reviewed', new Date(2026, 0, 90 - day).toISOString().slice(0, 10)]
          : ['owner', pick(OWNERS, roll)]
      const path = `/tagwerk/v1/${project}/resources/${type}/${encodeURIComponent(id)}/tags`
      await service.ask(pick(WRITERS, roll), 'project', 'POST', path, { action: 'create', tags: [{ key, value }] })
    }
    if (day === 41) await setEnvironment(service, project, 'terraform-ci', 'staging')
    if (day === 20) await setEnvironment(service, project, 'zhang.min', 'prod')
    if (day === 11) await cleanUp(service, project, 'CostCenter', 'cost-center')
  }
  service.setDaysAgo(0)
  await putPolicies(service, project)
  await countDays(service, project)
  const plan = await planFor(service, project, 'Owner', 'owner')
  return { project, plan, resource: `rds/${SHOWN}` }
}

async function register(service: PictureService, lines: readonly Line[]): Promise<string> {
  const text = lines.map((line) => JSON.stringify({ ...line, project: 'default' })).join('\n')
  const report = await service.ask(ADMIN, 'domain', 'POST', '/tagwerk/v1/import', text)
  if (report.refused > 0) throw new Error(`the estate was refused: ${JSON.stringify(report.refusals)}`)
  const { projects } = await service.ask(ADMIN, 'domain', 'GET', '/v3/projects?name=default')
  const { roles } = await service.ask(ADMIN, 'domain', 'GET', '/v3/roles?name=te_admin')
  const [{ id: project, domain_id: domain }] = projects
  for (const { user: name, password } of [VIEWER, ...WRITERS]) {
    const { user } = await service.ask(ADMIN, 'domain', 'POST', '/v3/users', { user: { name, password } })
    await service.ask(ADMIN, 'domain', 'PUT', `/v3/projects/${project}/users/${user.id}/roles/${roles[0].id}`)
    if (name === VIEWER.user) {
      await service.ask(ADMIN, 'domain', 'PUT', `/v3/domains/${domain}/users/${user.id}/roles/${roles[0].id}`)
    }
  }
  return project
}

async function setEnvironment(service: PictureService, project: string, user: string, value: string): Promise<void> {
  const path = `/tagwerk/v1/${project}/resources/rds/${SHOWN}/tags`
  const tags = [{ key: 'env', value }, ...(value === 'prod' ? [{ key: 'owner', value: 'platform' }] : [])]
  await service.ask({ user, password: PASSWORD }, 'project', 'POST', path, { action: 'create', tags })
}

async function planFor(service: PictureService, project: string, from: string, to: string): Promise<string> {
  const body = {
    select: { filter: `"${from}" in tags` },
    actions: [{ rename_key: { from, to, if_both: 'keep-to' } }],
    note: `One spelling: ${to}`,
  }
  const plan = await service.ask(VIEWER, 'project', 'POST', `/tagwerk/v1/${project}/plans`, body)
  return plan.id
}

async function cleanUp(service: PictureService, project: string, from: string, to: string): Promise<void> {
  const plan = await planFor(service, project, from, to)
  await service.ask(VIEWER, 'project', 'POST', `/tagwerk/v1/${project}/plans/${plan}/apply`, {})
}

async function putPolicies(service: PictureService, project: string): Promise<void> {
  const assign = (value: unknown) => ({ '@@assign': value })
  const owner = {
    tag_key: assign('owner'),
    tag_value: assign(['payments', 'platform', 'search', 'storage', 'web', 'data']),
    enforced_for: assign(['rds:instance']),
    report_required_tag_for: assign(['ecs', 'disk', 'rds:instance']),
  }
  const env = { tag_key: assign('env'), tag_value: assign(['prod', 'staging', 'test', 'dev']) }
  await service.ask(VIEWER, 'domain', 'PUT', '/tagwerk/v1/domain/policies/environments', { tags: { env } })
  const path = `/tagwerk/v1/${project}/policies/owner-required`
  await service.ask(VIEWER, 'project', 'PUT', path, { tags: { owner } })
}

/** Has the service count the days of the history, as it would have done each night. */
async function countDays(service: PictureService, project: string): Promise<void> {
  let from: string | undefined = new Date(Date.now() - DAYS * 86_400_000).toISOString().slice(0, 10)
  while (from !== undefined) {
    const body: object = { from, keys: ['owner', 'env'] }
    const answer = await service.ask(VIEWER, 'project', 'POST', `/tagwerk/v1/${project}/coverage/backfill`, body)
    from = answer.next
  }
}
