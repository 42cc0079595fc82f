import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { Hono } from 'hono'

const require = createRequire(import.meta.url)

const swaggerUi = (): string => dirname(require.resolve('swagger-ui-dist/package.json'))

/** The files of swagger-ui that the page loads; nothing else is served. All of them are text: API Gateway passes on nothing else. */
const ASSETS: ReadonlyMap<string, string> = new Map([
  ['swagger-ui.css', 'text/css; charset=utf-8'],
  ['swagger-ui-bundle.js', 'text/javascript; charset=utf-8'],
])

const PAGE = `<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Daybook API</title>
    <link rel="stylesheet" href="docs/swagger-ui.css">
    <link rel="icon" href="data:,">
  </head>
  <body>
    <div id="swagger-ui"></div>
    <script src="docs/swagger-ui-bundle.js"></script>
    <script src="docs/start.js"></script>
  </body>
</html>
`

const startScript = (openapiUrl: string): string =>
  `SwaggerUIBundle({ url: ${JSON.stringify(openapiUrl)}, dom_id: '#swagger-ui', deepLinking: true })\n`

/** Only what this server sends may run; swagger-ui draws with inline styles and data: images. */
const SECURITY = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'",
  'X-Content-Type-Options': 'nosniff',
}

/** Names of these files. */
export const DOCS_ASSETS: ReadonlyArray<string> = [...ASSETS.keys()]

const answer = (body: string | Uint8Array<ArrayBuffer>, contentType: string): Response =>
  new Response(body, { headers: { 'Content-Type': contentType, 'Cache-Control': 'max-age=3600', ...SECURITY } })

/**
 * `GET /docs`: a page to try the API, with all it needs under `/docs/`. Mount it at the root: `app.route('/', docsRoutes(…))`.
 * @param openapiUrl of the description, as the browser is to ask for it, seen from the page.
 * @param assets folder of the files that the page loads; without it, that of the package.
 */
export const docsRoutes = (openapiUrl: string, assets?: string): Hono => {
  const folder = assets ?? swaggerUi()
  const routes = new Hono()
  routes.get('/docs', () => answer(PAGE, 'text/html; charset=utf-8'))
  routes.get('/docs/start.js', () => answer(startScript(openapiUrl), 'text/javascript; charset=utf-8'))
  for (const [file, contentType] of ASSETS) {
    routes.get(`/docs/${file}`, async () => answer(new Uint8Array(await readFile(join(folder, file))), contentType))
  }
  return routes
}
