import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import type { Contender } from './contender.ts'
import { type Acknowledged, type Faults, faultsOf, inWords, NO_FAULTS, sumOfFaults } from './faults.ts'
import { storedIn } from './stored.ts'

export type Verifying = {
  /** Reads the ledger back from the table; rejects on a fault of an arm that must not have any. */
  readonly verify: (client: DynamoDBClient, ledger: string, acknowledged: Acknowledged) => Promise<void>
  /** What was found so far in arms that may have faults. */
  readonly remarks: () => ReadonlyArray<string>
}

/** Daybook must not lose or double an event, and the plain requests cannot; what a peer does is reported. */
const MAY_FAIL = new Set(['castore', 'equinox'])

export const verifying = (contender: Contender): Verifying => {
  let faults: Faults = NO_FAULTS
  let events = 0
  return {
    verify: async (client, ledger, acknowledged) => {
      const found = faultsOf(await storedIn(client, contender, ledger), acknowledged)
      const asked = acknowledged.postings.length * acknowledged.size
      faults = sumOfFaults(faults, found)
      events += asked
      const words = inWords(found, asked)
      if (words.length === 0 || MAY_FAIL.has(contender.name)) return
      throw new Error(`${contender.name} has faults in ${ledger}: ${words.join(', ')}`)
    },
    remarks: () => inWords(faults, events),
  }
}
