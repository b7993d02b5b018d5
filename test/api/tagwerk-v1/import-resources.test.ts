import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Answer, startTestService, type TestService } from '../../support/service.ts'
import { tagwerkError } from '../expected.ts'
import {
  image,
  instance,
  logIn,
  newImageId,
  newInstanceId,
  projectNamed,
  startWithUsers,
  tagOf,
  texts,
} from '../fixtures.ts'

// POST /tagwerk/v1/import: a stream of resources as NDJSON.

const PATH = '/tagwerk/v1/import'
const LINE_BYTES_MAX = 65_536

let service: TestService
let domainToken: string
beforeAll(async () => {
  service = await startTestService()
  domainToken = await service.tokenFor(undefined)
})
afterAll(() => service.stop())

type Refusal = { line: number; field: string; rule: string; message: string }

/** Sends a body unchanged, by default with the project token, so that lines need no project. */
function send(body: string, query = '', token = service.token): Promise<Answer> {
  return service.call('POST', PATH + query, { body, token })
}
const lines = (...values: unknown[]) => values.map((value) => JSON.stringify(value)).join('\n')

async function tagsOf(id: string, type = 'images') {
  const path =
    type === 'images' ? `/v2/${service.project}/images/${id}/tags` : `/v3/${service.project}/instances/${id}/tags`
  return (await service.call('GET', path)).body.tags as { key: string; value: string }[] | undefined
}

async function countOf(project: { id: string; token: string }): Promise<number> {
  const path = `/v2/${project.id}/images/resource_instances/action`
  return (await service.call('POST', path, { body: { action: 'count' }, token: project.token })).body.total_count
}

it('an import that refuses every line is answered with 200, and its report counts them', async () => {
  const answer = await send('{}\n{"resource_type":"Volumes"}\n')
  expect([answer.status, answer.body]).toMatchObject([200, { created: 0, updated: 0, unchanged: 0, refused: 2 }])
})

describe('tags in other forms, and null', () => {
  it('tags as a map, and with the member names of AWS, are the same as an array of key and value', async () => {
    const [map, aws, own] = [newImageId(), newImageId(), newImageId()]
    const line = (id: string, tags: unknown) => ({ ...image(id), tags })
    const pairs = [
      { key: 'env', value: 'prod' },
      { key: 'team', value: '' },
    ]
    const bodies = [
      line(map, { env: 'prod', team: '' }),
      line(
        aws,
        pairs.map(({ key, value }) => ({ Key: key, Value: value })),
      ),
      line(own, pairs),
    ]
    expect((await send(bodies.map((each) => JSON.stringify(each)).join('\n'))).body).toMatchObject({ created: 3 })
    for (const id of [map, aws, own]) expect(await tagsOf(id)).toEqual(pairs)
  })

  it('a member that is null is as if it was absent, also tags', async () => {
    const id = newImageId()
    const bare = JSON.stringify({ resource_type: 'images', resource_id: id })
    expect((await send(bare)).body).toMatchObject({ created: 1 })
    const nulls = { project: null, resource_name: null, resource_detail: null, created_at: null, tags: null }
    const answer = await send(JSON.stringify({ ...JSON.parse(bare), ...nulls }))
    expect(answer.body).toMatchObject({ unchanged: 1, refused: 0 })
    const withoutId = await send(JSON.stringify({ resource_type: 'images', resource_id: null }))
    expect(withoutId.body.refusals).toMatchObject([{ field: 'resource_id', rule: 'required' }])
  })
})

describe('a body of another kind', () => {
  it('a body that is not one JSON object per line is refused as a whole, with how to convert it', async () => {
    const one = image(newImageId(), 'a=1')
    for (const [body, kind, remedy] of [
      [JSON.stringify([one]), 'a JSON array', "jq -c '.[]' FILE"],
      [JSON.stringify({ resources: [one] }, null, 2), 'one JSON document with a list of resources', 'jq -c'],
      [`${JSON.stringify(one)},\n${JSON.stringify(one)}`, 'lines with a comma after the object', 'sed'],
      ['id,env\nx,prod\n', 'a CSV file', 'tagwerk import FILE'],
    ] as const) {
      const answer = await send(body)
      expect(answer.status).toBe(400)
      expect(answer.body.error_code).toBe('body-malformed')
      expect(answer.body.error_msg).toContain(`body: must be one JSON object per line; this is ${kind}`)
      expect(answer.body.error_msg).toContain(remedy)
    }
    expect(await tagsOf(one.resource_id)).toBeUndefined()
  })

  it('the lines of a later part are numbered from first_line, whatever its start looks like', async () => {
    const answer = await send(`[\n${lines(image(newImageId(), 'a=1'))}\nx`, '?first_line=5001')
    expect(answer.body).toMatchObject({ created: 1, refused: 2 })
    expect(answer.body.refusals.map(({ line }: Refusal) => line)).toEqual([5001, 5003])
    expect((await send('', '?first_line=0')).body).toMatchObject({
      error_code: 'request-invalid',
      error_msg: expect.stringContaining('first_line'),
    })
  })
})

