import type { Command } from 'commander'
import * as t from 'io-ts'
import { nullable } from '../../../schemas/nullable.ts'
import { askOperations } from '../operations.ts'
import type { GlobalOptions } from '../options.ts'
import { oneLine, printJson, table } from '../output.ts'

const Status = t.strict({
  asOf: t.string,
  projections: t.array(
    t.strict({
      name: t.string,
      version: t.number,
      releasedVersion: t.number,
      lagEvents: t.number,
      lagEventsOrMore: t.boolean,
      lagSeconds: t.number,
      ratePerSecond: nullable(t.number),
      ratePerSecondOverMinute: nullable(t.number),
      lastError: nullable(t.string),
      parkedStreams: t.number,
    }),
  ),
})
type Status = t.TypeOf<typeof Status>

/** What can be wrong with the projections, a line each. */
const remarks = (projections: Status['projections']): string => {
  const failing = projections.flatMap(({ name, lastError }) =>
    lastError === null ? [] : `${name} fails at present: ${oneLine(lastError)}\n`,
  )
  const changed = projections.some(({ version, releasedVersion }) => version !== releasedVersion)
  const parked = projections.some(({ parkedStreams }) => parkedStreams > 0)
  return [
    ...failing,
    ...(changed ? ['views of another version than this release has: daybook replay --changed\n'] : []),
    ...(parked ? ['what could not be applied: daybook parked\n'] : []),
  ].join('')
}

const rate = (perSecond: number | null): string => perSecond?.toFixed(1) ?? '-'

const inWords = ({ projections }: Status): string =>
  table([
    ['projection', 'version', 'lag (events)', 'lag (s)', 'events/s (10 s)', 'events/s (60 s)', 'parked streams'],
    ...projections.map((projection) => [
      projection.name,
      String(projection.version),
      `${projection.lagEvents}${projection.lagEventsOrMore ? '+' : ''}`,
      projection.lagSeconds.toFixed(1),
      rate(projection.ratePerSecond),
      rate(projection.ratePerSecondOverMinute),
      String(projection.parkedStreams),
    ]),
  ]) + remarks(projections)

/** `status` */
export const addStatus = (program: Command): void => {
  program
    .command('status')
    .description('show how far each projection is, how fast, and how many streams it could not apply')
    .action(async (_, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>()
      const status = await askOperations(options, '/v1/admin/projections', Status, 'its status')
      if (options.json) printJson(status)
      else process.stdout.write(inWords(status))
    })
}
