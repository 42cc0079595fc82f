import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { GetPublicKeyCommand, KMSClient } from '@aws-sdk/client-kms'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { verifyExport } from '../../../infra/audit/verify/export.ts'
import { PROJECTION_NAMES } from '../../../infra/composition/projections.ts'
import { projectorPool, readerPool } from '../../../infra/postgres/pool.ts'
import { READER_ROLE } from '../../../infra/postgres/roles.ts'
import { type Deployment, deployment } from '../../aws/deployment.ts'
import { kinesisOf, streamOf } from '../../aws/events.ts'
import { standIn } from '../../aws/stand-in.ts'
import { dynamodbEndpoints, freshDatabase, freshName, opensearchUrl } from '../../engines/engines.ts'
import { temporaryDir } from '../local/temporary-dir.ts'
import { type Answered, calling, loaded, withoutLogs } from './loaded.ts'

const tenant = freshName('t')
const endpoint = dynamodbEndpoints().dynoxide
const search = opensearchUrl()
const NONE_FAILED = { batchItemFailures: [] }
const enough = { getRemainingTimeInMillis: () => 60_000 }

let database: Awaited<ReturnType<typeof freshDatabase>>
let aws: Deployment
let admin: string
beforeAll(async () => {
  withoutLogs()
  database = await freshDatabase()
  aws = await deployment({ dynamodb: endpoint, postgres: database.url, opensearch: search })
  admin = await aws.tokenFor(tenant, 'admin', 'integration')
})
afterAll(async () => {
  await aws.stop()
  await database.drop()
})

const functionOf: (...of: Parameters<Deployment['environmentOf']>) => ReturnType<typeof loaded> = (name, changes) =>
  loaded(name, aws.environmentOf(name, changes))

const stream = () => streamOf(endpoint, aws.variables.DAYBOOK_EVENT_TABLE)

const product = { sku: 'lantern', name: 'White metal lantern', price: { amount: '3.39', currency: 'GBP' } }

const written = async (call: (...of: Parameters<ReturnType<typeof calling>>) => Promise<Answered>) => {
  const { status, json } = await call('POST', '/v1/products', { token: admin, body: product })
  expect(status).toBe(201)
  return json
}

describe('migrate', () => {
  const asked = (url: string, type = 'Create') => ({
    RequestType: type,
    ResponseURL: url,
    StackId: 'stack',
    RequestId: 'request',
    LogicalResourceId: 'Views',
    ResourceProperties: { ServiceToken: 'migrate' },
  })

  test.runIf(search !== null)(
    'makes schema, users and index, and tells CloudFormation; again it finds nothing to do',
    async () => {
      const responses: unknown[] = []
      const cloudFormation = await standIn(({ method, headers, body }) => {
        responses.push({ method, type: headers['content-type'], ...JSON.parse(body.toString('utf8')) })
        return { status: 200 }
      })
      const migrate = await functionOf('migrate')
      await migrate(asked(cloudFormation.url))
      await migrate(asked(cloudFormation.url, 'Update'))
      await migrate(asked(cloudFormation.url, 'Delete'))
      await cloudFormation.stop()
      const told = { Status: 'SUCCESS', StackId: 'stack', RequestId: 'request', LogicalResourceId: 'Views' }
      const same = { ...told, method: 'PUT', type: '', PhysicalResourceId: 'daybook-views' }
      expect(responses).toMatchObject([
        { ...same, Data: { Migrations: expect.stringContaining('0001_views') } },
        same,
        same,
      ])
      await aws.letRolesIn()
    },
  )

  test('that cannot work fails the deployment, with the reason', async () => {
    const responses: unknown[] = []
    const cloudFormation = await standIn(({ body }) => {
      responses.push(JSON.parse(body.toString('utf8')))
      return { status: 200 }
    })
    const away = await functionOf('migrate', { DAYBOOK_OWNER_URL: 'postgresql://u:p@127.0.0.1:1/none' })
    await away(asked(cloudFormation.url))
    const untold = await functionOf('migrate', { DAYBOOK_OWNER_URL: undefined })
    await untold(asked(cloudFormation.url))
    await expect(untold(asked('...'))).rejects.toThrow('DAYBOOK_OWNER_URL is missing')
    await cloudFormation.stop()
    expect(responses).toMatchObject([
      { Status: 'FAILED', Reason: expect.stringContaining('ECONNREFUSED') },
      { Status: 'FAILED', Reason: 'migrate cannot run: DAYBOOK_OWNER_URL is missing' },
    ])
  })
})

