import { dynamoDbClient } from '../../dynamodb-client.ts'
import type { CommitScan } from '../../event-store/scan.ts'
import { dynamoScan } from '../../event-store/scan.ts'
import { localStore } from '../../local/event-store.ts'
import { type LocalTrail, localTrail } from '../../local/trail.ts'
import { enginesOf } from '../engines.ts'
import { stopOnInterrupt } from '../interrupt.ts'
import type { GlobalOptions } from '../options.ts'
import { type Progress, progressOn } from '../progress.ts'

export type OnTrail<A> = (
  trail: LocalTrail & { readonly scan: CommitScan },
  progress: Progress,
  signal: AbortSignal,
) => Promise<A>

/** Works on the trail and the event store of an instance; an interrupt aborts the signal. */
export const onTrail = async <A>(options: GlobalOptions, work: OnTrail<A>): Promise<A> => {
  const { dataDir, dynamodbEndpoint } = enginesOf(options)
  const client = dynamoDbClient(dynamodbEndpoint)
  const stop = new AbortController()
  stopOnInterrupt(stop)
  const progress = progressOn(process.stderr)
  const scan = dynamoScan(localStore(client, dataDir))
  try {
    return await work({ ...localTrail(client, dataDir), scan }, progress, stop.signal)
  } finally {
    progress.end()
    client.destroy()
  }
}
