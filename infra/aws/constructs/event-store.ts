import type { Table } from 'aws-cdk-lib/aws-dynamodb'
import { Effect, PolicyStatement, StarPrincipal } from 'aws-cdk-lib/aws-iam'
import { Construct } from 'constructs'
import { EVENT_TABLE } from '../../event-store/keys.ts'
import { reservationTableDefinition } from '../../event-store/reservation-table.ts'
import { eventTableDefinition } from '../../event-store/table.ts'
import type { Told } from '../../lambda/environment.ts'
import { EVENT_TABLE_NAME, REQUEST_TABLE_NAME, RESERVATION_TABLE_NAME, SNAPSHOT_TABLE_NAME } from '../../names.ts'
import { requestTableDefinition } from '../../request-keys/dynamo.ts'
import { snapshotTableDefinition } from '../../snapshots/dynamo.ts'
import { all, allowing } from '../capability.ts'
import { opening, sealing } from './data-key.ts'
import type { ObjectBucket } from './object-bucket.ts'
import { type TableOptions, tableOf } from './table.ts'

type EventStoreOptions = Required<TableOptions> & {
  readonly nameOf: (name: string) => string
  readonly objects: ObjectBucket
  readonly bounds: Told<'DAYBOOK_TIME_BOUNDS'>['DAYBOOK_TIME_BOUNDS']
}

/** The event table, which nobody changes what is written in, and the tables beside it that a command writes. */
export class EventStore extends Construct {
  readonly events: Table
  readonly requests: Table
  readonly reservations: Table
  readonly snapshots: Table
  private readonly options: EventStoreOptions

  constructor(scope: Construct, id: string, options: EventStoreOptions) {
    super(scope, id)
    this.options = options
    const { destination, nameOf, ...beside } = options
    this.events = tableOf(this, 'events', eventTableDefinition(nameOf(EVENT_TABLE_NAME)), { ...beside, destination })
    this.requests = tableOf(this, 'requests', requestTableDefinition(nameOf(REQUEST_TABLE_NAME)), beside)
    this.reservations = tableOf(
      this,
      'reservations',
      reservationTableDefinition(nameOf(RESERVATION_TABLE_NAME)),
      beside,
    )
    this.snapshots = tableOf(this, 'snapshots', snapshotTableDefinition(nameOf(SNAPSHOT_TABLE_NAME)), beside)
    this.events.addToResourcePolicy(
      new PolicyStatement({
        effect: Effect.DENY,
        principals: [new StarPrincipal()],
        actions: ['dynamodb:UpdateItem', 'dynamodb:DeleteItem'],
        resources: ['*'],
      }),
    )
  }

  /** Streams, one at a time. */
  reading() {
    return all(
      this.on('dynamodb:Query'),
      opening(this.options.key),
      this.options.objects.reading('DAYBOOK_OBJECTS_BUCKET'),
    )
  }

  /** All commits of a time, by the index. */
  readingInTime() {
    const index = `${this.events.tableArn}/index/${EVENT_TABLE.timeIndex}`
    return all(this.reading(), this.on('dynamodb:BatchGetItem'), allowing({}, ['dynamodb:Query'], index))
  }

  /** All that the table holds. */
  scanning() {
    return all(this.reading(), this.on('dynamodb:Scan'))
  }

  /** Whether it is there. */
  probing() {
    return this.on('dynamodb:DescribeTable')
  }

  /** Commands: a commit, and what it claims, numbers, answers again and remembers. */
  appending() {
    return all(
      this.reading(),
      this.on('dynamodb:PutItem', 'dynamodb:ConditionCheckItem'),
      this.options.objects.writing('DAYBOOK_OBJECTS_BUCKET'),
      allowing({ DAYBOOK_REQUEST_TABLE: this.requests.tableName }, ['dynamodb:PutItem'], this.requests.tableArn),
      allowing(
        { DAYBOOK_RESERVATION_TABLE: this.reservations.tableName },
        ['dynamodb:PutItem', 'dynamodb:DeleteItem'],
        this.reservations.tableArn,
      ),
      allowing(
        { DAYBOOK_SNAPSHOT_TABLE: this.snapshots.tableName },
        ['dynamodb:Query', 'dynamodb:PutItem'],
        this.snapshots.tableArn,
      ),
      sealing(this.options.key),
    )
  }

  private on(...actions: ReadonlyArray<string>) {
    const variables = { DAYBOOK_EVENT_TABLE: this.events.tableName, DAYBOOK_TIME_BOUNDS: this.options.bounds }
    return allowing(variables, actions, this.events.tableArn)
  }
}