describe('registering resources', () => {
  it('the report counts created, updated, unchanged and refused lines', async () => {
    const one = image(newImageId(), 'a=1')
    const answer = await send(lines(one, instance(newInstanceId())))
    expect([answer.status, answer.body]).toEqual([
      200,
      {
        ...{ dry_run: false, created: 2, updated: 0, unchanged: 0, refused: 0, refusals: [] },
        ...{ repeated: 0, repeats: [], projects_created: [] },
        ...{ dropped_tags: 0, dropped: [], emptied: { names: 0, details: 0, tags: 0 } },
      },
    ])
    expect(answer.headers.get('x-request-id')).toMatch(/^[0-9a-f]{32}$/)
    expect((await send(lines({ ...one, resource_name: 'other' }))).body).toMatchObject({ created: 0, updated: 1 })
  })

  it('importing the same lines again changes nothing, not even the revision', async () => {
    const body = lines(image(newImageId(), 'a=1', 'b='), image(newImageId()))
    await send(body)
    const before = await service.call('GET', `/v3/${service.project}/tags`)
    expect((await send(body)).body).toMatchObject({ created: 0, updated: 0, unchanged: 2 })
    const after = await service.call('GET', `/v3/${service.project}/tags`)
    expect(after.headers.get('x-tagwerk-revision')).toBe(before.headers.get('x-tagwerk-revision'))
  })

  it('a line replaces the whole resource, tags included', async () => {
    const id = newImageId()
    await send(lines(image(id, 'a=1', 'b=2')))
    await send(lines(image(id, 'c=3')))
    expect(await tagsOf(id)).toEqual([tagOf('c=3')])
    await send(lines({ resource_type: 'images', resource_id: id, resource_name: 'x' }))
    expect(await tagsOf(id)).toEqual([])
  })

  it('outer blanks of tags are trimmed', async () => {
    const id = newImageId()
    await send(lines({ ...image(id), tags: [{ key: ' a ', value: ' 1 ' }] }))
    expect(await tagsOf(id)).toEqual([tagOf('a=1')])
  })

  it('an image can have 10 tags and an instance 20', async () => {
    const full = texts('k', 20).map((key) => `${key}=v`)
    const [img, ins] = [newImageId(), newInstanceId()]
    expect((await send(lines(image(img, ...full.slice(10)), instance(ins, ...full)))).body).toMatchObject({
      created: 2,
    })
    expect(await tagsOf(img)).toHaveLength(10)
    expect(await tagsOf(ins, 'instances')).toHaveLength(20)
    const over = await send(
      lines(image(newImageId(), ...full.slice(9)), instance(newInstanceId(), ...full, 'one=more')),
    )
    expect(over.body).toMatchObject({ created: 0, refused: 2 })
    expect(over.body.refusals.map(({ field, rule }: Refusal) => [field, rule])).toEqual([
      ['tags', 'items-max'],
      ['tags', 'items-max'],
    ])
  })

  it('resource ids may be names of object members such as __proto__', async () => {
    const id = 'constructor'
    expect((await send(lines(image(id, '__proto__=1', 'toString=2')))).body).toMatchObject({ created: 1 })
    expect(await tagsOf(id)).toEqual([tagOf('__proto__=1'), tagOf('toString=2')])
  })

  it('an import ignores the content type', async () => {
    for (const type of ['application/x-ndjson', 'text/plain', 'application/octet-stream', 'application/json']) {
      const answer = await service.call('POST', PATH, {
        body: lines(image(newImageId())),
        headers: { 'content-type': type },
      })
      expect(answer.body).toMatchObject({ created: 1 })
    }
  })
})

