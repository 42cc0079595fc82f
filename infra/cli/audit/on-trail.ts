import { dynamoDbClient } from '../../dynamodb-client.ts'
import type { CommitScan } from '../../event-store/scan.ts'
import { dynamoScan } from '../../event-store/scan.ts'
import { localStore } from '../../local/event-store.ts'
import { type LocalTrail, localTrail } from '../../local/trail.ts'
import { enginesOf } from '../engines.ts'
import { stopOnInterrupt } from '../interrupt.ts'
import type { GlobalOptions } from '../options.ts'
import { type Progress, progressOn } from '../progress.ts'
import { stageTrail } from '../stage-engines.ts'

export type OnTrail<A> = (
  trail: LocalTrail & { readonly scan: CommitScan },
  progress: Progress,
  signal: AbortSignal,
) => Promise<A>

const trailHere = (options: GlobalOptions) => {
  const { dataDir, dynamodbEndpoint } = enginesOf(options)
  const client = dynamoDbClient(dynamodbEndpoint)
  return { store: localStore(client, dataDir), trail: localTrail(client, dataDir) }
}

/** Works on the trail and the event store of an instance or a stage; an interrupt aborts the signal. */
export const onTrail = async <A>(options: GlobalOptions, work: OnTrail<A>): Promise<A> => {
  const { store, trail } = options.stage === undefined ? trailHere(options) : await stageTrail(options.stage)
  const stop = new AbortController()
  stopOnInterrupt(stop)
  const progress = progressOn(process.stderr)
  try {
    return await work({ ...trail, scan: dynamoScan(store) }, progress, stop.signal)
  } finally {
    progress.end()
    store.client.destroy()
  }
}
