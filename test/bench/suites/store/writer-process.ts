import { dynamoDbClient } from '../../../../infra/dynamodb-client.ts'
import { takeTasks } from '../../child.ts'
import { meter, type Usage } from '../../meter.ts'
import { timedEach } from '../../stopwatch.ts'
import type { Store } from './contender.ts'
import { contenders } from './contenders.ts'
import { LINES, postingsOf } from './ledger.ts'
import { Task, type Wrote } from './writer-messages.ts'

// One of several writers: started by writers.ts with the engine's URL, asked over the channel, ends with it.

const [, , url] = process.argv

type Open = { readonly store: Store; readonly usage: () => Usage }

const uncounted = (): Usage => ({ requests: 0, writeUnits: 0 })

const open = (arm: string, metered: boolean): Open => {
  const contender = contenders.find(({ name }) => name === arm)
  if (contender === undefined) throw new Error(`there is no arm ${arm}`)
  const client = dynamoDbClient(url)
  return { store: contender.open(client), usage: metered ? meter(client) : uncounted }
}

const stores = new Map<string, Open>()

/** The same store for every task of an arm, as in a process that lives long. */
const openOnce = ({ arm, metered }: Task): Open => {
  const key = `${arm} ${metered}`
  const known = stores.get(key) ?? open(arm, metered)
  stores.set(key, known)
  return known
}

const write = async (task: Task): Promise<Wrote> => {
  const { store, usage } = openOnce(task)
  const before = usage()
  const postings = postingsOf(task.count, LINES)
  const { latenciesMs } = await timedEach(postings, 1, (posting) => store.append.contended(task.ledger, posting))
  const after = usage()
  return {
    type: 'wrote',
    postings: postings.map(({ id }) => id),
    latenciesMs: [...latenciesMs],
    requests: after.requests - before.requests,
    writeUnits: after.writeUnits - before.writeUnits,
  }
}

takeTasks(async (message) => {
  if (!Task.is(message)) throw new TypeError('a writer takes tasks')
  return write(message)
})