test.runIf(search !== null)(
  'users that are the roles themselves send nothing that RDS Proxy pins, and are planned for alike',
  async () => {
    for (const [pool, url] of [
      [readerPool, aws.variables.DAYBOOK_READER_URL],
      [projectorPool, aws.variables.DAYBOOK_PROJECTOR_URL],
      [readerPool, database.url],
    ] as const) {
      const connections = pool(url, { max: 1 })
      const { rows } = await connections.query(
        "SELECT current_setting('role') AS role, current_setting('plan_cache_mode') AS plans",
      )
      await connections.end()
      expect(rows).toEqual([{ role: url === database.url ? READER_ROLE : 'none', plans: 'force_custom_plan' }])
    }
  },
)

describe.runIf(search !== null)('what a command writes', () => {
  test('is projected, found, archived and relayed, and read by the token of its write', async () => {
    const command = calling(await functionOf('command-api'))
    const answer = await written(command)
    const order = {
      orderId: 'o-1',
      customerId: 'customer-7',
      currency: 'GBP',
      lines: [{ sku: 'lantern', quantity: 2, unitPrice: product.price }],
    }
    const ordered = await command('POST', '/v1/orders', { token: admin, body: order })
    expect(ordered).toMatchObject({ status: 201, headers: { 'x-correlation-id': expect.any(String) } })
    const batch = await stream()
    expect(JSON.stringify(batch)).not.toContain('customer-7')
    expect(await (await functionOf('project-views'))(batch)).toEqual(NONE_FAILED)
    expect(await (await functionOf('project-search'))(kinesisOf(batch))).toEqual(NONE_FAILED)
    expect(await (await functionOf('archive'))(kinesisOf(batch))).toEqual(NONE_FAILED)
    expect(await (await functionOf('relay'))(kinesisOf(batch))).toEqual(NONE_FAILED)
    const query = calling(await functionOf('query-api'))
    const token = (answer as { readonly consistencyToken: string }).consistencyToken
    const headers = { 'Consistency-Token': token }
    expect(await query('GET', '/v1/products/lantern', { token: admin, headers })).toMatchObject({
      status: 200,
      json: { name: product.name, version: 1 },
    })
    expect(await query('GET', '/v1/orders/o-1', { token: admin })).toMatchObject({ json: { customerId: 'customer-7' } })
    expect(await query('GET', '/v1/admin/projections', { token: admin })).toMatchObject({
      json: { projections: PROJECTION_NAMES.map((name) => ({ name, lagEvents: 0, lastError: null })) },
    })
    expect(await query('GET', '/v1/reports/sales?groupBy=month', { token: admin })).toMatchObject({
      json: { total: { gross: { amount: '6.78' } } },
    })
    const { objects } = aws.s3
    expect([...objects.keys()].filter((key) => key.startsWith('/trail/'))).not.toEqual([])
    expect(JSON.stringify(aws.busEntries)).toContain(tenant)
    expect(JSON.stringify(aws.busEntries)).not.toContain('customer-7')
  })

  test('is gone on with by processes, as far as flags let them', async () => {
    const invoiced = async () => {
      const work = await functionOf('process')
      return work({}, enough)
    }
    expect(await invoiced()).toMatchObject({ invoicing: { Done: 0 } })
    aws.appConfig.publish('{"automatic-invoicing":{"enabled":true,"since":"2020-01-01T00:00:00Z","afterHours":0}}')
    expect(await invoiced()).toMatchObject({ invoicing: { Done: 1, Refused: 0, Failed: 0 } })
    const events = JSON.stringify(await stream())
    expect(events).toContain('InvoiceIssued')
    expect(events).not.toContain('customer-7')
  })

  test('a second projection of the same batch changes nothing, and one without Postgres asks for it again', async () => {
    const batch = await stream()
    expect(await (await functionOf('project-views'))(batch)).toEqual(NONE_FAILED)
    const nowhere = { DAYBOOK_PROJECTOR_URL: 'postgresql://u:p@127.0.0.1:1/none' }
    for (const name of ['project-views', 'project-search'] as const) {
      const told = name === 'project-views' ? batch : kinesisOf(batch)
      const answer = await (await functionOf(name, nowhere))(told)
      expect(answer).toMatchObject({ batchItemFailures: [{ itemIdentifier: expect.any(String) }] })
    }
  })
})

