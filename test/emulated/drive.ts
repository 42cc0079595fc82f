import assert from 'node:assert/strict'
import { join } from 'node:path'
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider'
import { PROJECTION_NAMES } from '../../infra/composition/projections.ts'
import { expectedSales } from '../e2e/expected-sales.ts'
import { eventually } from '../e2e/instance.ts'
import { figures, salesReport } from '../e2e/sales-report.ts'
import { cdkIn } from './cdk.ts'
import { commitsIn, commitsOf } from './count-commits.ts'
import { deployedIn, httpAt } from './deployed.ts'
import { downloadExport } from './download-export.ts'
import { ACCOUNT, CREDENTIALS, type Emulator } from './emulator.ts'
import { poison } from './poison.ts'
import { invoicedByItself } from './processes.ts'
import { runCommand } from './run-command.ts'
import { signIn } from './sign-in.ts'
import { projectionsOf } from './status.ts'
import type { Step } from './step.ts'

const INVOICES = 'test/data/online-retail-500.csv.gz'
const TENANT = 'acme'

export type Driving = {
  /** For what is made on the way. */
  readonly dir: string
  readonly emulator: Emulator
  readonly postgresUrl: string
  readonly opensearchUrl: string
  readonly step: Step
}

/** From nothing to nothing: bootstrap, deploy, the main job, what fails and is healed, an update, destroy. */
export const drive = async ({ dir, emulator, postgresUrl, opensearchUrl, step }: Driving): Promise<void> => {
  const engines = {
    DAYBOOK_READER_URL: postgresUrl,
    DAYBOOK_PROJECTOR_URL: postgresUrl,
    DAYBOOK_OWNER_URL: postgresUrl,
    DAYBOOK_OPENSEARCH_URL: opensearchUrl,
  }
  const env = { ...emulator.env, ...engines, CDK_DEFAULT_ACCOUNT: ACCOUNT, CDK_DEFAULT_REGION: CREDENTIALS.AWS_REGION }
  const cdk = cdkIn(dir, env, 'emulated', ACCOUNT)
  await step('bootstrap', cdk.bootstrap)
  const deployed = deployedIn(await step('deploy all stacks', () => cdk.deploy()))
  const http = httpAt(deployed.url)

  const client = {
    endpoint: emulator.url,
    region: CREDENTIALS.AWS_REGION,
    credentials: { accessKeyId: CREDENTIALS.AWS_ACCESS_KEY_ID, secretAccessKey: CREDENTIALS.AWS_SECRET_ACCESS_KEY },
  }
  const cognito = new CognitoIdentityProviderClient(client)
  const token = await step('sign in through Cognito', async () => {
    const signedIn = await signIn(cognito, deployed, {
      name: 'importer@acme.example',
      tenant: TENANT,
      roles: ['admin', 'integration'],
    })
    assert.equal((await http(signedIn, '/v1/orders')).status, 200)
    assert.equal((await http('nonsense', '/v1/orders')).status, 401)
    return signedIn
  })

  const flags = async (): Promise<unknown> => {
    const args = ['run', '--silent', 'daybook', '--', 'flags', 'show', '--stage', 'emulated', '--json']
    return JSON.parse(await runCommand({ file: 'npm', args, env })).flags
  }
  await step('flags by AppConfig', async () => {
    assert.deepEqual(await flags(), { 'automatic-invoicing': { enabled: false } })
  })

  const expected = expectedSales(INVOICES)
  await step('import 500 invoices through API Gateway', () =>
    runCommand({
      file: 'npm',
      args: [
        ...['run', '--silent', 'daybook', '--', 'import', 'online-retail', INVOICES, '--tenant', TENANT],
        ...['--stage', 'emulated', '--token', token, '--json'],
      ],
      env,
    }),
  )
  await step('exact totals through the deployed read API', async () => {
    const total = async () => figures((await salesReport({ http }, token, 'day')).total)
    assert.deepEqual(await eventually(total, ({ net }) => net === expected.total.net), expected.total)
  })
  await step('the search index knows the products', async () => {
    const found = await eventually(
      () => http(token, '/v1/search/products?q=lantrn'),
      ({ json }) => JSON.stringify(json).includes('LANTERN'),
    )
    assert.match(JSON.stringify(found.json), /LANTERN/)
  })
  const status = () => projectionsOf(env, token)
  await step('status tells that nothing waits', async () => {
    const none = await eventually(status, (told) => [...told.values()].every(({ lagEvents }) => lagEvents === 0))
    assert.deepEqual([...none.keys()], PROJECTION_NAMES)
    for (const each of none.values())
      assert.partialDeepStrictEqual(each, {
        lagEvents: 0,
        lagEventsOrMore: false,
        lagSeconds: 0,
        lastError: null,
        parkedStreams: 0,
      })
  })
  await step('an export is made and downloaded', () => downloadExport(deployed.url, http, token))
  await poison({ client, env, postgresUrl, http, status, token, tenant: TENANT, step })
  await step('restore drill, of all that there is', async () => {
    const commits = await commitsOf(client, TENANT)
    await runCommand({
      file: 'npm',
      args: [
        ...['run', '--silent', 'restore-drill', '--', '--tenant', TENANT, '--stage', 'emulated', '--drop-views'],
        ...['--out', join(dir, 'export'), '--to', new Date().toISOString()],
      ],
      env,
    })
    assert.equal(await commitsIn(join(dir, 'export')), commits)
  })
  await step('exact totals after it', async () => {
    assert.deepEqual(figures((await salesReport({ http }, token, 'day')).total), expected.total)
  })
  await step('update one function, and a flag', async () => {
    const release = async () => JSON.stringify((await http(token, '/health/live')).json)
    assert.doesNotMatch(await release(), /second/)
    const since = new Date().toISOString()
    const invoicing = { 'daybook:automaticInvoicingSince': since, 'daybook:automaticInvoicingAfterHours': '0' }
    await cdk.deploy({ 'daybook:release': 'second', ...invoicing })
    assert.match(await eventually(release, (text) => text.includes('second')), /second/)
    assert.deepEqual(await flags(), { 'automatic-invoicing': { enabled: true, since, afterHours: 0 } })
  })
  await step('an order is invoiced by a process', () => invoicedByItself(client, http, token))
  await step('destroy', cdk.destroy)
}
