import type { AddressInfo } from 'node:net'
import { createServer, type Server, type Socket } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { migrate } from '../../../infra/postgres/migrate.ts'
import type { Projections } from '../../../read-api/projection-status.ts'
import { type Deployment, deployment } from '../../aws/deployment.ts'
import { standIn } from '../../aws/stand-in.ts'
import { dynamodbEndpoints, freshDatabase, freshName } from '../../engines/engines.ts'
import { calling, loaded, withoutLogs } from './loaded.ts'

const NOBODY = 'postgresql://daybook_reader:p@127.0.0.1:1/none'
const tenant = freshName('t')
const product = { name: 'Lantern', price: { amount: '3.39', currency: 'GBP' } }
const order = {
  customerId: 'customer-7',
  currency: 'GBP',
  lines: [{ sku: 'x', quantity: 1, unitPrice: product.price }],
}
const PROBLEM = { 'content-type': 'application/problem+json' }
const UNAVAILABLE = { status: 503, headers: { ...PROBLEM, 'retry-after': '1' }, json: { code: 'unavailable' } }

/** Takes connections and never answers, as a network that drops packets. */
const silence = async (): Promise<{ readonly server: Server; readonly port: number; readonly end: () => void }> => {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => sockets.add(socket))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const end = () => {
    for (const socket of sockets) socket.destroy()
    server.close()
  }
  return { server, port, end }
}

let database: Awaited<ReturnType<typeof freshDatabase>>
let aws: Deployment
let admin: string
beforeAll(async () => {
  withoutLogs()
  database = await freshDatabase()
  await migrate(database.url)
  aws = await deployment({ dynamodb: dynamodbEndpoints().dynoxide, postgres: database.url, opensearch: null })
  admin = await aws.tokenFor(tenant, 'admin')
})
afterEach(() => aws.kms.denied.clear())
afterAll(async () => {
  await aws.stop()
  await database.drop()
})

/** Postgres as its superuser, who may be any role. */
const api = async (name: 'command-api' | 'query-api', changes: NodeJS.ProcessEnv = {}) => {
  const roles = { DAYBOOK_READER_URL: database.url, DAYBOOK_PROJECTOR_URL: database.url }
  return calling(await loaded(name, aws.environmentOf(name, { ...(name === 'query-api' && roles), ...changes })))
}

const put = async (sku: string, changes: NodeJS.ProcessEnv = {}) => {
  const command = await api('command-api', changes)
  return command('POST', '/v1/products', { token: admin, body: { ...product, sku } })
}

