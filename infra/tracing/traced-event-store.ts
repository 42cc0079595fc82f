import type { StreamName } from '../event-store/port.ts'
import type { TransactionalEventStore } from '../event-store/transaction-port.ts'
import { inSpan } from './spans.ts'

/** The type alone: the id of a stream may name a person. */
const about = ({ type }: StreamName) => ({ 'db.system.name': 'aws.dynamodb', 'daybook.stream_type': type })

/** An event store whose appends, and the loading of streams, are steps of the current trace. */
export const tracedEventStore = (store: TransactionalEventStore): TransactionalEventStore => ({
  ...store,
  append: (position, draft) => inSpan('append', about(position.stream), () => store.append(position, draft)),
  appendAll: (transaction) =>
    inSpan('append', about(transaction.commits[0].position.stream), () => store.appendAll(transaction)),
  tail: (stream, commits) => inSpan('load', about(stream), () => store.tail(stream, commits)),
})
