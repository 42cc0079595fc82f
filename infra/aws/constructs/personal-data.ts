import type { Table } from 'aws-cdk-lib/aws-dynamodb'
import type { Key } from 'aws-cdk-lib/aws-kms'
import { Construct } from 'constructs'
import { SUBJECT_KEY_TABLE_NAME } from '../../names.ts'
import { subjectKeyTableDefinition } from '../../privacy/dynamo.ts'
import { all, allowing } from '../capability.ts'
import { dataKey, sealing } from './data-key.ts'
import { type TableOptions, tableOf } from './table.ts'

/** The keys of people, and the key that wraps the master key which wraps them. */
export class PersonalData extends Construct {
  readonly subjectKeys: Table
  readonly personalKey: Key
  private readonly tableKey: TableOptions['key']

  constructor(scope: Construct, id: string, options: TableOptions & { readonly nameOf: (name: string) => string }) {
    super(scope, id)
    const { nameOf, ...table } = options
    this.tableKey = table.key
    this.subjectKeys = tableOf(this, 'subject-keys', subjectKeyTableDefinition(nameOf(SUBJECT_KEY_TABLE_NAME)), table)
    this.personalKey = dataKey(this, 'personal-key', 'Daybook: wraps the master key of personal data', table.keepsData)
  }

  /** Whoever is the first to ask makes the key, of a person or of all. */
  sealing() {
    return all(
      this.onKeys('dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:PutItem'),
      sealing(this.tableKey),
      allowing(
        { DAYBOOK_PERSONAL_KEY: this.personalKey.keyArn },
        ['kms:Decrypt', 'kms:GenerateDataKey'],
        this.personalKey.keyArn,
      ),
    )
  }

  erasing() {
    return all(this.sealing(), this.onKeys('dynamodb:UpdateItem'))
  }

  private onKeys(...actions: ReadonlyArray<string>) {
    return allowing({ DAYBOOK_SUBJECT_KEY_TABLE: this.subjectKeys.tableName }, actions, this.subjectKeys.tableArn)
  }
}