describe.runIf(search !== null)('query-api', () => {
  test('says that it is ready, describes all of the API, and shows it', async () => {
    const query = calling(await functionOf('query-api'))
    expect((await query('GET', '/health/live')).status).toBe(200)
    expect(await query('GET', '/health/ready')).toMatchObject({ status: 200, json: { status: 'ready' } })
    const { json } = await query('GET', '/openapi.json')
    expect(Object.keys((json as { paths: object }).paths)).toEqual(
      expect.arrayContaining(['/v1/orders', '/v1/reports/sales', '/v1/subjects/{id}/erasure', '/v1/audit/exports']),
    )
    expect((await query('GET', '/docs')).text).toContain('docs/swagger-ui.css')
  })

  test('takes no token of others, and no command', async () => {
    const query = calling(await functionOf('query-api'))
    expect(await query('GET', '/v1/orders')).toMatchObject({ status: 401, json: { code: 'token_required' } })
    expect(await query('GET', '/v1/orders', { token: 'x.y.z' })).toMatchObject({
      status: 401,
      json: { code: 'invalid_token' },
    })
    expect((await query('POST', '/v1/products', { token: admin, body: product })).status).toBe(405)
  })

  test('asks for an export, which another function makes; it lies in the bucket and verifies', async () => {
    const query = calling(await functionOf('query-api'))
    const to = new Date(Date.now() - 10 * 60_000).toISOString()
    const begun = await query('POST', '/v1/audit/exports', { token: admin, body: { to } })
    expect(begun).toMatchObject({ status: 201, json: { status: 'running' } })
    const { headers, url, body } = aws.invocations.at(-1) ?? {}
    expect([headers?.['x-amz-invocation-type'], url?.pathname]).toEqual([
      'Event',
      '/2015-03-31/functions/export-trail/invocations',
    ])
    const make = await functionOf('export-trail')
    await make(JSON.parse(body?.toString('utf8') ?? ''), enough)
    const signed = aws.kms.asked.length
    await make(JSON.parse(body?.toString('utf8') ?? ''), enough)
    expect(aws.kms.asked).toHaveLength(signed)

    const again = calling(await functionOf('query-api'))
    const { json } = await again('GET', String(begun.headers['location']), { token: admin })
    const job = json as { status: string; files: { name: string; url: string }[]; manifestUrl: string }
    expect(job).toMatchObject({ status: 'done' })
    const dir = temporaryDir()
    for (const { name, url } of [...job.files, { name: 'manifest.json', url: job.manifestUrl }]) {
      const redirect = await again('GET', url, { token: admin })
      expect(redirect.status).toBe(303)
      const file = await fetch(String(redirect.headers['location']))
      await writeFile(join(dir, name), Buffer.from(await file.arrayBuffer()))
    }
    const kms = new KMSClient({ endpoint: aws.kms.url })
    const { PublicKey: key = new Uint8Array() } = await kms.send(new GetPublicKeyCommand({ KeyId: 'signing' }))
    const pem = `-----BEGIN PUBLIC KEY-----\n${Buffer.from(key).toString('base64')}\n-----END PUBLIC KEY-----\n`
    expect((await verifyExport(dir, pem)).findings).toEqual([])
    expect((await again('GET', `${begun.headers['location']}/files/passwords`, { token: admin })).status).toBe(404)
  })

  test('an export that cannot be made says why, and one for nobody is refused', async () => {
    const query = calling(await functionOf('query-api'))
    const body = { from: '2001-01-01', to: '2001-01-02' }
    const begun = await query('POST', '/v1/audit/exports', { token: admin, body })
    const make = await functionOf('export-trail')
    await make(JSON.parse(aws.invocations.at(-1)?.body.toString('utf8') ?? ''), enough)
    const again = calling(await functionOf('query-api'))
    expect(await again('GET', String(begun.headers['location']), { token: admin })).toMatchObject({
      json: { status: 'failed', reason: expect.stringContaining('before there was anything') },
    })
    await expect(make({ id: 'x' }, enough)).rejects.toThrow('this asks for no export')
  })
})

test.runIf(search !== null)(
  'subjects-api erases a person from store and views, and what a seal finds is sealed',
  async () => {
    const subjects = calling(await functionOf('subjects-api'))
    expect(await subjects('GET', '/v1/subjects/customer-7/export', { token: admin })).toMatchObject({ status: 200 })
    const erased = await subjects('POST', '/v1/subjects/customer-7/erasure', {
      token: admin,
      body: { reason: 'asked' },
    })
    expect(erased.status).toBe(200)
    const query = calling(await functionOf('query-api'))
    const { text } = await query('GET', '/v1/orders/o-1', { token: admin })
    expect(text).not.toContain('customer-7')
    await (await functionOf('seal'))({}, enough)
  },
)

test('pre-token puts tenant and groups into the access token', async () => {
  const preToken = await functionOf('pre-token')
  const event = (userAttributes: object, groupsToOverride?: ReadonlyArray<string>) => ({
    version: '2',
    request: { userAttributes, groupConfiguration: { groupsToOverride } },
    response: {},
  })
  const claims = (claimsToAddOrOverride: object) => ({
    response: { claimsAndScopeOverrideDetails: { accessTokenGeneration: { claimsToAddOrOverride } } },
  })
  expect(await preToken(event({ 'custom:tenant': 'acme' }, ['sales']))).toMatchObject(
    claims({ tenant: 'acme', roles: ['sales'] }),
  )
  expect(await preToken(event({}))).toMatchObject(claims({ roles: [] }))
})
