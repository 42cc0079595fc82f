import type { Command } from 'commander'
import * as t from 'io-ts'
import { askOperations } from '../operations.ts'
import type { GlobalOptions } from '../options.ts'
import { oneLine, printJson } from '../output.ts'

const PATH = '/v1/admin/projections'
const PAGE = 1_000

const Projections = t.type({ projections: t.array(t.type({ name: t.string, parkedStreams: t.number })) })

const Page = t.strict({
  items: t.array(
    t.strict({
      tenant: t.string,
      streamType: t.string,
      streamId: t.string,
      version: t.number,
      error: t.string,
      attempts: t.number,
      parkedAt: t.string,
    }),
  ),
  nextCursor: t.union([t.string, t.null]),
})

type Parked = t.TypeOf<typeof Page>['items'][number] & { readonly projection: string }

const parkedBy = async (options: GlobalOptions, projection: string): Promise<ReadonlyArray<Parked>> => {
  const found: Parked[] = []
  const path = `${PATH}/${encodeURIComponent(projection)}/parked?limit=${PAGE}`
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: t.TypeOf<typeof Page> = await askOperations(
      options,
      cursor === '' ? path : `${path}&cursor=${encodeURIComponent(cursor)}`,
      Page,
      'its parked streams',
    )
    found.push(...page.items.map((item) => ({ projection, ...item })))
    cursor = page.nextCursor
  }
  return found
}

const namesOfParking = async (options: GlobalOptions): Promise<ReadonlyArray<string>> => {
  const { projections } = await askOperations(options, PATH, Projections, 'its projections')
  return projections.flatMap(({ name, parkedStreams }) => (parkedStreams > 0 ? name : []))
}

/** As a shell takes it. */
const quoted = (word: string): string => (/^[\w./@-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)

/** A record that names no stream has no tenant either (`?`), and nothing to replay. */
const remedyOf = ({ projection, tenant, streamType, streamId }: Parked): string =>
  tenant === '?'
    ? 'a record that names no stream: look for what wrote it into the event table'
    : `after a fix: daybook replay ${projection} --tenant ${quoted(tenant)} --stream ${quoted(`${streamType}/${streamId}`)}`

const inWords = (parked: Parked): string => {
  const { projection, tenant, streamType, streamId, version, attempts, parkedAt, error } = parked
  const tries = attempts === 1 ? 'tried once' : `tried ${attempts} times`
  return [
    oneLine(
      `${projection}: ${streamType}/${streamId} of ${tenant}, at version ${version}, ${tries}, since ${parkedAt}`,
    ),
    `  ${oneLine(error)}`,
    `  ${oneLine(remedyOf(parked))}`,
    '',
  ].join('\n')
}

/** `parked [projection]` */
export const addParked = (program: Command): void => {
  program
    .command('parked')
    .description('list the streams that projections could not apply, and what to do about them')
    .argument('[projection]', 'only those of this projection')
    .action(async (projection: string | undefined, _, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>()
      const names = projection === undefined ? await namesOfParking(options) : [projection]
      const parked: Parked[] = []
      for (const name of names) parked.push(...(await parkedBy(options, name)))
      if (options.json) printJson({ parked })
      else process.stdout.write(parked.length === 0 ? 'nothing is parked\n' : parked.map(inWords).join(''))
    })
}
