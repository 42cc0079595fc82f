import type { CreateTableCommandInput, KeySchemaElement } from '@aws-sdk/client-dynamodb'
import {
  ApproximateCreationDateTimePrecision,
  type Attribute,
  AttributeType,
  BillingMode,
  ProjectionType,
  StreamViewType,
  Table,
  TableEncryption,
} from 'aws-cdk-lib/aws-dynamodb'
import type { IStream } from 'aws-cdk-lib/aws-kinesis'
import type { IKey } from 'aws-cdk-lib/aws-kms'
import type { Construct } from 'constructs'
import { removalPolicyOf } from '../removal.ts'

const TYPES: { readonly [type: string]: AttributeType } = {
  S: AttributeType.STRING,
  N: AttributeType.NUMBER,
  B: AttributeType.BINARY,
}

type Definition = CreateTableCommandInput

const keysOf = ({ AttributeDefinitions }: Definition, schema: ReadonlyArray<KeySchemaElement> = []) => {
  const attribute = (keyType: string): Attribute | undefined => {
    const name = schema.find(({ KeyType }) => KeyType === keyType)?.AttributeName
    const type = TYPES[AttributeDefinitions?.find(({ AttributeName }) => AttributeName === name)?.AttributeType ?? '']
    return name === undefined || type === undefined ? undefined : { name, type }
  }
  const [partitionKey, sortKey] = [attribute('HASH'), attribute('RANGE')]
  if (partitionKey === undefined) throw new Error('a table and an index have a partition key')
  return { partitionKey, ...(sortKey !== undefined && { sortKey }) }
}

export type TableOptions = {
  readonly key: IKey
  readonly keepsData: boolean
  /** Gets every change, too, as records with times in microseconds. */
  readonly destination?: IStream
}

/**
 * A table as the laptop makes it of the same definition: on demand, encrypted under a key of ours, and restorable to any second of the
 * last 35 days.
 */
export const tableOf = (
  scope: Construct,
  id: string,
  definition: Definition,
  { key, keepsData, destination }: TableOptions,
): Table => {
  const table = new Table(scope, id, {
    ...keysOf(definition, definition.KeySchema),
    billingMode: BillingMode.PAY_PER_REQUEST,
    encryption: TableEncryption.CUSTOMER_MANAGED,
    encryptionKey: key,
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    deletionProtection: keepsData,
    removalPolicy: removalPolicyOf(keepsData),
    ...(definition.StreamSpecification?.StreamEnabled === true && { stream: StreamViewType.NEW_IMAGE }),
    ...(destination !== undefined && {
      kinesisStream: destination,
      kinesisPrecisionTimestamp: ApproximateCreationDateTimePrecision.MICROSECOND,
    }),
    ...(definition.TableName !== undefined && { tableName: definition.TableName }),
  })
  for (const { IndexName: indexName, KeySchema } of definition.GlobalSecondaryIndexes ?? []) {
    if (indexName === undefined) throw new Error('an index has a name')
    table.addGlobalSecondaryIndex({
      indexName,
      ...keysOf(definition, KeySchema),
      projectionType: ProjectionType.KEYS_ONLY,
    })
  }
  return table
}
