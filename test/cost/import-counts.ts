/** What the commands of an import ask of DynamoDB, and what it charges. */
export type CommandCounts = {
  readonly invocations: number
  readonly 'requests/PutItem': number
  readonly 'requests/Query': number
  readonly 'writeUnits/events': number
  readonly 'writeUnits/requests': number
  readonly 'writeUnits/subject-keys': number
  readonly 'readUnits/events': number
}

/** Of the 500 invoices in test/data, by the path that is posted to; counted.test.ts holds it to what it counts. */
export const IMPORT: { readonly [path: string]: CommandCounts } = {
  '/v1/products': {
    invocations: 2_001,
    'requests/PutItem': 4_002,
    'requests/Query': 0,
    'writeUnits/events': 4_002,
    'writeUnits/requests': 2_001,
    'writeUnits/subject-keys': 0,
    'readUnits/events': 0,
  },
  '/v1/orders': {
    invocations: 427,
    'requests/PutItem': 1_141,
    'requests/Query': 0,
    'writeUnits/events': 1_152,
    'writeUnits/requests': 427,
    'writeUnits/subject-keys': 287,
    'readUnits/events': 0,
  },
  '/v1/credit-notes': {
    invocations: 43,
    'requests/PutItem': 114,
    'requests/Query': 0,
    'writeUnits/events': 87,
    'writeUnits/requests': 43,
    'writeUnits/subject-keys': 28,
    'readUnits/events': 0,
  },
  '/v1/stock': {
    invocations: 30,
    'requests/PutItem': 60,
    'requests/Query': 30,
    'writeUnits/events': 60,
    'writeUnits/requests': 30,
    'writeUnits/subject-keys': 0,
    'readUnits/events': 30,
  },
}
