import { useMutation } from '@tanstack/react-query'
import { answerOf, api } from '../api/client.ts'
import { useProject } from '../session/project.ts'
import { useFormat } from '../text/format.ts'
import { useTexts } from '../text/texts.ts'
import { Button } from '../ui/button.tsx'
import { downloadText } from '../ui/download.ts'
import { ErrorNotice } from '../ui/states.tsx'
import { type ProblemFilter, problemsBody } from './queries.ts'
import { policiesTexts } from './texts.ts'

const PAGE = 1000

/** Saves all problems as the service writes them: a row for each problem of each resource. */
export function ExportProblems({ filter }: { readonly filter: ProblemFilter }) {
  const texts = useTexts(policiesTexts)
  const format = useFormat()
  const { id } = useProject()
  const save = useMutation({
    mutationFn: async () => {
      const params = { path: { project_id: id } }
      const parts: string[] = []
      let resources = 0
      // A page of CSV does not say where the next one begins: that of JSON with the same bounds does.
      for (let after: string | undefined = ''; after !== undefined; ) {
        const body = { ...problemsBody(filter), limit: PAGE, ...(after !== '' && { after }) }
        const path = '/tagwerk/v1/{project_id}/compliance/resources'
        const page: { next?: string; resources: readonly unknown[] } = await answerOf(api.POST(path, { params, body }))
        const call = api.POST(path, { params, body: { ...body, format: 'csv' as const }, parseAs: 'text' })
        const csv = (await answerOf(call)) as unknown as string
        parts.push(parts.length === 0 ? csv : csv.slice(csv.indexOf('\n') + 1))
        resources += page.resources.length
        after = page.next
      }
      const name = ['problems', filter.key, filter.type, filter.problem].filter((part) => part !== undefined)
      downloadText(`${name.join('-')}.csv`, parts.join(''), 'text/csv')
      return resources
    },
  })
  return (
    <>
      <Button onPress={() => save.mutate()} isPending={save.isPending}>
        {texts.exportCsv}
      </Button>
      <span role="status" className="sr-only">
        {save.isSuccess && texts.exporting(format.number(save.data))}
      </span>
      {save.isError && <ErrorNotice error={save.error} />}
    </>
  )
}