describe('command-api', () => {
  test('is told of neither Postgres nor OpenSearch, and works', async () => {
    expect(
      Object.keys(aws.environmentOf('command-api')).filter(
        (name) => /_URL|OPENSEARCH/.test(name) && name.startsWith('DAYBOOK'),
      ),
    ).toEqual(['DAYBOOK_JWKS_URL'])
    expect((await put('one')).status).toBe(201)
  })

  test('tells when its event store is away', async () => {
    expect(await put('two', { AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:1' })).toMatchObject(UNAVAILABLE)
  })

  test('tells when nobody can verify tokens', async () => {
    expect(await put('three', { DAYBOOK_JWKS_URL: 'http://127.0.0.1:1/keys' })).toMatchObject(UNAVAILABLE)
  })

  test('that may not use the key of personal data refuses what is personal, tells nothing of it, and takes the rest', async () => {
    for (const operation of ['GenerateDataKey', 'Decrypt']) aws.kms.denied.add(operation)
    const command = await api('command-api')
    const refused = await command('POST', '/v1/orders', { token: admin, body: order })
    expect(refused).toMatchObject(UNAVAILABLE)
    expect(refused.text).not.toMatch(/kms|key|arn/i)
    expect((await command('POST', '/v1/products', { token: admin, body: { ...product, sku: 'four' } })).status).toBe(
      201,
    )
    aws.kms.denied.clear()
    expect((await command('POST', '/v1/orders', { token: admin, body: order })).status).toBe(201)
  })
})

describe('query-api', () => {
  const nowhere = { DAYBOOK_READER_URL: NOBODY, DAYBOOK_PROJECTOR_URL: NOBODY }

  test('without Postgres answers 503, names it, and still tells what is in the event store', async () => {
    await put('five')
    const query = await api('query-api', nowhere)
    expect(await query('GET', '/v1/orders', { token: admin })).toMatchObject(UNAVAILABLE)
    expect(await query('GET', '/v1/reports/sales?groupBy=day', { token: admin })).toMatchObject(UNAVAILABLE)
    expect(await query('GET', '/v1/products/five/history', { token: admin })).toMatchObject({ status: 200 })
    expect(await query('GET', '/health/ready')).toMatchObject({
      status: 503,
      headers: PROBLEM,
      json: { detail: 'Down: postgres, search' },
    })
    expect((await query('GET', '/health/live')).status).toBe(200)
  })

  test('with a Postgres that never answers gives up, too', async () => {
    const { port, end } = await silence()
    const url = `postgresql://daybook_reader:p@127.0.0.1:${port}/none`
    const query = await api('query-api', { DAYBOOK_READER_URL: url, DAYBOOK_PROJECTOR_URL: url })
    expect(await query('GET', '/v1/orders', { token: admin })).toMatchObject(UNAVAILABLE)
    end()
  })

  test('that Postgres does not let in answers 503, and names it', async () => {
    const stranger = new URL(database.url)
    stranger.password = 'wrong'
    const query = await api('query-api', { DAYBOOK_READER_URL: stranger.href })
    expect(await query('GET', '/v1/orders', { token: admin })).toMatchObject(UNAVAILABLE)
    expect(await query('GET', '/health/ready')).toMatchObject({ json: { detail: 'Down: postgres, search' } })
  })

  test('without OpenSearch answers 503 to searches alone, and names it', async () => {
    const query = await api('query-api')
    expect(await query('GET', '/v1/search/products?q=lantern', { token: admin })).toMatchObject(UNAVAILABLE)
    expect((await query('GET', '/v1/orders', { token: admin })).status).toBe(200)
    expect(await query('GET', '/health/ready')).toMatchObject({ json: { detail: 'Down: search' } })
  })

  test('with an OpenSearch that never answers gives up, too', async () => {
    const { port, end } = await silence()
    const query = await api('query-api', { DAYBOOK_OPENSEARCH_URL: `http://127.0.0.1:${port}` })
    expect(await query('GET', '/v1/search/products?q=lantern', { token: admin })).toMatchObject(UNAVAILABLE)
    end()
  })

  test('without the event store names it', async () => {
    const query = await api('query-api', { AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:1' })
    expect(await query('GET', '/health/ready')).toMatchObject({ json: { detail: 'Down: dynamodb, search' } })
  })

  test('that cannot have an export made says so', async () => {
    const query = await api('query-api', { AWS_ENDPOINT_URL_LAMBDA: 'http://127.0.0.1:1' })
    expect(await query('POST', '/v1/audit/exports', { token: admin, body: {} })).toMatchObject(UNAVAILABLE)
  })

  test('tells how far the projections are that it can ask, and of the other that nobody knows', async () => {
    await put('waiting')
    aws.s3.objects.set('/trail/archive/tenants.json', Buffer.from(JSON.stringify({ format: 1, tenants: [tenant] })))
    const query = await api('query-api')
    const { status, json } = await query('GET', '/v1/admin/projections', { token: admin })
    expect(status).toBe(200)
    const { projections }: Projections = Object(json)
    const told = new Map(projections.map((each) => [each.name, each]))
    expect(told.get('products')?.lagEvents).toBeGreaterThan(0)
    expect(told.get('products')?.lastError).toBeNull()
    expect(told.get('stock')).toMatchObject({ lagEvents: 0, lagEventsOrMore: false })
    expect(told.get('product-search')).toMatchObject({
      lagEventsOrMore: true,
      lastError: expect.stringContaining('ECONNREFUSED'),
    })
  })

  test.each([
    ['Postgres', { DAYBOOK_PROJECTOR_URL: NOBODY }],
    ['the event table', { AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:1' }],
    ['the trail', { AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:1' }],
  ])('without %s does not claim to know how far projections are', async (_, changes) => {
    aws.s3.objects.set('/trail/archive/tenants.json', Buffer.from(JSON.stringify({ format: 1, tenants: [tenant] })))
    const query = await api('query-api', changes)
    expect(await query('GET', '/v1/admin/projections', { token: admin })).toMatchObject(UNAVAILABLE)
  })

  test('signs what it asks a domain', async () => {
    const asked: unknown[] = []
    const domain = await standIn(({ headers }) => {
      asked.push(headers.authorization)
      return { status: 403, body: '{}' }
    })
    const query = await api('query-api', { DAYBOOK_OPENSEARCH_URL: domain.url, DAYBOOK_OPENSEARCH_AUTH: 'iam' })
    expect(await query('GET', '/v1/search/products?q=lantern', { token: admin })).toMatchObject(UNAVAILABLE)
    await domain.stop()
    expect(asked[0]).toMatch(
      /^AWS4-HMAC-SHA256 Credential=daybook\/\d{8}\/us-east-1\/es\/aws4_request, SignedHeaders=.*host.*, Signature=[0-9a-f]{64}$/,
    )
  })
})

describe('a function that is told too little', () => {
  test('does not run, and names every variable that is missing or wrong', async () => {
    const changes = { DAYBOOK_EVENT_TABLE: undefined, DAYBOOK_ISSUER: 'nobody', DAYBOOK_CLIENT_IDS: '' }
    const fault = await loaded('command-api', aws.environmentOf('command-api', changes)).catch(
      (error: unknown) => error,
    )
    const { message } = fault as Error
    expect(message).toMatch(/^command-api cannot run: /)
    expect(message).toContain('DAYBOOK_EVENT_TABLE is missing')
    expect(message).toContain('DAYBOOK_ISSUER must be a URL')
    expect(message).toContain('DAYBOOK_CLIENT_IDS must')
    expect(message).not.toContain('DAYBOOK_REQUEST_TABLE')
  })
})