describe('refusing invalid lines with line, field, rule and value', () => {
  const good = image('00000000-0000-4000-8000-000000000001')
  const cases: readonly (readonly [name: string, line: unknown, field: string, rule: string, ...shown: string[]])[] = [
    ['invalid JSON', 'not json', 'line', 'well-formed', 'JSON'],
    ['an array instead of an object', [], 'line', 'type', 'array'],
    ['null instead of an object', null, 'line', 'type', 'null'],
    ['a number instead of an object', 7, 'line', 'type', '7'],
    ['an unknown member', { ...good, tag: [] }, 'tag', 'unknown-member'],
    ['a member __proto__', '{"__proto__":{"a":1}}', '__proto__', 'unknown-member'],
    ['no type', { resource_id: 'x' }, 'resource_type', 'required'],
    ['an unknown type', { ...good, resource_type: 'image' }, 'resource_type', 'resource-type', '"images"', '"image"'],
    ['no id', { resource_type: 'images' }, 'resource_id', 'required'],
    ['an empty id', { ...good, resource_id: '' }, 'resource_id', 'not-blank', '""'],
    ['an id that is a number', { ...good, resource_id: 1 }, 'resource_id', 'type', '1'],
    ['an id of 65 characters', { ...good, resource_id: 'x'.repeat(65) }, 'resource_id', 'characters-max', '64', '65'],
    ['an id with a slash', { ...good, resource_id: 'a/b' }, 'resource_id', 'characters', '"a/b"'],
    ['an id that begins with a dot', { ...good, resource_id: '..' }, 'resource_id', 'characters', '".."'],
    [
      'a name of 256 characters',
      { ...good, resource_name: '😀'.repeat(256) },
      'resource_name',
      'characters-max',
      '255',
      '256',
    ],
    ['a detail that is an array', { ...good, resource_detail: [] }, 'resource_detail', 'type', 'array'],
    ['a status that is a number', { ...good, resource_detail: { status: 1 } }, 'resource_detail.status', 'type', '1'],
    ['tags that are a text', { ...good, tags: 'a=1' }, 'tags', 'type', '"a=1"'],
    ['a tag of a map that is a number', { ...good, tags: { a: 1 } }, 'tags[0].value', 'type', '1'],
    [
      'a tag with members of both forms',
      { ...good, tags: [{ Key: 'a', value: '' }] },
      'tags[0].value',
      'unknown-member',
    ],
    ['a tag that is a string', { ...good, tags: ['a=1'] }, 'tags[0]', 'type', '"a=1"'],
    ['a tag without value', { ...good, tags: [{ key: 'a' }] }, 'tags[0].value', 'required'],
    ['a tag with an unknown member', { ...good, tags: [{ key: 'a', value: '', x: 1 }] }, 'tags[0].x', 'unknown-member'],
    ['an empty key', { ...good, tags: [{ key: ' ', value: '' }] }, 'tags[0].key', 'not-blank', '" "'],
    [
      'a key of 37 characters',
      { ...good, tags: [{ key: 'k'.repeat(37), value: '' }] },
      'tags[0].key',
      'characters-max',
      '36',
      '37',
    ],
    [
      'a value of 44 characters',
      { ...good, tags: [{ key: 'k', value: 'v'.repeat(44) }] },
      'tags[0].value',
      'characters-max',
      '43',
      '44',
    ],
    [
      'a key with a forbidden character',
      { ...good, tags: [{ key: 'a@b', value: '' }] },
      'tags[0].key',
      'characters',
      '"a@b"',
    ],
    ['a repeated key', { ...good, tags: [tagOf('a=1'), tagOf('b=1'), tagOf('a=2')] }, 'tags[2].key', 'unique', '"a"'],
    [
      'keys that are equal after trimming',
      { ...good, tags: [tagOf('a=1'), { key: ' a', value: '1' }] },
      'tags[1].key',
      'unique',
      '"a"',
    ],
    [
      'an unpaired surrogate',
      '{"resource_type":"images","resource_id":"x","resource_name":"\\ud800"}',
      'resource_name',
      'well-formed',
    ],
    [
      'the character NUL',
      '{"resource_type":"images","resource_id":"x","resource_name":"a\\u0000b"}',
      'resource_name',
      'characters',
      'NUL',
    ],
    [
      'a number that overflows',
      '{"resource_type":"images","resource_id":"x","resource_detail":{"n":1e999}}',
      'resource_detail.n',
      'type',
    ],
    ['a project with outer blanks', { ...good, project: ' p ' }, 'project', 'characters', '" p "'],
    ['an empty project', { ...good, project: '' }, 'project', 'not-blank', '""'],
    [
      'another project than that of the token',
      { ...good, project: 'elsewhere' },
      'project',
      'one-of',
      '"default"',
      '"elsewhere"',
    ],
  ]
  for (const [name, line, field, rule, ...shown] of cases) {
    it(`a line with ${name} is refused alone`, async () => {
      const bad = typeof line === 'string' ? line : JSON.stringify(line)
      const [before, after] = [image(newImageId()), image(newImageId())]
      const answer = await send(`${JSON.stringify(before)}\n${bad}\n${JSON.stringify(after)}\n`)
      expect(answer.body).toMatchObject({ created: 2, refused: 1, refusals: [{ line: 2, field, rule }] })
      for (const text of [field, ...shown]) expect(answer.body.refusals[0].message).toContain(text)
    })
  }

  it('a line that is nested too deeply is refused alone', async () => {
    const answer = await send(
      `{"resource_detail":${'['.repeat(20_000)}${']'.repeat(20_000)}}\n${lines(image(newImageId()))}`,
    )
    expect(answer.body).toMatchObject({ created: 1, refused: 1, refusals: [{ line: 1, rule: 'depth-max' }] })
    expect(answer.body.refusals[0].message).toContain('32')
  })

  it('the report lists the first 1000 refused lines and counts all', async () => {
    const answer = await send('x\n'.repeat(2500))
    expect(answer.body).toMatchObject({ refused: 2500, created: 0 })
    expect(answer.body.refusals.map(({ line }: Refusal) => line)).toEqual(Array.from({ length: 1000 }, (_, i) => i + 1))
  })
})

