import type { Feed } from '../../infra/aws/capacity/counted.ts'
import { countCommands } from './count-commands.ts'
import { countFeeds, type Feeding } from './count-feeds.ts'
import { type StageOptions, startStage } from './stage.ts'
import type { Counts } from './tally.ts'

/** What the import of 500 invoices took. */
export type Import = {
  /** By the path that was posted to, such as `/v1/orders`. */
  readonly commands: ReadonlyMap<string, Counts>
  /** The orders as records of the table's stream. */
  readonly orders: Counts
  readonly feeds: ReadonlyMap<Feed, Feeding>
}

/** Imports the 500 invoices of test/data through the functions' bundles and counts what they take. */
export const countImport = async (options: StageOptions): Promise<Import> => {
  const stage = await startStage(options)
  const commands = await countCommands(stage)
  return { commands, ...(await countFeeds(stage)) }
}
