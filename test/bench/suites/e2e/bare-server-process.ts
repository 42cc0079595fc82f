import { createServer } from 'node:http'
import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { freePort } from '../../../../infra/local/engines/free-port.ts'
import { ownerPool } from '../../../../infra/postgres/pool.ts'
import { takeTasks } from '../../child.ts'

const Task = t.strict({ postgresUrl: t.string, queries: t.array(t.strict({ text: t.string, values: t.UnknownArray })) })

/** Answers every request with the rows of the same queries, as JSON, and does nothing else: the least that a server can do. */
takeTasks(async (input) => {
  const task = Task.decode(input)
  if (E.isLeft(task)) throw new TypeError('not a task of the bare server')
  const { postgresUrl, queries } = task.right
  const pool = ownerPool(postgresUrl, { max: 1 })
  const server = createServer(async (_, response) => {
    const answers: unknown[] = []
    for (const { text, values } of queries) answers.push((await pool.query(text, values)).rows)
    const body = Buffer.from(JSON.stringify(answers))
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': body.length }).end(body)
  })
  const port = await freePort()
  await new Promise<void>((listening) => server.listen(port, '127.0.0.1', listening))
  return { url: `http://127.0.0.1:${port}` }
})