describe('reading lines', () => {
  const a = JSON.stringify(image('line-a'))
  const b = JSON.stringify(image('line-b', '键=值'))

  it('lines end with LF or CRLF, the last line break is optional, and empty lines are skipped but numbered', async () => {
    for (const body of [`${a}\n${b}`, `${a}\n${b}\n`, `${a}\r\n${b}\r\n`, `\n\r\n${a}\n\n\r\n${b}\n\n`]) {
      const { created, updated, unchanged, refused } = (await send(body)).body
      expect([created + updated + unchanged, refused]).toEqual([2, 0])
    }
    const numbered = await send(`\n\n${a}\r\nx\r\n\n${b}\ny`)
    expect(numbered.body.refusals.map(({ line }: Refusal) => line)).toEqual([4, 7])
  })

  it('an empty body has no lines', async () => {
    for (const body of ['', '\n', '\r\n\r\n']) {
      expect((await send(body)).body).toMatchObject({ created: 0, updated: 0, unchanged: 0, refused: 0 })
    }
  })

  it('a line of 64 KiB is accepted, and a line of one more byte is refused alone with its number', async () => {
    const padded = (bytes: number) => {
      const line = JSON.stringify(image(newImageId()))
      return line + ' '.repeat(bytes - line.length)
    }
    const answer = await send(
      [padded(LINE_BYTES_MAX), padded(LINE_BYTES_MAX + 1), a, padded(LINE_BYTES_MAX * 20), padded(LINE_BYTES_MAX)].join(
        '\n',
      ),
    )
    expect(answer.body).toMatchObject({ created: 2, refused: 2 })
    expect(answer.body.refusals.map(({ line, field, rule }: Refusal) => [line, field, rule])).toEqual([
      [2, 'line', 'bytes-max'],
      [4, 'line', 'bytes-max'],
    ])
    expect(answer.body.refusals[0].message).toContain('65536')
    const crlf = await send(`${padded(LINE_BYTES_MAX)}\r\n${padded(LINE_BYTES_MAX + 1)}\r\n${padded(LINE_BYTES_MAX)}`)
    expect(crlf.body).toMatchObject({ created: 2, refused: 1, refusals: [{ line: 2 }] })
  })

  it('the limit of a line counts bytes, not characters', async () => {
    const line = (characters: number) => JSON.stringify({ ...image('bytes'), no_member: '值'.repeat(characters) })
    const room = Math.floor((LINE_BYTES_MAX - Buffer.byteLength(line(0))) / 3)
    expect((await send(line(room))).body).toMatchObject({ refusals: [{ rule: 'unknown-member' }] })
    expect((await send(line(room + 1))).body).toMatchObject({ refusals: [{ field: 'line', rule: 'bytes-max' }] })
  })

  it('a detail may have 8192 bytes and no more', async () => {
    const line = (bytes: number) =>
      JSON.stringify({ ...image('detail'), resource_detail: { status: 's', n: 'x'.repeat(bytes - 21) } })
    expect((await send(line(8192))).body).toMatchObject({ created: 1 })
    expect((await send(line(8193))).body).toMatchObject({ refusals: [{ field: 'resource_detail', rule: 'bytes-max' }] })
  })

  it('integers in a detail that JSON parsing would round are refused', async () => {
    const line = (number: string) =>
      JSON.stringify({ ...instance('number'), resource_detail: { n: { m: ['?'] } } }).replace('"?"', number)
    expect((await send(line('9007199254740991'))).body).toMatchObject({ created: 1 })
    expect((await send(line('9007199254740993'))).body).toMatchObject({
      refusals: [{ field: 'resource_detail.n.m.0', rule: 'type' }],
    })
  })

  it('a dry run of more than 32 MiB is refused', async () => {
    const line = `${JSON.stringify({ ...image('big'), no_member: 'x'.repeat(60_000) })}\n`
    const body = line.repeat(Math.ceil((32 * 2 ** 20) / line.length) + 1)
    const token = await service.tokenFor(undefined)
    const answer = await service.call('POST', '/tagwerk/v1/import?dry_run=true', { body, token })
    expect([answer.status, answer.body.error_code]).toEqual([413, 'body-too-large'])
    expect((await service.call('POST', '/tagwerk/v1/import', { body, token })).status).toBe(200)
  })

  it('a line may name its project by id', async () => {
    const body = JSON.stringify({ ...image('by-id'), project: service.project })
    const answer = await service.call('POST', '/tagwerk/v1/import', { body, token: await service.tokenFor(undefined) })
    expect(answer.body).toMatchObject({ created: 1, projects_created: [] })
  })

  it.each([
    ['a part of a batch', 20, 300],
    ['one batch, but not two', 700, 4000],
    ['all that is in flight', 10_000, 4000],
  ])('lines for one resource stay in order when the write queue has room for %s', async (_, room, count) => {
    const narrow = await startTestService({ flags: { 'write-queue-max': String(room) } })
    try {
      const rows = Array.from({ length: count }, (_, n) => ({
        ...image('same'),
        project: 'default',
        resource_name: `n${n}`,
      }))
      const others = Array.from({ length: 100 }, (_, n) => ({ ...image(`other-${n}`), project: 'default' }))
      const body = [...rows.slice(0, count / 2), ...others, ...rows.slice(count / 2)]
        .map((row) => JSON.stringify(row))
        .join('\n')
      const token = await narrow.tokenFor(undefined)
      const answer = await narrow.call('POST', '/tagwerk/v1/import?last_wins=true', { body, token })
      expect(answer.body).toMatchObject({ created: 101, updated: count - 1, refused: 0, repeated: count - 1 })
      const { text } = await narrow.call('GET', '/tagwerk/v1/export', { token })
      expect(text).toContain(`"resource_name":"n${count - 1}"`)
    } finally {
      await narrow.stop()
    }
  })

  it('lines are parsed the same wherever the stream is split into chunks, even within a character', async () => {
    const bytes = Buffer.from(`${a}\r\nx\n\n${b}\n${'z'.repeat(20)}`)
    const wanted = [
      [2, 'line'],
      [5, 'line'],
    ]
    const seen = await Promise.all(
      Array.from({ length: bytes.length + 1 }, async (_, at) => {
        const { body } = await sendChunks([bytes.subarray(0, at), bytes.subarray(at)].filter((part) => part.length > 0))
        return [body.refused, body.refusals.map(({ line, field }: Refusal) => [line, field])]
      }),
    )
    expect(seen).toEqual(Array(bytes.length + 1).fill([2, wanted]))
    const { body } = await sendChunks(Array.from(bytes, (byte) => Buffer.from([byte])))
    expect(body.refusals.map(({ line, field }: Refusal) => [line, field])).toEqual(wanted)
    expect(await tagsOf('line-b')).toEqual([tagOf('键=值')])
  })

  it('lines that are too long are refused wherever the stream is split into chunks', async () => {
    const body = Buffer.from(`${a}\n${'z'.repeat(LINE_BYTES_MAX + 1)}\n${b}\nx`)
    const ends = [
      a.length + LINE_BYTES_MAX,
      a.length + LINE_BYTES_MAX + 1,
      a.length + LINE_BYTES_MAX + 2,
      a.length + 3 + LINE_BYTES_MAX,
    ]
    for (const at of [1, a.length, a.length + 1, a.length + 2, 40_000, ...ends]) {
      const answer = await sendChunks([body.subarray(0, at), body.subarray(at)])
      expect(answer.body.refusals.map(({ line, rule }: Refusal) => [line, rule])).toEqual([
        [2, 'bytes-max'],
        [4, 'well-formed'],
      ])
    }
  })

  it('an import may be larger than the limit on other bodies', async () => {
    const many = Array.from({ length: 3000 }, () => ({
      ...image(newImageId(), 'a=1'),
      resource_detail: { x: 'y'.repeat(600) },
    }))
    const body = lines(...many)
    expect(body.length).toBeGreaterThan(1_048_576 * 2)
    expect((await send(body)).body).toMatchObject({ created: 3000, refused: 0 })
  })
})

