import { expect, test } from 'vitest'
import { docsRoutes } from '../../../infra/http/docs-page.ts'

const docs = docsRoutes('/openapi.json')

test('the page and everything that it loads are served from here, with their types', async () => {
  const page = await docs.request('/docs')
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8')
  const html = await page.text()
  const links = [...html.matchAll(/(?:href|src)="(?!data:)([^"]+)"/g)].map(([, link]) => link ?? '')
  const types: { [file: string]: string | null } = {}
  for (const link of links) {
    const asset = await docs.request(new URL(link, 'http://127.0.0.1/docs'))
    expect([link, asset.status]).toEqual([link, 200])
    expect((await asset.arrayBuffer()).byteLength).toBeGreaterThan(0)
    types[link] = asset.headers.get('content-type')
  }
  expect(types).toEqual({
    'docs/swagger-ui.css': 'text/css; charset=utf-8',
    'docs/swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
    'docs/start.js': 'text/javascript; charset=utf-8',
  })
})

test('the page shows the description that it was given', async () => {
  expect(await (await docs.request('/docs/start.js')).text()).toContain('url: "/openapi.json"')
})

test('the page may run nothing that comes from elsewhere', async () => {
  const policy = (await docs.request('/docs')).headers.get('content-security-policy')
  expect(policy).toContain("default-src 'none'")
  expect(policy).toContain("script-src 'self';")
})

test.each([
  '/docs/package.json',
  '/docs/../package.json',
  '/docs/..%2fpackage.json',
  '/docs/%2e%2e/package.json',
  '/docs/..%5cpackage.json',
  '/docs//etc/passwd',
  '/docs/swagger-ui.css/../../package.json',
  '/docs/index.html',
])('%s is not there', async (path) => {
  expect((await docs.request(`http://127.0.0.1${path}`)).status).toBe(404)
})
