import type { GivenUpBatch, GivenUpRecord } from './given-up-batch.ts'

export type Redriving = {
  /** Hands records to the function that gave them up; answers whether it took them all. Rejects when it could not be asked. */
  readonly retry: (functionArn: string, records: ReadonlyArray<GivenUpRecord>) => Promise<boolean>
  /** Sets what the record tells of aside, for somebody to see. False: this function has nowhere to set it aside. */
  readonly park: (functionArn: string, record: GivenUpRecord, error: string) => Promise<boolean>
}

export type Redriven = { readonly taken: number; readonly parked: number }

/** Neither was a record taken nor could it be parked: it is to be tried again later. */
export class NotRedriven extends Error {
  override readonly name = 'NotRedriven'
}

/**
 * Tries a batch that a mapping gave up once more, since what was away may be there again; what fails still, record by record, is parked,
 * so that it can be seen and healed. Rejects when neither is possible: then nothing is lost as long as the batch is kept.
 */
export const redrive = async ({ retry, park }: Redriving, batch: GivenUpBatch): Promise<Redriven> => {
  const { functionArn, condition, invocations, records } = batch
  if (await retry(functionArn, records)) return { taken: records.length, parked: 0 }
  const error = `given up after ${invocations} deliveries (${condition}), and failed again; the log of ${functionArn} tells why`
  let parked = 0
  for (const record of records) {
    if (records.length > 1 && (await retry(functionArn, [record]))) continue
    if (!(await park(functionArn, record, error))) throw new NotRedriven(error)
    parked += 1
  }
  return { taken: records.length - parked, parked }
}