/** Sends each chunk as a separate packet. */
async function sendChunks(chunks: readonly Uint8Array[]): Promise<Answer> {
  const stream = new ReadableStream<Uint8Array>({
    async start(controller) {
      for (const chunk of chunks) {
        controller.enqueue(new Uint8Array(chunk))
        await new Promise((resolve) => setImmediate(resolve))
      }
      controller.close()
    },
  })
  const response = await fetch(service.url + PATH, {
    method: 'POST',
    headers: { 'x-auth-token': service.token },
    ...({ body: stream, duplex: 'half' } as RequestInit),
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, body: JSON.parse(text) }
}

describe('choosing the project of a line', () => {
  it('with a domain token, lines name their project, and a missing project is created', async () => {
    const named = (project: string) => ({ ...image(newImageId()), project })
    const answer = await send(lines(named('new-1'), named('项目'), named('new-1'), named('default')), '', domainToken)
    expect(answer.body).toMatchObject({ created: 4, projects_created: ['new-1', '项目'] })
    expect(await countOf(await projectNamed(service, 'new-1'))).toBe(2)
    expect((await send(lines(named('new-1')), '', domainToken)).body.projects_created).toEqual([])
  })

  it('lines without a project go to the project in the query', async () => {
    const answer = await send(lines(image(newImageId())), '?project=fallback', domainToken)
    expect(answer.body).toMatchObject({ created: 1, projects_created: ['fallback'] })
    expect(await countOf(await projectNamed(service, 'fallback'))).toBe(1)
  })

  it('with a domain token, a line without a project is refused if the query names none', async () => {
    const answer = await send(lines(image(newImageId())), '', domainToken)
    expect(answer.body).toMatchObject({ created: 0, refusals: [{ line: 1, field: 'project', rule: 'required' }] })
  })

  it('with a project token, lines go only to that project, by name, by id or without a name', async () => {
    const own = { ...image(newImageId()), project: 'default' }
    const byId = { ...image(newImageId()), project: service.project }
    const answer = await send(lines(own, byId, image(newImageId()), { ...image(newImageId()), project: 'new-1' }))
    expect(answer.body).toMatchObject({ created: 3, refused: 1, refusals: [{ line: 4, field: 'project' }] })
  })

  it('the name of a project may have 64 characters and no more', async () => {
    const answer = await send(
      lines({ ...image(newImageId()), project: 'p'.repeat(64) }, { ...image(newImageId()), project: 'p'.repeat(65) }),
      '',
      domainToken,
    )
    expect(answer.body).toMatchObject({ created: 1, refusals: [{ line: 2, field: 'project', rule: 'characters-max' }] })
  })
})

describe('dry run', () => {
  it('a dry run reports the effects and changes nothing', async () => {
    const known = image(newImageId(), 'a=1')
    await send(lines(known))
    const before = await service.call('GET', `/v3/${service.project}/tags`)
    const fresh = image(newImageId(), 'a=1')
    const body = lines(known, { ...known, resource_name: 'x' }, fresh, fresh, image(newImageId(), 'a@b=1'))
    const answer = await send(body, '?dry_run=true&last_wins=true')
    expect(answer.body).toMatchObject({ dry_run: true, created: 1, updated: 1, unchanged: 2, refused: 1, repeated: 2 })
    const after = await service.call('GET', `/v3/${service.project}/tags`)
    expect(after.headers.get('x-tagwerk-revision')).toBe(before.headers.get('x-tagwerk-revision'))
    expect(await tagsOf(fresh.resource_id)).toBeUndefined()
  })

  it('a dry run creates no project', async () => {
    const body = lines({ ...image(newImageId()), project: 'only-tried' })
    for (let i = 0; i < 2; i++) {
      expect((await send(body, '?dry_run=true', domainToken)).body).toMatchObject({ projects_created: ['only-tried'] })
    }
    await expect(service.tokenFor('only-tried')).rejects.toThrow('403')
  })

  it('a dry run reports the same counts as the import', async () => {
    const ids = Array.from({ length: 40 }, newImageId)
    const body = lines(
      ...ids.flatMap((id, i) => [image(id, `a=${i % 3}`), image(ids[(i * 7) % 40] as string, `a=${i % 2}`)]),
    )
    const { dry_run: _, changes: _changes, changes_total: _total, ...dry } = (await send(body, '?dry_run=true')).body
    const { dry_run: __, ...real } = (await send(body)).body
    expect(dry).toEqual(real)
  })

  it('a dry run distinguishes projects that do not exist yet', async () => {
    const id = newImageId()
    const body = lines(...['not-yet-1', 'not-yet-2'].map((project) => ({ ...image(id), project })))
    const wanted = { created: 2, updated: 0, projects_created: ['not-yet-1', 'not-yet-2'] }
    expect((await send(body, '?dry_run=true', domainToken)).body).toMatchObject(wanted)
    expect((await send(body, '', domainToken)).body).toMatchObject(wanted)
  })

  it('a value of dry_run that is not a boolean is answered with 400', async () => {
    for (const query of ['?dry_run=2', '?dry_run=', '?dry_run=yes', '?dry_run=true&dry_run=true']) {
      const { status, body } = await send(lines(image(newImageId())), query)
      expect({ status, body }).toEqual(tagwerkError(400, 'request-invalid', 'dry_run', 'true or false'))
    }
  })
})

describe('answers to import requests', () => {
  it('a request without a token is answered with 401 token-missing, and one with a malformed token with token-unreadable', async () => {
    const without = await service.call('POST', PATH, { body: 'x', token: null })
    expect({ status: without.status, body: without.body }).toEqual(tagwerkError(401, 'token-missing'))
    const broken = await send('x', '', 'broken')
    expect({ status: broken.status, body: broken.body }).toEqual(tagwerkError(401, 'token-unreadable'))
  })

  it('a user with read-only access is answered with 403', async () => {
    const strict = await startWithUsers()
    try {
      const { token } = await logIn(strict, 'reader', 'default')
      const answer = await strict.call('POST', PATH, { body: lines(image(newImageId())), token })
      expect({ status: answer.status, body: answer.body }).toEqual(tagwerkError(403, 'action-forbidden'))
    } finally {
      await strict.stop()
    }
  })
})

describe('a client that disconnects during an import', () => {
  it('after a client disconnects during an import, the service answers and accepts the same lines again', async () => {
    const all = Array.from({ length: 200 }, () => JSON.stringify(image(newImageId(), 'left=1')))
    const body = `${all.join('\n')}\n`
    for (let i = 0; i < 10; i++) {
      const cut = Math.floor((body.length * (i + 1)) / 12)
      await new Promise<void>((resolve) => {
        const { hostname, port } = new URL(service.url)
        const socket = connect(Number(port), hostname, () => {
          const head = `POST ${PATH} HTTP/1.1\r\nHost: x\r\nX-Auth-Token: ${service.token}\r\nContent-Length: ${body.length}\r\n\r\n`
          socket.write(head + body.slice(0, cut), () => setTimeout(() => socket.destroy(), 5))
        })
        socket.on('close', () => resolve())
      })
    }
    const answer = await send(body)
    const { created, unchanged, updated, refused } = answer.body
    expect([created + unchanged, updated, refused]).toEqual([200, 0, 0])
    const query = { action: 'count', tags: [{ key: 'left', values: ['1'] }] }
    const counted = await service.call('POST', `/v2/${service.project}/images/resource_instances/action`, {
      body: query,
    })
    expect(counted.body).toEqual({ total_count: 200 })
  })
})
